// One chart over the shared time axis, drawn by uPlot: lines, the band between least and most, last week, events, limits.
import uPlot from "../../vendor/uplot-1.6.32/uPlot.esm.js";
import { marks } from "./chart_marks.js";
import { colour } from "./colour.js";
import { clockText, dayText, isMidnight } from "./moments.js";
import { axisText } from "./units.js";

const DAY = 86_400;
/** All charts of a page share the crosshair by this key. */
const SYNC = "operations";
/** Round numbers of bytes. */
const POWERS = Array.from({ length: 50 }, (_, power) => 2 ** power);
const SHARE_OF_LIMIT = 0.7;

export class TimeChart extends EventTarget {
  /** `lines`: [{name, spec, token}] of `timeline`; `events` a function that lists them. Sends "point" on crosshair moves. */
  constructor(plot, { lines, timeline, view, events = () => [], isFilled = lines.length === 1 }) {
    super();
    Object.assign(this, { plot, lines, timeline, view, events, isFilled, isSeen: false, isStale: true });
    this.hasBand = lines.length === 1;
    new IntersectionObserver(([entry]) => this.#see(entry.isIntersecting), { rootMargin: "200px" }).observe(plot);
    new ResizeObserver(() => this.#fit()).observe(plot);
    timeline.addEventListener("data", () => this.draw());
    document.addEventListener("themechange", () => this.#remake());
  }

  get times() {
    return this.timeline.times;
  }

  draw() {
    this.isStale = true;
    if (!this.isSeen || document.hidden || !this.#isReady()) return;
    this.isStale = false;
    if (!this.chart) this.#make();
    this.chart.batch(() => {
      this.chart.setData(this.#data(), false);
      const [from, to] = this.view.bounds();
      this.chart.setScale("x", { min: from, max: to });
    });
  }

  /** Put the crosshair of all charts on a point. */
  point(index) {
    if (!this.chart || index < 0 || index >= this.times.length) return;
    this.chart.setCursor({ left: this.chart.valToPos(this.times[index], "x"), top: 10 }, true, true);
  }

  /** Draw again with other colours or event marks. */
  redraw() {
    this.chart?.redraw(false);
  }

  destroy() {
    this.chart?.destroy();
    this.chart = null;
  }

  #see(isSeen) {
    this.isSeen = isSeen;
    if (isSeen && this.isStale) this.draw();
  }

  #fit() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    if (this.chart && width && height) this.chart.setSize({ width, height });
  }

  #remake() {
    this.destroy();
    this.draw();
  }

  /** A series that was added a moment ago has nothing until it is read. */
  #isReady() {
    return !this.timeline.isEmpty && this.lines.every(({ name }) => this.timeline.columns.has(name));
  }

  #data() {
    const columns = this.lines.map(({ name }) => this.timeline.columns.get(name));
    const data = [this.times, ...columns.map(({ values }) => values)];
    if (this.hasBand) data.push(columns[0].max, columns[0].min);
    data.push(columns[0].ghost ?? this.times.map(() => null));
    return data;
  }

  #make() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const size = parseFloat(getComputedStyle(this.plot).fontSize);
    const options = {
      width, height, series: this.#series(), axes: this.#axes(size), legend: { show: false }, padding: [10, size * 1.8, 0, 0],
      bands: this.hasBand ? [{ series: [2, 3], fill: colour(this.lines[0].token, 0.22) }] : [],
      scales: { x: { time: true }, y: { range: (_, low, high) => this.#range(low, high) } },
      cursor: {
        y: false,
        drag: { x: true, y: false, setScale: false },
        points: { size: (_, index) => (index <= this.lines.length ? 7 : 0) },
        sync: { key: SYNC, setSeries: false, scales: ["x", null], filters: { pub: (kind) => kind.startsWith("mousemove") || kind.startsWith("mouseleave") } },
      },
      plugins: [marks({
        names: this.lines.map(({ name }) => name), limits: () => this.#limits(), events: this.events, stretches: () => this.#stretches(),
      })],
      hooks: { setSelect: [(chart) => this.#zoom(chart)], setCursor: [(chart) => this.#pointed(chart)] },
    };
    this.chart = new uPlot(options, this.#data(), this.plot);
    this.chart.over.addEventListener("dblclick", () => this.view.reset());
    this.chart.over.addEventListener("pointermove", (event) => event.pointerType === "touch" && this.#touch(event));
  }

  #series() {
    const points = { show: true, size: 4, filter: (chart, index) => lonely(chart.data[index]) };
    const own = this.lines.map(({ token }) => ({
      stroke: colour(token), width: 1.75, points: { ...points, fill: colour(token) },
      fill: this.isFilled ? colour(token, 0.08) : undefined,
    }));
    const edge = { width: 0, points: { show: false } };
    const ghost = { stroke: colour("ink-2", 0.75), width: 1.25, dash: [4, 4], points: { show: false } };
    return [{}, ...own, ...(this.hasBand ? [edge, edge] : []), ghost];
  }

  #axes(size) {
    const font = `${size}px ${getComputedStyle(document.body).fontFamily}`;
    const look = { font, stroke: colour("ink-2"), ticks: { show: false } };
    const { spec } = this.lines[0];
    return [
      { ...look, grid: { show: false }, size: size * 2, space: size * 6, values: (chart, splits) => splits.map((time) => momentOnAxis(time, chart)) },
      {
        ...look, ...(spec.unit.startsWith("bytes") ? { incrs: POWERS } : {}), grid: { stroke: colour("line"), width: 1 }, size: size * 4.6, space: size * 2, gap: 6,
        values: (_, splits) => splits.map((value) => axisText(value, spec)),
      },
    ];
  }

  /** From zero; measures that are best near 100 % from below the lowest; limits come into view as values near them. */
  #range(low, high) {
    const { spec } = this.lines[0];
    if (low === null || high === null) return [0, spec.unit === "%" ? 100 : 1];
    const nearest = this.#limits().map(({ value }) => value).filter((value) => high >= value * SHARE_OF_LIMIT);
    const least = spec.unit === "%" ? Math.min(10, (spec.critical ?? 10) * 1.05) : high > 0 ? 0 : 1;
    const top = Math.max(high * 1.12, ...nearest.map((value) => value * 1.05), least);
    if (spec.better === "high" && spec.unit === "%") return [Math.max(0, Math.floor((low - 5) / 10) * 10), 102];
    return [Math.min(0, low * 1.1), spec.unit === "%" ? Math.min(top, Math.max(102, high)) : top];
  }

  #limits() {
    const { spec } = this.lines[0];
    const all = [{ value: spec.warn, token: "warn" }, { value: spec.critical, token: "error" }];
    return all.filter(({ value }) => value !== null && value !== undefined);
  }

  /** Where a line was unusual, as [from, to]. */
  #stretches() {
    const { times, columns, step } = this.timeline;
    const found = [];
    times.forEach((time, index) => {
      if (!this.lines.some(({ name }) => columns.get(name).anomalies?.[index] > 0)) return;
      if (found.at(-1)?.[1] === time) found.at(-1)[1] = time + step;
      else found.push([time, time + step]);
    });
    return found;
  }

  #zoom(chart) {
    const { left, width } = chart.select;
    if (width < 4) return;
    const [from, to] = [chart.posToVal(left, "x"), chart.posToVal(left + width, "x")];
    chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.view.zoom(from, to);
  }

  #pointed(chart) {
    const index = chart.cursor.idx ?? null;
    if (index === this.pointedAt) return;
    this.pointedAt = index;
    this.dispatchEvent(new CustomEvent("point", { detail: index }));
  }

  #touch(event) {
    const left = event.clientX - this.chart.over.getBoundingClientRect().left;
    this.chart.setCursor({ left, top: 10 }, true, true);
  }
}

/** Points with a gap on both sides would leave no line at all. */
function lonely(values) {
  const isNone = (value) => value === null || value === undefined;
  return values.flatMap((value, index) =>
    !isNone(value) && isNone(values[index - 1]) && isNone(values[index + 1]) ? [index] : []);
}

function momentOnAxis(time, chart) {
  const width = chart.scales.x.max - chart.scales.x.min;
  if (width > 3 * DAY || isMidnight(time)) return dayText(time);
  return clockText(time, width < 300 ? 1 : 60);
}
