// The cards at the head of a page: number, trend in arrow and word, and a line of the shown time.
import { $, $$ } from "./dom.js";
import { drawSpark, thinned } from "./spark.js";
import { pastWord } from "./states.js";
import { ARROWS, WAY_WORDS, trend } from "./trend.js";
import { reading } from "./units.js";
import { word } from "./words.js";

export class MetricCards {
  constructor(specs, timeline) {
    Object.assign(this, { specs, timeline, cards: $$("[data-metric]"), told: new Map() });
    timeline.addEventListener("data", () => this.drawLines());
  }

  /** `told`: series -> text that replaces the trend of the shown time. */
  setTrends(told) {
    this.told = told;
    this.drawLines();
  }

  show(values, past) {
    for (const card of this.cards) {
      const name = card.dataset.metric;
      const spec = this.specs[name];
      const value = values[name] ?? null;
      const { number, unit } = reading(value, spec);
      put($("[data-number]", card), number);
      put($("[data-unit]", card), unit);
      const state = value === null ? "unknown" : past[name] ?? "good";
      card.dataset.state = state;
      put($("[data-word]", card), state in { warning: 1, critical: 1 } ? pastWord(spec) : "");
    }
  }

  drawLines() {
    for (const card of this.cards) {
      const name = card.dataset.metric;
      const values = thinned(this.timeline.values(name));
      const way = trend(values, this.specs[name].unit);
      const words = way === "unknown" ? (values.length ? "\u00a0" : word("not measured")) : `${ARROWS[way]} ${WAY_WORDS[way]}`;
      put($("[data-trend]", card), this.told.get(name) ?? words);
      drawSpark($(".metric-spark", card), values, this.specs[name]);
    }
  }
}

function put(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
