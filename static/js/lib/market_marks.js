// What happened when, on the price chart: the reader's own trades, comments, news.
import { createSeriesMarkers } from "../../vendor/lightweight-charts-5.2.1/lightweight-charts.mjs";
import { fragment } from "./api.js";
import { cents, quantity } from "./format.js";
import { word } from "./words.js";

const SHAPES = {
  buy: { shape: "arrowUp", position: "belowBar", token: "good" },
  sell: { shape: "arrowDown", position: "aboveBar", token: "error" },
  comment: { shape: "circle", position: "aboveBar", token: "ink-2" },
  news: { shape: "square", position: "aboveBar", token: "warn" },
};

/** Every mark as {time, outcome, kind, text}, those of no outcome without one, oldest first; `paths` answer {marks: [...]}. */
export async function readMarks(paths, outcomes) {
  const answers = await Promise.all(paths.map((path) => fragment(path)));
  const marks = answers.flatMap((answer) => (answer === null ? [] : JSON.parse(answer).marks));
  return marks.map((mark) => ({
    kind: mark.kind,
    time: Math.floor(Date.parse(mark.at) / 1000),
    outcome: mark.outcome,
    text: mark.text ?? ownText(mark, outcomes),
  })).sort((a, b) => a.time - b.time);
}

function ownText(mark, outcomes) {
  const facts = { quantity: quantity(mark.quantity / 10_000), outcome: nameOf(mark, outcomes), price: cents(mark.price / 10_000) };
  return mark.kind === "buy" ? word("You bought {quantity} {outcome} at {price}", facts) : word("You sold {quantity} {outcome} at {price}", facts);
}

function nameOf(mark, outcomes) {
  return outcomes.find((one) => one.slug === mark.outcome)?.name ?? mark.outcome;
}

/** Draws marks onto a PriceChart, and says in `caption` what stands below the pointer. */
export class Marks {
  constructor(priceChart, caption, marks, colour) {
    this.marks = marks;
    this.colour = colour;
    this.chart = priceChart;
    this.layers = new Map();
    this.usual = caption.textContent;
    priceChart.chart.subscribeCrosshairMove(({ time }) => {
      const near = time === undefined ? [] : this.shown.filter((mark) => Math.abs(mark.at - time) <= priceChart.step);
      caption.textContent = near.length ? near.slice(0, 2).map((mark) => mark.text).join(" · ") : this.usual;
    });
    this.shown = [];
  }

  /** `from` in seconds, `step` between two points: a mark stands at the point next to it. */
  draw(from, step) {
    this.shown = this.marks.filter((mark) => mark.time >= from).map((mark) => ({
      ...mark, at: from + Math.round((mark.time - from) / step) * step,
    }));
    this.chart.lines.forEach(({ series, outcome }, index) => {
      if (!this.layers.has(series)) this.layers.set(series, createSeriesMarkers(series, []));
      const own = this.shown.filter((mark) => this.#isOn(mark, outcome, index));
      this.layers.get(series).setMarkers(own.map((mark) => {
        const { shape, position, token } = SHAPES[mark.kind];
        return { time: mark.at, shape, position, color: this.colour(token), size: 1 };
      }));
    });
  }

  /** What is about no outcome stands on the first line; so does everything where there is only one. */
  #isOn(mark, outcome, index) {
    if (mark.outcome === undefined || this.chart.market.is_binary) return index === 0;
    return mark.outcome === outcome.slug;
  }

  /** The line is about to go. */
  forget(series) {
    this.layers.get(series)?.detach();
    this.layers.delete(series);
  }
}
