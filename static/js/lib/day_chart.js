// Lines over days in one figure, drawn by uPlot; the crosshair shows the day's values in the legend.
import uPlot from "../../vendor/uplot-1.6.32/uPlot.esm.js";
import { colour } from "./colour.js";
import { language } from "./words.js";

const SYNC = "days";
const DECIMALS = { share: 1, credits: 2, hours: 1, points: 1, score: 3 };
const shortDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });

function shown(value, unit) {
  if (value === null || value === undefined) return "–";
  const text = value.toLocaleString(language, { maximumFractionDigits: DECIMALS[unit] ?? 1 });
  return unit === "share" ? `${text} %` : text;
}

function onAxis(value) {
  return value.toLocaleString(language, { notation: Math.abs(value) >= 10_000 ? "compact" : "standard", maximumFractionDigits: 2 });
}

export class DayChart {
  /** `times`: days as seconds since the epoch; `drawn`: {unit, lines}, a line a metric in the order of the legend. */
  constructor(figure, times, drawn) {
    this.plot = figure.querySelector(".chart-plot");
    this.now = [...figure.querySelectorAll("[data-now]")];
    this.resting = this.now.map((cell) => cell.textContent);
    Object.assign(this, { times, drawn });
    this.make();
    new ResizeObserver(() => this.fit()).observe(this.plot);
    document.addEventListener("themechange", () => this.make());
  }

  make() {
    this.chart?.destroy();
    this.plot.replaceChildren();
    const { clientWidth: width, clientHeight: height } = this.plot;
    const look = { stroke: colour("ink-2"), ticks: { show: false }, font: `11px ${getComputedStyle(document.body).fontFamily}` };
    const options = {
      width, height, legend: { show: false }, padding: [10, 14, 0, 0],
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), "UTC"),
      series: [{}, ...this.drawn.lines.map((_, index) => this.line(index))],
      axes: [
        { ...look, grid: { show: false }, size: 24, space: 64, values: (_, splits) => splits.map((at) => shortDay.format(at * 1_000)) },
        { ...look, grid: { stroke: colour("line"), width: 1 }, size: 52, space: 34, gap: 6, values: (_, splits) => splits.map(onAxis) },
      ],
      scales: { y: { range: (_, low, high) => range(low, high) } },
      cursor: { y: false, drag: { x: false, y: false }, sync: { key: SYNC, setSeries: false, scales: ["x", null] } },
      hooks: { setCursor: [(chart) => this.point(chart.cursor.idx)] },
    };
    this.chart = new uPlot(options, [this.times, ...this.drawn.lines], this.plot);
  }

  line(index) {
    const token = `series-${index + 1}`;
    const isOnly = this.drawn.lines.length === 1;
    return { stroke: colour(token), width: 1.75, fill: isOnly ? colour(token, 0.08) : undefined, points: { size: 4, fill: colour(token) } };
  }

  point(index) {
    const isOff = index === null || index === undefined;
    this.now.forEach((cell, place) => {
      cell.textContent = isOff ? this.resting[place] : shown(this.drawn.lines[place][index], this.drawn.unit);
    });
  }

  fit() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (width && height) this.chart.setSize({ width, height });
  }
}

function range(low, high) {
  if (low === null || high === null) return [0, 1];
  const top = high > 0 ? high * 1.1 : low < 0 ? 0 : 1;
  return [Math.min(0, low * 1.1), top];
}
