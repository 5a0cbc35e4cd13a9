// One panel of a dashboard of one's own: lines, an area, a number or a table.
import { ChartFigure, legendItem } from "./chart_figure.js";
import { $ } from "./dom.js";
import { element } from "./feeds.js";
import { breakdown, spanOf } from "./metrics.js";
import { SideBySide } from "./side_by_side.js";
import { drawSpark, thinned } from "./spark.js";
import { showTable } from "./summary_table.js";
import { Timeline } from "./timeline.js";
import { reading } from "./units.js";
import { word } from "./words.js";

const DIMENSIONS_MAX = 6;

const BYS = { process: word("by process"), route: word("by route") };

export function titleOf(panel, specs) {
  return panel.title || panel.series.map((name) => specs[name].title).join(", ") + (panel.by ? ` ${BYS[panel.by]}` : "");
}

/** Makes what `page` (an Operations) needs to show `panel`; `timeline` holds the series of the whole site. */
export class OwnPanel {
  constructor(panel, page, timeline) {
    Object.assign(this, { panel, page, site: timeline });
    this.box = element("div", "own-panel");
    this.show(panel);
  }

  /** Show it in another way; the element stays. */
  async show(panel) {
    this.panel = panel;
    this.box.dataset.width = panel.width;
    const timeline = await this.#timeline();
    if (this.panel !== panel) return;
    this.source = timeline;
    this.figure?.destroy();
    this.figure = null;
    this.body?.remove();
    const make = { number: () => this.#number(timeline), table: () => this.#table(timeline) };
    this.body = (make[panel.kind] ?? (() => this.#chart(timeline)))();
    this.box.append(this.body);
    if (timeline !== this.site) timeline.load();
    else if (!timeline.isEmpty) timeline.dispatchEvent(new Event("data"));
  }

  /** Read again what isn't part of the site's own timeline. */
  reload() {
    if (this.source && this.source !== this.site) this.source.load();
  }

  remove() {
    this.figure?.destroy();
    this.box.remove();
  }

  async #timeline() {
    const { by, dimension, series } = this.panel;
    if (dimension) return new Timeline(this.page.view, series, dimension);
    if (!by) return this.site;
    const answer = await breakdown(by, spanOf(this.page.view));
    const rows = answer.ok ? answer.body.rows.slice(0, DIMENSIONS_MAX) : [];
    this.rows = rows;
    return new SideBySide(this.page.view, series[0], by, rows.map((row) => row.dimension));
  }

  get #lines() {
    const { by, series } = this.panel;
    if (by) {
      return this.rows.map(({ key, dimension }, index) => ({ name: dimension, label: key, spec: series[0], token: `series-${index + 1}` }));
    }
    const labelOf = (name) => (series.length > 1 ? this.page.specs[name].title : "");
    return series.map((name, index) => ({ name, label: labelOf(name), token: `series-${index + 1}` }));
  }

  #chart(timeline) {
    const figure = $("#chart-template").content.firstElementChild.cloneNode(true);
    const { specs } = this.page;
    const title = titleOf(this.panel, specs);
    figure.setAttribute("aria-label", title);
    $("h3", figure).textContent = title;
    const { help } = specs[this.panel.series[0]];
    Object.assign($(".hint", figure), { ariaLabel: word("What is {title}? {help}", { title, help }) }).dataset.tip = help;
    const lines = this.#lines;
    $(".chart-legend", figure).replaceChildren(...lines.map(legendItem));
    if (!lines.length) $(".chart-plot", figure).textContent = word("Nothing was measured in this time.");
    else this.figure = new ChartFigure(figure, { ...this.page.parts(), lines, timeline, isFilled: this.panel.kind === "area" });
    return figure;
  }

  #number(timeline) {
    const box = element("div", "chart own-number");
    box.append(element("h3", "", titleOf(this.panel, this.page.specs)));
    const rows = this.#lines.map((line) => {
      const row = element("div", "own-number-row");
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("class", "metric-spark");
      svg.setAttribute("aria-hidden", "true");
      row.append(element("p", "metric-value num"), element("p", "metric-trend", line.label), svg);
      return { row, svg, spec: this.page.specs[line.spec ?? line.name], name: line.name };
    });
    box.append(...rows.map(({ row }) => row));
    timeline.addEventListener("data", () => rows.forEach(({ row, svg, spec, name }) => {
      const values = timeline.values(name);
      const { number, unit } = reading(values.findLast((value) => value !== null) ?? null, spec);
      const small = element("span", "metric-unit", unit);
      $(".metric-value", row).replaceChildren(number, " ", small);
      drawSpark(svg, thinned(values), spec);
    }));
    return box;
  }

  #table(timeline) {
    const box = element("div", "chart own-rows");
    const inside = element("div");
    box.append(element("h3", "", titleOf(this.panel, this.page.specs)), inside);
    const specs = Object.fromEntries(this.#lines.map(({ name, label, spec }) => [name, { ...this.page.specs[spec ?? name], ...(label ? { title: label } : {}) }]));
    timeline.addEventListener("data", () => showTable(inside, timeline, Object.keys(specs), specs));
    return box;
  }
}
