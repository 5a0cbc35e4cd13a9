// Putting an announcement away without loading the page again; without scripts its button is a plain form.
import { $$ } from "./dom.js";

export function startAnnouncements() {
  for (const bar of $$("[data-announcement]")) {
    const form = bar.querySelector("form");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      bar.hidden = true;
      const headers = { "X-Requested-With": "fetch" };
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
        bar.hidden = answer.ok;
      } catch {
        bar.hidden = false;
      }
    });
  }
}
