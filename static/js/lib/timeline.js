// What all charts of a page draw: the stored samples of the shown time and, after them, what has arrived live since.
import { history, spanOf } from "./metrics.js";

const RING_S = 900;
/** Up to this width the live part keeps every second; beyond it, it is folded into the stored step. */
const FINE_WIDTH_S = 900;
/** Missing this many seconds in a row is drawn as a gap. */
const GAP_S = 3;

export class Timeline extends EventTarget {
  /** `names` of series, all of one `dimension` ("" is the whole site). */
  constructor(view, names, dimension = "") {
    super();
    Object.assign(this, { view, names, dimension, times: [], columns: new Map(), step: 10, frames: [], failure: null });
    this.stored = { times: [], columns: new Map(), step: 10 };
  }

  get isEmpty() {
    return this.times.length === 0;
  }

  /** What is asked of the API. */
  question() {
    return { names: this.names, dimension: this.dimension };
  }

  /** Read the shown window again; a newer call makes an older one stop. */
  async load() {
    this.abort?.abort();
    this.abort = new AbortController();
    const { signal } = this.abort;
    const asked = { ...this.question(), span: spanOf(this.view), isCompared: this.view.isCompared, signal };
    const answer = await history(asked).catch((error) => (error.name === "AbortError" ? null : Promise.reject(error)));
    if (answer === null || signal.aborted) return;
    this.failure = answer.ok ? null : answer.body.detail;
    if (answer.ok) this.stored = withoutTail(answer.body);
    this.#rebuild();
  }

  /** One second, as the socket sends it. */
  push(second, values) {
    const last = this.frames.at(-1);
    if (last && second <= last.second) return;
    this.frames.push({ second, values });
    while (this.frames.length && this.frames[0].second < second - RING_S) this.frames.shift();
    if (this.view.isLive) this.#rebuild();
  }

  /** Forget the live part up to a hole; what is stored has it, or it is a gap. */
  forget() {
    this.frames = [];
  }

  latest(name) {
    return this.frames.at(-1)?.values[name] ?? null;
  }

  values(name) {
    return this.columns.get(name)?.values ?? [];
  }

  #rebuild() {
    const { stored } = this;
    const tail = this.view.isLive && this.dimension === "" ? this.#tail() : [];
    const cut = tail.length && tail[0].time <= (stored.times.at(-1) ?? 0)
      ? stored.times.findIndex((time) => time >= tail[0].time)
      : stored.times.length;
    this.step = stored.step;
    this.times = [...stored.times.slice(0, cut), ...tail.map(({ time }) => time)];
    this.columns = new Map(this.names.map((name) => [name, joined(stored.columns.get(name), cut, tail, name)]));
    this.dispatchEvent(new Event("data"));
  }

  /** The live rows: {time, values: name -> {sum, count, min, max}} in steps. */
  #tail() {
    const isFine = this.view.width <= FINE_WIDTH_S;
    const size = isFine ? 1 : this.stored.step;
    const since = isFine ? 0 : (this.stored.times.at(-1) ?? -size) + size;
    const rows = [];
    for (const frame of this.frames) {
      const time = Math.floor(frame.second / size) * size;
      if (time < since) continue;
      const last = rows.at(-1);
      if (last && isFine && time - last.time > GAP_S) rows.push({ time: last.time + 1, values: null });
      if (last?.time === time) last.all.push(frame.values);
      else rows.push({ time, all: [frame.values] });
    }
    return rows;
  }
}

/** Without the newest steps of which nothing is stored yet. */
function withoutTail({ step, times, columns }) {
  let end = times.length;
  const isUnknown = (index) => [...columns.values()].every(({ values }) => values[index] === null);
  while (end > 0 && isUnknown(end - 1)) end -= 1;
  return { step, times: times.slice(0, end), columns };
}

function joined(column, cut, tail, name) {
  const drawn = tail.map(({ all }) => (all ?? []).map((values) => values[name] ?? null).filter((value) => value !== null));
  const each = (work) => drawn.map((values) => (values.length ? work(values) : null));
  const head = (key) => (column?.[key] ?? new Array(cut).fill(null)).slice(0, cut);
  return {
    values: [...head("values"), ...each((values) => values.reduce((sum, value) => sum + value, 0) / values.length)],
    min: [...head("min"), ...each((values) => Math.min(...values))],
    max: [...head("max"), ...each((values) => Math.max(...values))],
    // Nothing is judged before its minute is over.
    anomalies: [...head("anomalies"), ...tail.map(() => null)],
    // Last week is known beyond the newest stored step, but not to the second.
    ghost: column?.ghost ? [...head("ghost"), ...tail.map(() => column.ghost[cut - 1] ?? null)] : null,
  };
}
