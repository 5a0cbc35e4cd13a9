// Comments in place: older ones below instead of on a page of their own, reactions without a reload.
// Both work without this.
import { fragment } from "./api.js";

export function readCommentsInPlace(list) {
  list?.addEventListener("click", loadOlder);
  list?.addEventListener("submit", react);
}

async function loadOlder(event) {
  const link = event.target.closest("[data-more-comments]");
  if (!link) return;
  event.preventDefault();
  const html = await fragment(link.getAttribute("href"));
  if (html === null) location.assign(link.href);
  else link.outerHTML = html;
}

async function react(event) {
  const form = event.target.closest("[data-react]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const { name, value } = event.submitter;
  const body = new FormData(form);
  body.set(name, value);
  let html = null;
  try {
    const response = await fetch(form.action, {
      method: "POST", body, credentials: "same-origin", headers: { "X-Requested-With": "fetch" },
    });
    if (response.ok && !response.redirected) html = await response.text();
  } catch {
    // Offline: the buttons stay as they were.
  }
  if (html === null) return;
  const holder = document.createElement("div");
  holder.innerHTML = html;
  const next = holder.firstElementChild;
  form.replaceWith(next);
  next.querySelector(`[value="${value}"]`)?.focus();
}
