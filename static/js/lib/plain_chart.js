// A chart of columns that a page works out itself, drawn by uPlot when it comes into view and again when they change.
import uPlot from "../../vendor/uplot-1.6.32/uPlot.esm.js";
import { colour } from "./colour.js";
import { clockText, dayText, isMidnight } from "./moments.js";

const DAY = 86_400;
/** For what is counted. */
export const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

export class PlainChart {
  /** `series` and `bands` as uPlot has them, made by functions because colours change; `options` are added. */
  constructor(plot, { series, bands = () => [], axis, range, incrs, sync = null, onPoint = () => {} }) {
    Object.assign(this, { plot, series, bands, axis, range, incrs, sync, onPoint, data: null, isSeen: false });
    new IntersectionObserver(([entry]) => this.#see(entry.isIntersecting), { rootMargin: "200px" }).observe(plot);
    new ResizeObserver(() => this.#fit()).observe(plot);
    document.addEventListener("themechange", () => { this.destroy(); this.#draw(); });
  }

  show(data) {
    this.data = data;
    this.#draw();
  }

  destroy() {
    this.chart?.destroy();
    this.chart = null;
  }

  #see(isSeen) {
    this.isSeen = isSeen;
    if (isSeen) this.#draw();
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (this.chart && width && height) this.chart.setSize({ width, height });
  }

  #draw() {
    if (!this.isSeen || !this.data || document.hidden) return;
    if (this.chart) this.chart.setData(this.data);
    else this.chart = new uPlot(this.#options(), this.data, this.plot);
  }

  #options() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const size = parseFloat(getComputedStyle(this.plot).fontSize);
    const look = { font: `${size}px ${getComputedStyle(document.body).fontFamily}`, stroke: colour("ink-2"), ticks: { show: false } };
    return {
      width, height, legend: { show: false }, padding: [10, size * 1.8, 0, 0],
      series: [{}, ...this.series()], bands: this.bands(),
      scales: { x: { time: true }, y: { range: (_, low, high) => this.range(low, high) } },
      axes: [
        { ...look, grid: { show: false }, size: size * 2, space: size * 6, values: (chart, splits) => splits.map((time) => moment(time, chart)) },
        { ...look, ...(this.incrs ? { incrs: this.incrs } : {}), grid: { stroke: colour("line"), width: 1 }, size: size * 4.6, space: size * 2, gap: 6, values: (_, splits) => splits.map(this.axis) },
      ],
      cursor: { y: false, drag: { x: false, y: false }, ...(this.sync ? { sync: { key: this.sync, scales: ["x", null] } } : {}) },
      hooks: { setCursor: [(chart) => this.onPoint(chart.cursor.idx ?? null)] },
    };
  }
}

function moment(time, chart) {
  const isWide = chart.scales.x.max - chart.scales.x.min > 3 * DAY;
  if (isWide || isMidnight(time)) return dayText(time);
  return clockText(time, 60);
}
