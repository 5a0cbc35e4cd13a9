// The bar that steers the shared time: range, comparison, back to now, charts or table; and what is shown, in words.
import { $, $$ } from "./dom.js";
import { RANGES } from "./time_window.js";
import { momentText, span } from "./units.js";
import { word } from "./words.js";

const NOW = word("now");

export class RangeBar {
  constructor(view, timeline, { onView }) {
    Object.assign(this, { view, timeline, onView, pointedAt: null });
    $("#ops-ranges").addEventListener("click", ({ target }) => target.dataset.range && view.setRange(target.dataset.range));
    $("#ops-compare").addEventListener("click", () => view.setCompared(!view.isCompared));
    $("#ops-reset").addEventListener("click", () => view.reset());
    $("#ops-view").addEventListener("click", ({ target }) => target.dataset.view && this.setView(target.dataset.view));
    view.addEventListener("change", () => this.show());
    timeline.addEventListener("data", () => this.words());
    document.addEventListener("keydown", (event) => this.#key(event));
    this.show();
  }

  show() {
    const { view } = this;
    for (const button of $$("[data-range]")) {
      button.setAttribute("aria-pressed", String(view.isLive && button.dataset.range === view.range));
    }
    $("#ops-compare").setAttribute("aria-pressed", String(view.isCompared));
    $("#ops-reset").hidden = view.isLive;
    this.words();
  }

  /** The crosshair's moment, or null when it left. */
  pointed(time) {
    this.pointedAt = time;
    this.words();
  }

  words() {
    const [from, to] = this.view.bounds();
    const { step } = this.timeline;
    const text = this.pointedAt !== null && this.pointedAt !== undefined
      ? word("at {time}", { time: momentText(this.pointedAt, step) })
      : word("{from} – {to} · a point each {span}", { from: momentText(from, 60), to: this.view.isLive ? NOW : momentText(to, this.view.width < 600 ? 1 : 60), span: span(step) });
    $("#ops-window").textContent = text;
  }

  setView(name) {
    this.shown = name;
    for (const button of $$("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === name));
    this.onView(name);
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
    const range = Object.keys(RANGES)[Number(event.key) - 1];
    if (range) this.view.setRange(range);
    else if (event.key === "c") this.view.setCompared(!this.view.isCompared);
    else if (event.key === "t") this.setView(this.shown === "table" ? "charts" : "table");
    else if (event.key === "w") toggleWall();
    else if (event.key === "Escape") this.view.reset();
  }
}

export function toggleWall() {
  const address = new URL(location.href);
  if (address.searchParams.get("wall") === "1") address.searchParams.delete("wall");
  else address.searchParams.set("wall", "1");
  location.assign(address);
}
