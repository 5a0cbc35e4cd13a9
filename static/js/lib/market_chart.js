// The price history of a market page. Its library is the largest file of all, so it comes when the page can be read and
// used; until then, and if it can't be had, the line that the server drew stays.
import { $, $$ } from "./dom.js";

const WAIT_MS = 1_500;

/** Resolves when the browser has nothing better to do. */
function idle() {
  return new Promise((resolve) => {
    if (window.requestIdleCallback) requestIdleCallback(resolve, { timeout: WAIT_MS });
    else setTimeout(resolve, 200);
  });
}

export class MarketChart {
  /** `outcomes` are those of `PriceChart`, with their prices of now; the first range shown is `range`. */
  constructor(market, outcomes, range) {
    this.market = market;
    this.outcomes = outcomes;
    this.#pick(range);
    $("#ranges").hidden = false;
    $("#ranges").addEventListener("click", (event) => event.target.dataset.range && this.#pick(event.target.dataset.range));
    this.#load();
  }

  /** New prices now; one that comes before the chart is in `outcomes` already. */
  push(prices) {
    this.chart?.push(prices);
  }

  #pick(range) {
    this.range = range;
    for (const button of $$("#ranges button")) button.setAttribute("aria-pressed", String(button.dataset.range === range));
    this.chart?.show(range);
  }

  async #load() {
    await idle();
    const modules = ["./chart.js", "./chart_legend.js", "./market_marks.js"].map((name) => import(name));
    const loaded = await Promise.all(modules).catch(() => null);
    if (!loaded) return;
    const [{ PriceChart, colour }, { startLegend }, { Marks, readMarks }] = loaded;
    this.chart = new PriceChart($("#chart"), this.market, this.outcomes);
    const legend = $("#legend");
    if (legend) startLegend(legend, this.chart, this.outcomes, legend.dataset);
    this.chart.show(this.range);
    const place = $("#chart-marks");
    const marks = await readMarks(place.dataset.marks.split(" "), this.market.outcomes);
    if (marks.length) this.chart.mark(new Marks(this.chart, place, marks, colour));
  }
}
