// Who it is: the same measures by process or by route, as a table and as lines over the shared time.
import { ChartFigure, legendItem } from "./chart_figure.js";
import { $, $$ } from "./dom.js";
import { element } from "./feeds.js";
import * as metrics from "./metrics.js";
import { SideBySide } from "./side_by_side.js";
import { readingText } from "./units.js";
import { word } from "./words.js";

const LINES_MAX = 6;
const ROWS_MAX = 12;
const EVERY_MS = 15_000;

export class Breakdown {
  constructor(page) {
    Object.assign(this, { page, by: "process", rows: [] });
    this.select = $("#breakdown-series");
    this.fresh = $("#breakdown-chart").cloneNode(true);
    $("#breakdown-by").addEventListener("click", ({ target }) => target.dataset.by && this.setBy(target.dataset.by));
    this.select.addEventListener("change", () => this.#chart());
    page.view.addEventListener("change", () => this.read());
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
    const answer = await metrics.breakdown(this.by, metrics.spanOf(this.page.view));
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
      const what = this.by === "route" ? word("No request was answered in this time.") : word("No process measured itself in this time.");
      return $("#breakdown-table").replaceChildren(element("p", "feed-none", what));
    }
    const table = element("table", "table");
    const head = element("tr");
    head.append(element("th", "", this.by === "route" ? word("Route") : word("Process")));
    for (const name of by[this.by]) head.append(element("th", "r", specs[name].title));
    table.createTHead().append(head);
    const body = table.createTBody();
    this.rows.slice(0, this.isWhole ? undefined : ROWS_MAX).forEach((row, index) => {
      const line = element("tr");
      const title = element("td");
      title.append(element("i", index < LINES_MAX ? `key series-${index + 1}` : "key"), row.key);
      line.append(title, ...by[this.by].map((name) => element("td", "r", readingText(row.values[name] ?? null, specs[name]))));
      body.append(line);
    });
    $("#breakdown-table").replaceChildren(table, ...this.#more());
  }

  #more() {
    if (this.isWhole || this.rows.length <= ROWS_MAX) return [];
    const button = element("button", "button small quiet", word("Show all {number}", { number: this.rows.length }));
    button.type = "button";
    button.addEventListener("click", () => {
      this.isWhole = true;
      this.#table();
    });
    return [button];
  }

  #chart() {
    const { specs, view } = this.page;
    const series = this.select.value;
    const shown = this.rows.slice(0, LINES_MAX);
    const figure = this.fresh.cloneNode(true);
    $("#breakdown-chart").replaceWith(figure);
    $("#breakdown-what").textContent = specs[series].title;
    this.side = new SideBySide(view, series, this.by, shown.map(({ dimension }) => dimension));
    const lines = shown.map(({ key, dimension }, index) => ({ name: dimension, label: key, token: `series-${index + 1}`, spec: series }));
    $(".chart-legend", figure).replaceChildren(...lines.map(legendItem));
    this.figure = new ChartFigure(figure, { ...this.page.parts(), lines, timeline: this.side, isFilled: false });
    this.side.load();
  }
}
