// A part of a page that the server renders again: put in place when it changed, with what is open and focused kept.
import { call, fragment } from "./api.js";
import { $, $$, showMessage } from "./dom.js";
import { momentText, span } from "./units.js";
import { word } from "./words.js";

/** Times as the reader's clock has them. */
export function tellTimes(root = document) {
  for (const time of $$("time[data-local]", root)) time.textContent = momentText(Date.parse(time.dateTime) / 1_000, 60);
  for (const time of $$("time[data-ago]", root)) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1_000;
    time.title ||= time.textContent;
    time.textContent = seconds < 60 ? word("just now") : word("{span} ago", { span: span(seconds - (seconds % 60)) });
  }
}

export class SectionPart {
  /** `box` has its address in data-part; `onShown` is called when it was put in place. */
  constructor(box, everyMs, onShown = () => {}) {
    Object.assign(this, { box, onShown, text: null });
    setInterval(() => !document.hidden && this.refresh(), everyMs);
    tellTimes();
  }

  async refresh() {
    // Nobody's typing is taken away.
    if (this.box.contains(document.activeElement) && document.activeElement.matches("input, select")) return;
    const text = await fragment(`${location.pathname}${this.box.dataset.part}`);
    if (text === null || text === this.text) return tellTimes(this.box);
    this.text = text;
    const open = new Set($$("details[open]", this.box).map(({ dataset }) => dataset.keep));
    const focused = keyOf(document.activeElement);
    // Our own server's page, escaped there.
    this.box.innerHTML = text;
    for (const details of $$("details[data-keep]", this.box)) details.open = open.has(details.dataset.keep);
    if (focused) $$("button", this.box).find((button) => keyOf(button) === focused)?.focus();
    tellTimes(this.box);
    this.onShown();
  }
}

function keyOf(element) {
  return element?.matches?.("button") ? JSON.stringify({ ...element.dataset }) : "";
}

/** Buttons with data-switch post there and show the page as it is then. */
export function listenToSwitches(part = null) {
  document.addEventListener("click", async ({ target }) => {
    const path = target.closest("[data-switch]")?.dataset.switch;
    if (!path) return;
    target.disabled = true;
    const answer = await call("POST", path, { body: {} });
    if (!answer.ok) {
      target.disabled = false;
      return showMessage(answer.body.detail, "error");
    }
    if (part) part.refresh();
    else location.reload();
  });
}
