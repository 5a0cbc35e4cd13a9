// Copy buttons: they appear only where the browser can copy.
import { word } from "../lib/words.js";
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const words = button.textContent;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = word("Copied");
    setTimeout(() => {
      button.textContent = words;
    }, 2000);
  });
}
