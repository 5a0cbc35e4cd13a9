// A chart in its frame: legend with the values at the crosshair or now, words for screen readers, keys, empty states.
import { $, $$ } from "./dom.js";
import { element } from "./feeds.js";
import { TimeChart } from "./timechart.js";
import { momentText, readingText } from "./units.js";
import { word } from "./words.js";

const NOW_S = 60;
const WORDS_EVERY_MS = 10_000;
const STEPS = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10 };

export class ChartFigure {
  /** `lines`: [{name, label, token}]; `say` tells a screen reader something at once. */
  constructor(figure, { lines, specs, timeline, view, events, say, onPoint = () => {}, isFilled }) {
    Object.assign(this, { figure, timeline, view, say, specs, onPoint, at: null, wordsAt: 0 });
    this.lines = lines.map((line) => ({ ...line, spec: specs[line.spec ?? line.name] }));
    this.plot = $(".chart-plot", figure);
    this.none = element("p", "chart-none");
    this.chart = new TimeChart(this.plot, { lines: this.lines, timeline, view, events, isFilled });
    this.chart.addEventListener("point", ({ detail }) => this.#pointed(detail));
    timeline.addEventListener("data", () => this.#told());
    figure.addEventListener("keydown", (event) => this.#key(event));
  }

  /** From a figure of the server, whose legend names its series. */
  static ofPage(figure, parts) {
    const lines = $$("[data-series]", figure).map(({ dataset }) => ({ name: dataset.series, token: dataset.token }));
    return new ChartFigure(figure, { lines, ...parts });
  }

  destroy() {
    this.chart.destroy();
  }

  redraw() {
    this.chart.redraw();
  }

  #pointed(index) {
    this.at = index;
    this.#legend();
    this.onPoint(index === null ? null : this.timeline.times[index]);
  }

  #told() {
    const isEmpty = this.lines.every(({ name }) => this.timeline.values(name).every((value) => value === null));
    this.#empty(isEmpty);
    this.#legend();
    if (Date.now() - this.wordsAt > WORDS_EVERY_MS) this.#words();
  }

  #empty(isEmpty) {
    if (this.isEmpty === isEmpty) return;
    this.isEmpty = isEmpty;
    if (!isEmpty) {
      this.none.remove();
      return this.chart.draw();
    }
    this.chart.destroy();
    this.none.textContent = this.timeline.failure ?? word("Nothing was measured in this time.");
    this.plot.append(this.none);
  }

  #legend() {
    const { times, step } = this.timeline;
    // What ended longer ago is over, not "now".
    const since = (times.at(-1) ?? 0) - Math.max(NOW_S, 3 * step);
    const newest = (values) => values.findLast((value, index) => value !== null && times[index] >= since) ?? null;
    $$("[data-series]", this.figure).forEach((item, index) => {
      const { name, spec } = this.lines[index];
      const values = this.timeline.values(name);
      const value = this.at === null ? newest(values) : values[this.at] ?? null;
      const text = readingText(value, spec);
      const place = $("[data-now]", item);
      if (place.textContent !== text) place.textContent = text;
    });
  }

  #words() {
    this.wordsAt = Date.now();
    const parts = this.lines.map(({ name, label, spec }) => {
      const values = this.timeline.values(name).filter((value) => value !== null);
      if (!values.length) return word("{title}: nothing measured", { title: label ?? spec.title });
      const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
      return word("{title}: now {now}, least {low}, most {high}", { title: label ?? spec.title, now: readingText(values.at(-1), spec), low: readingText(low, spec), high: readingText(high, spec) });
    });
    $(".chart-plot + .sr", this.figure).textContent = `${parts.join("; ")}.`;
  }

  #key(event) {
    if (event.target !== this.figure || event.ctrlKey || event.metaKey || event.altKey) return;
    const { times } = this.timeline;
    const last = times.length - 1;
    const here = this.at ?? last;
    if (event.key in STEPS) this.#go(Math.min(Math.max(here + STEPS[event.key], 0), last));
    else if (event.key === "Home") this.#go(0);
    else if (event.key === "End") this.#go(last);
    else if (event.key === "+" || event.key === "=") this.view.zoomAround(times[here], 0.5);
    else if (event.key === "-") this.view.zoomAround(times[here], 2);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #go(index) {
    this.chart.point(index);
    const told = this.lines.map(({ name, label, spec }) => `${label ?? ""} ${readingText(this.timeline.values(name)[index], spec)}`.trim());
    this.say(`${momentText(this.timeline.times[index])}: ${told.join(", ")}`);
  }
}

/** A line of a legend that a script makes. */
export function legendItem({ name, label, token }) {
  const item = element("li");
  item.dataset.series = name;
  const value = element("b", "num", "–");
  value.dataset.now = "";
  if (label) item.append(element("i", `key ${token}`), element("span", "", label));
  item.append(value);
  return item;
}
