// The stretch of time that all charts of a page show, and how; the address of the page keeps it.
export const RANGES = { "15m": 900, "1h": 3_600, "6h": 21_600, "24h": 86_400, "7d": 604_800, "30d": 2_592_000, "90d": 7_776_000 };
const SPAN_MIN_S = 20;

export class TimeWindow extends EventTarget {
  constructor(defaults = {}) {
    super();
    const asked = new URLSearchParams(location.search);
    const range = asked.get("range") ?? defaults.range;
    this.range = range in RANGES ? range : "1h";
    this.isCompared = asked.get("compare") === "1";
    const [from, to] = [Number(asked.get("from")), Number(asked.get("to"))];
    this.fixed = from > 0 && to - from >= SPAN_MIN_S ? [from, to] : null;
  }

  get isLive() {
    return this.fixed === null;
  }

  /** From and until, in seconds. */
  bounds(now = Date.now() / 1_000) {
    return this.fixed ?? [now - RANGES[this.range], now];
  }

  get width() {
    const [from, to] = this.bounds();
    return to - from;
  }

  setRange(range) {
    this.range = range;
    this.fixed = null;
    this.#changed();
  }

  zoom(from, to) {
    const now = Date.now() / 1_000;
    if (to - from < SPAN_MIN_S) {
      const middle = (from + to) / 2;
      [from, to] = [middle - SPAN_MIN_S / 2, middle + SPAN_MIN_S / 2];
    }
    this.fixed = [Math.floor(from), Math.min(Math.ceil(to), Math.floor(now))];
    this.#changed();
  }

  /** Closer (factor below 1) or further (above) around a moment. */
  zoomAround(at, factor) {
    const [from, to] = this.bounds();
    const longest = RANGES["90d"];
    const width = Math.min((to - from) * factor, longest);
    const share = (at - from) / (to - from);
    this.zoom(at - width * share, at + width * (1 - share));
  }

  reset() {
    if (this.isLive) return;
    this.fixed = null;
    this.#changed();
  }

  setCompared(isCompared) {
    this.isCompared = isCompared;
    this.#changed();
  }

  #changed() {
    const address = new URL(location.href);
    const keep = (name, value) => (value ? address.searchParams.set(name, value) : address.searchParams.delete(name));
    keep("range", this.range);
    keep("compare", this.isCompared ? "1" : "");
    keep("from", this.fixed?.[0]);
    keep("to", this.fixed?.[1]);
    history.replaceState(history.state, "", address);
    this.dispatchEvent(new Event("change"));
  }
}
