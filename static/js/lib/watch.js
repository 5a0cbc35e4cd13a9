// The watch button of a market: the server says whether it is watched, and the button changes in place.
import { fragment } from "./api.js";
import { $ } from "./dom.js";

export async function startWatch() {
  const place = $("[data-watch]");
  if (!place) return;
  const path = place.getAttribute("href");
  const html = await fragment(path);
  if (html === null) return;
  const holder = document.createElement("span");
  holder.className = "watch-place";
  holder.innerHTML = html;
  place.replaceWith(holder);
  holder.addEventListener("submit", (event) => send(event, holder));
}

async function send(event, holder) {
  event.preventDefault();
  const form = event.target;
  const button = $("button", form);
  button.disabled = true;
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      credentials: "same-origin",
      headers: { "X-Requested-With": "fetch" },
    });
    if (response.ok) holder.innerHTML = await response.text();
    $("button", holder)?.focus();
  } catch {
    // Offline: the button stays as it was.
  }
  const now = $("button", holder);
  if (now) now.disabled = false;
}
