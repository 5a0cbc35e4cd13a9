// Older comments in place instead of on a page of their own; the link works without this.
import { fragment } from "./api.js";

export function loadOlderInPlace(list) {
  list?.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-more-comments]");
    if (!link) return;
    event.preventDefault();
    const html = await fragment(link.getAttribute("href"));
    if (html === null) location.assign(link.href);
    else link.outerHTML = html;
  });
}
