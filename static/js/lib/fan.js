// A series with its forecasts: what was measured, and from its last value on the fan of what will probably be.
import { $ } from "./dom.js";
import { colour } from "./colour.js";
import { element } from "./feeds.js";
import { PlainChart } from "./plain_chart.js";
import { axisText, readingText, span } from "./units.js";
import { decimal, word } from "./words.js";

/** Columns: time, measured, forecast, low and high of 80 %, low and high of 95 %. */
export function fanColumns(times, values, forecasts) {
  const last = values.findLastIndex((value) => value !== null);
  const [past, measured] = [times.slice(0, last + 1), values.slice(0, last + 1)];
  const from = past.at(-1) ?? 0;
  const ahead = forecasts.map((one) => ({ ...one, time: Date.parse(one.for_at) / 1_000 })).filter(({ time }) => time > from);
  const none = past.map(() => null);
  // The fan opens where measuring ends.
  if (none.length) none[none.length - 1] = measured.at(-1);
  const column = (value) => [...none, ...ahead.map(value)];
  return [
    [...past, ...ahead.map(({ time }) => time)],
    [...measured, ...ahead.map(() => null)],
    column((one) => one.value),
    column((one) => one.interval_80[0]), column((one) => one.interval_80[1]),
    column((one) => one.interval_95[0]), column((one) => one.interval_95[1]),
  ];
}

export class Fan {
  constructor(name, spec, template) {
    Object.assign(this, { name, spec, forecasts: [] });
    this.figure = template.content.firstElementChild.cloneNode(true);
    this.figure.setAttribute("aria-label", word("{title}, measured and forecast", { title: spec.title }));
    $("h3", this.figure).textContent = spec.title;
    Object.assign($(".hint", this.figure), { ariaLabel: word("What is {title}? {help}", { title: spec.title, help: spec.help }) }).dataset.tip = spec.help;
    this.chart = new PlainChart($(".chart-plot", this.figure), {
      series: () => lines(),
      bands: () => [{ series: [6, 5], fill: colour("series-2", 0.12) }, { series: [4, 3], fill: colour("series-2", 0.2) }],
      axis: (value) => axisText(value, spec),
      range: (low, high) => bounds(low, high, spec),
      sync: "fans",
    });
  }

  /** `forecasts` of this series by horizon; `isWhole` shows those without skill as well. */
  show(forecasts, isWhole) {
    this.forecasts = forecasts.filter((one) => isWhole || !one.is_hidden);
    this.figure.dataset.faint = String(forecasts.every((one) => one.is_hidden));
    this.#words();
  }

  draw(times, values) {
    this.chart.show(fanColumns(times, values, this.forecasts));
    this.now = values.findLast((value) => value !== null) ?? null;
    this.#words();
  }

  #words() {
    const best = this.forecasts.reduce((one, other) => (one && one.skill >= other.skill ? one : other), null);
    if (!best) return;
    const text = (value) => readingText(value, this.spec);
    const item = (label, value) => {
      const made = element("li", "", `${label} `);
      made.append(element("b", "num", value));
      return made;
    };
    const parts = [item(word("now"), text(this.now ?? null)), item(word("in {span}", { span: span(best.horizon_min * 60) }), text(best.value)), item(word("skill"), decimal(best.skill, 2))];
    $(".chart-legend", this.figure).replaceChildren(...parts);
    const words = this.forecasts.map((one) => word("in {span} {value}, 80 % between {low} and {high}", { span: span(one.horizon_min * 60), value: text(one.value), low: text(one.interval_80[0]), high: text(one.interval_80[1]) }));
    $(".sr", this.figure).textContent = word("Now {now}; {then}.", { now: text(this.now ?? null), then: words.join("; ") });
  }
}

function lines() {
  const edge = { width: 0, points: { show: false } };
  return [
    { stroke: colour("series-1"), width: 1.75, points: { show: false }, spanGaps: false },
    { stroke: colour("series-2"), width: 1.75, dash: [5, 3], points: { show: true, size: 4, fill: colour("series-2") }, spanGaps: true },
    edge, edge, edge, edge,
  ].map((line) => ({ spanGaps: true, ...line }));
}

/** A share stays one, and what can't be negative isn't drawn so unless the interval says it. */
function bounds(low, high, spec) {
  if (low === null || high === null) return [0, spec.unit === "%" ? 100 : 1];
  const room = (high - low || Math.abs(high) || 1) * 0.1;
  const bottom = spec.better === "high" && spec.unit === "%" ? Math.max(0, low - room) : 0;
  return [bottom, spec.unit === "%" ? Math.min(102, Math.max(high + room, 10)) : high + room];
}
