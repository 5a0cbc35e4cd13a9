// Fragments put in place without taking the focus away from whoever works with the keyboard.
import { $ } from "./dom.js";

const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
const stops = (root) => [...root.querySelectorAll(FOCUSABLE)].filter((stop) => !stop.disabled);

/** What brings the focus back into `selector` after a change: to the same place, else to the nearest one. */
function held(selector) {
  const root = $(selector);
  const active = document.activeElement;
  if (!root?.contains(active)) return () => {};
  const row = active.closest("[id]");
  const part = row && root.contains(row) && row !== root ? row : null;
  const within = part ? stops(part).indexOf(active) : -1;
  const index = stops(root).indexOf(active);
  return () => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const fresh = $(selector);
    const same = part && document.getElementById(part.id);
    const all = fresh ? stops(fresh) : [];
    const target = (same && stops(same)[within]) ?? all[Math.min(Math.max(index, 0), all.length - 1)];
    (target ?? $("#content")).focus({ preventScroll: Boolean(target) });
  };
}

/** The fragment becomes what `selector` holds. */
export function fill(selector, html) {
  const restore = held(selector);
  $(selector).innerHTML = html;
  restore();
}

/** `fresh` takes the place of what `selector` finds. */
export function replace(selector, fresh) {
  const restore = held(selector);
  $(selector).replaceWith(fresh);
  restore();
}

/** Whether this form is sent for the first time; a button that is switched off would lose the focus. */
export function isFirstSend(form) {
  if (form.dataset.sent) return false;
  form.dataset.sent = "1";
  return true;
}
