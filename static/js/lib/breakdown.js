// Who it is: the same measures by process or by route, as a table and as lines over the shared time.
import { ChartFigure } from "./chart_figure.js";
import { $, $$ } from "./dom.js";
import { element } from "./feeds.js";
import * as metrics from "./metrics.js";
import { Timeline } from "./timeline.js";
import { readingText } from "./units.js";

const LINES_MAX = 6;
const EVERY_MS = 15_000;

/** Several dimensions of one series as if they were several series; the charts know no difference. */
class Side extends EventTarget {
  constructor(view, series, dimensions) {
    super();
    this.parts = dimensions.map((dimension) => new Timeline(view, [series], dimension));
    Object.assign(this, { series, dimensions, times: [], columns: new Map(), step: 10, failure: null });
  }

  get isEmpty() {
    return this.times.length === 0;
  }

  values(name) {
    return this.columns.get(name)?.values ?? [];
  }

  async load() {
    await Promise.all(this.parts.map((part) => part.load()));
    // Parts end where something was stored last; the longest axis holds them all.
    this.times = this.parts.reduce((longest, { times }) => (times.length > longest.length ? times : longest), []);
    this.step = this.parts[0]?.step ?? 10;
    this.failure = this.parts.find(({ failure }) => failure)?.failure ?? null;
    this.parts.forEach((part, index) => {
      const { values = [], ghost = null } = part.columns.get(this.series) ?? {};
      const missing = new Array(Math.max(0, this.times.length - values.length)).fill(null);
      this.columns.set(this.dimensions[index], { values: [...values, ...missing], ghost });
    });
    this.dispatchEvent(new Event("data"));
  }
}

export class Breakdown {
  constructor(page) {
    Object.assign(this, { page, by: "process", rows: [] });
    this.select = $("#breakdown-series");
    this.fresh = $("#breakdown-chart").cloneNode(true);
    $("#breakdown-by").addEventListener("click", ({ target }) => target.dataset.by && this.setBy(target.dataset.by));
    this.select.addEventListener("change", () => this.#chart());
    page.view.addEventListener("change", () => { this.read(); this.side?.load(); });
    setInterval(() => !document.hidden && page.view.isLive && this.read(), EVERY_MS);
    this.setBy("process");
  }

  setBy(by) {
    this.by = by;
    for (const button of $$("[data-by]")) button.setAttribute("aria-pressed", String(button.dataset.by === by));
    const { specs } = this.page;
    this.select.replaceChildren(...this.page.by[by].map((name) => new Option(specs[name].title, name)));
    this.key = null;
    this.read();
  }

  async read() {
    const answer = await metrics.breakdown(this.by, this.page.view.range);
    if (!answer.ok) return $("#breakdown-table").replaceChildren(element("p", "feed-none", answer.body.detail));
    this.rows = answer.body.rows;
    this.#table();
    const key = [this.by, ...this.rows.slice(0, LINES_MAX).map(({ dimension }) => dimension)].join();
    if (key !== this.key) this.#chart();
    else this.side?.load();
    this.key = key;
  }

  #table() {
    const { specs, by } = this.page;
    if (!this.rows.length) {
      const what = this.by === "route" ? "No request was answered in this time." : "No process measured itself in this time.";
      return $("#breakdown-table").replaceChildren(element("p", "feed-none", what));
    }
    const table = element("table", "table");
    const head = element("tr");
    head.append(element("th", "", this.by === "route" ? "Route" : "Process"));
    for (const name of by[this.by]) head.append(element("th", "r", specs[name].title));
    table.createTHead().append(head);
    const body = table.createTBody();
    this.rows.forEach((row, index) => {
      const line = element("tr");
      const title = element("td");
      title.append(element("i", index < LINES_MAX ? `key series-${index + 1}` : "key"), row.key);
      line.append(title, ...by[this.by].map((name) => element("td", "r", readingText(row.values[name] ?? null, specs[name]))));
      body.append(line);
    });
    $("#breakdown-table").replaceChildren(table);
  }

  #chart() {
    const { specs, view } = this.page;
    const series = this.select.value;
    const shown = this.rows.slice(0, LINES_MAX);
    const figure = this.fresh.cloneNode(true);
    $("#breakdown-chart").replaceWith(figure);
    $("#breakdown-what").textContent = specs[series].title;
    this.side = new Side(view, series, shown.map(({ dimension }) => dimension));
    const lines = shown.map(({ key, dimension }, index) => ({ name: dimension, label: key, token: `series-${index + 1}`, spec: series }));
    $(".chart-legend", figure).replaceChildren(...lines.map(legendItem));
    this.figure = new ChartFigure(figure, { ...this.page.parts(), lines, timeline: this.side, isFilled: false });
    this.side.load();
  }
}

export function legendItem({ name, label, token }) {
  const item = element("li");
  item.dataset.series = name;
  const value = element("b", "num", "–");
  value.dataset.now = "";
  item.append(element("i", `key ${token}`), element("span", "", label), value);
  return item;
}
