// The panels of a dashboard on the page, over the shared time and live.
import { $ } from "./dom.js";
import { element } from "./feeds.js";
import { OwnPanel } from "./own_panel.js";
import { Timeline } from "./timeline.js";
import { word } from "./words.js";

const STORED_EVERY_MS = 30_000;

export class OwnBoard {
  constructor(page) {
    Object.assign(this, { page, grid: $("#own-grid"), panels: [], shown: [] });
    this.timeline = new Timeline(page.view, []);
    page.live.addEventListener("frame", ({ detail }) => this.timeline.push(detail.seq, detail.values));
    page.live.addEventListener("hole", () => this.timeline.forget());
    page.view.addEventListener("change", () => this.reload());
    setInterval(() => page.view.isLive && !document.hidden && this.reload(), STORED_EVERY_MS);
  }

  boxOf(index) {
    return this.shown[index]?.box ?? null;
  }

  indexOf(box) {
    return this.shown.findIndex((shown) => shown.box === box);
  }

  reload() {
    if (!this.panels.length) return;
    this.timeline.load();
    this.shown.forEach((shown) => shown.reload());
  }

  /** Show these panels; what is there already is kept and moved. */
  apply(panels) {
    const kept = new Map(this.shown.map((shown) => [shown.panel, shown]));
    const before = new Map(this.panels.map((panel, index) => [panel, index]));
    this.#measure(panels);
    const taken = new Set();
    this.shown = panels.map((panel, index) => {
      const same = kept.get(panel) ?? this.#alike(panel, index, panels, before);
      if (!same || taken.has(same)) return new OwnPanel(panel, this.page, this.timeline);
      taken.add(same);
      if (same.panel !== panel) retouch(same, panel);
      return same;
    });
    for (const shown of kept.values()) if (!taken.has(shown)) shown.remove();
    this.panels = panels;
    this.grid.replaceChildren(...this.shown.map(({ box }) => box));
    if (!panels.length) this.grid.append(element("p", "own-none", word("No panel yet. Choose a measure above and press Add.")));
  }

  /** The panel that stood here and was changed in place. */
  #alike(panel, index, panels, before) {
    const old = this.panels[index];
    return panels.length === this.panels.length && old && before.has(old) && !panels.includes(old) ? this.shown[index] : null;
  }

  #measure(panels) {
    const names = [...new Set(panels.filter(({ by, dimension }) => !by && !dimension).flatMap(({ series }) => series))];
    const isNew = names.some((name) => !this.timeline.names.includes(name));
    this.timeline.names = names;
    if (isNew) this.timeline.load();
  }
}

/** A width needs no new chart; everything else does. */
function retouch(shown, panel) {
  const { width: _, ...was } = shown.panel;
  const { width: __, ...is } = panel;
  if (JSON.stringify(was) !== JSON.stringify(is)) return shown.show(panel);
  shown.panel = panel;
  shown.box.dataset.width = panel.width;
}
