// The price history of a market, drawn by TradingView Lightweight Charts from the candles of the API.
import { AreaSeries, LineSeries, createChart } from "../../vendor/lightweight-charts-5.2.1/lightweight-charts.mjs";
import { call } from "./api.js";
import { percent } from "./format.js";
import { momentText, tickText } from "./moments.js";

const HOUR = 3_600;
const DAY = 86_400;
const POINTS = 240;
const CANDLES = 1_000;
/** The least height of the scale: below it every line of the grid would be named the same. */
const SPAN_MIN = 0.06;
/** As many as there are colours that can be told apart. */
export const LINES_MAX = 6;
/** Width in seconds and the candles that are fine enough for it. */
const RANGES = {
  "1h": [HOUR, "1m"],
  "6h": [6 * HOUR, "1m"],
  "1d": [DAY, "1m"],
  "1w": [7 * DAY, "1h"],
  "1m": [30 * DAY, "1h"],
  all: [null, "1d"],
};

const probe = document.createElement("i");
probe.hidden = true;
document.body.append(probe);

/** What a colour token is now, as the canvas needs it. */
export function colour(token) {
  probe.style.color = `var(--${token})`;
  return getComputedStyle(probe).color;
}

export class PriceChart {
  /** `outcomes` are {slug, name, price}, the likeliest first if there are many. */
  constructor(box, market, outcomes) {
    this.market = market;
    this.lines = [];
    this.plot = document.createElement("div");
    this.plot.className = "plot";
    box.append(this.plot);
    this.chart = createChart(this.plot, {
      autoSize: true,
      handleScroll: false,
      handleScale: false,
      layout: { attributionLogo: false, background: { color: "transparent" }, fontSize: 12 },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.08 } },
      timeScale: { borderVisible: false, timeVisible: true, fixLeftEdge: true, fixRightEdge: true, tickMarkFormatter: tickText },
      localization: { priceFormatter: percent, timeFormatter: (time) => momentText(time, 60) },
      crosshair: { horzLine: { labelVisible: true } },
    });
    for (const outcome of outcomes.slice(0, market.is_binary ? 1 : LINES_MAX)) this.#add(outcome);
    this.paint();
    document.addEventListener("themechange", () => this.paint());
  }

  /** Draw a line for an outcome, in the first colour that is free. */
  #add(outcome) {
    const taken = this.lines.map((line) => line.slot);
    const slot = [1, 2, 3, 4, 5, 6].find((number) => !taken.includes(number));
    const series = this.chart.addSeries(this.market.is_binary ? AreaSeries : LineSeries, {
      lineWidth: 2,
      priceLineVisible: false,
      lastValueVisible: this.market.is_binary,
      priceFormat: { type: "custom", formatter: percent, minMove: 0.0001 },
      autoscaleInfoProvider: widened,
    });
    this.lines.push({ outcome, series, slot });
  }

  /** The number of an outcome's colour, or undefined while it isn't drawn. */
  slotOf(slug) {
    return this.lines.find((line) => line.outcome.slug === slug)?.slot;
  }

  /** Show or hide an outcome's line. */
  async toggle(outcome) {
    const at = this.lines.findIndex((line) => line.outcome.slug === outcome.slug);
    if (at < 0) {
      if (this.lines.length >= LINES_MAX) return;
      this.#add(outcome);
      this.paint();
      if (this.range) await this.show(this.range);
    } else {
      this.marks?.forget(this.lines[at].series);
      this.chart.removeSeries(this.lines[at].series);
      this.lines.splice(at, 1);
      if (this.step) this.marks?.draw(this.from, this.step);
    }
  }

  paint() {
    if (this.step) this.marks?.draw(this.from, this.step);
    const line = colour("line");
    this.chart.applyOptions({
      layout: { textColor: colour("ink-2"), fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { vertLines: { visible: false }, horzLines: { color: line } },
    });
    this.lines.forEach(({ series, slot }) => {
      const stroke = colour(`series-${slot}`);
      series.applyOptions(this.market.is_binary
        ? { lineColor: stroke, topColor: colour("yes-soft"), bottomColor: colour("surface") }
        : { color: stroke });
    });
  }

  async show(range) {
    this.range = range;
    const now = Math.floor(Date.now() / 1000);
    const born = Math.floor(Date.parse(this.market.created_at) / 1000);
    let [width, interval] = RANGES[range];
    if (width === null) {
      width = Math.max(now - born, HOUR);
      interval = width > 60 * DAY ? "1d" : width > DAY ? "1h" : "1m";
    }
    // Not before the market was born: an empty left half says nothing.
    width = Math.max(Math.min(width, now - born), HOUR / 4);
    const lines = [...this.lines];
    const histories = await Promise.all(lines.map(({ outcome }) => this.#candles(outcome.slug, interval, now - width)));
    if (this.range !== range) return;
    this.step = Math.max(1, Math.floor(width / POINTS));
    histories.forEach((candles, index) => {
      const { outcome, series } = lines[index];
      // One that was hidden meanwhile isn't drawn any more.
      if (this.lines.some((line) => line.series === series)) series.setData(sampled(candles, now - width, now, this.step, outcome.price));
    });
    this.chart.timeScale().applyOptions({ secondsVisible: width <= HOUR });
    this.chart.timeScale().fitContent();
    this.from = now - width;
    // What the server drew stays until there is something better.
    for (const old of [...this.plot.parentElement.children]) if (old !== this.plot) old.remove();
    this.marks?.draw(this.from, this.step);
  }

  /** Marks of `market_marks.js`, drawn now and with every other range. */
  mark(marks) {
    this.marks = marks;
    if (this.step) marks.draw(this.from, this.step);
  }

  /** A new price now. */
  push(prices) {
    if (!this.step) return;
    this.lines.forEach(({ outcome, series }) => {
      const value = prices[outcome.slug];
      if (value === undefined) return;
      outcome.price = value;
      const last = series.data().at(-1);
      const now = Math.floor(Date.now() / 1000);
      const time = last && now - last.time < this.step ? last.time : now;
      series.update({ time, value });
    });
  }

  async #candles(slug, interval, after, before = null) {
    const query = new URLSearchParams({
      outcome: slug, interval, limit: String(CANDLES), after: new Date(after * 1000).toISOString(),
    });
    if (before !== null) query.set("before", before);
    const answer = await call("GET", `/markets/${this.market.id}/candles?${query}`);
    if (!answer.ok) return [];
    const candles = answer.body.items.map((candle) => ({
      at: Date.parse(candle.starts_at) / 1000, open: Number(candle.open), close: Number(candle.close),
    }));
    // A day has 1,440 minutes, one answer at most 1,000 candles.
    const isCut = before === null && candles.length === CANDLES;
    return isCut ? [...(await this.#candles(slug, interval, after, answer.body.items[0].starts_at)), ...candles] : candles;
  }
}

/** A point each `step` seconds with the price that was known then, so that the axis is true to time. */
function sampled(candles, from, until, step, priceNow) {
  const points = [];
  let price = candles.length ? candles[0].open : priceNow;
  let next = 0;
  for (let time = from; time < until; time += step) {
    while (next < candles.length && candles[next].at <= time) price = candles[next++].close;
    if (price !== null) points.push({ time, value: price });
  }
  const last = priceNow ?? candles.at(-1)?.close ?? null;
  if (last !== null) points.push({ time: until, value: last });
  return points;
}

/** The scale that the library would take, but never so narrow that a price at rest looks like news. */
function widened(original) {
  const found = original();
  if (!found?.priceRange) return found;
  const { minValue, maxValue } = found.priceRange;
  const missing = SPAN_MIN - (maxValue - minValue);
  if (missing <= 0) return found;
  const low = Math.min(Math.max(minValue - missing / 2, 0), 1 - SPAN_MIN);
  return { ...found, priceRange: { minValue: Math.min(low, minValue), maxValue: Math.max(low + SPAN_MIN, maxValue) } };
}
