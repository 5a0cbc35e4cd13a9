// One measure of several processes or routes, over the shared time.
import { Timeline } from "./timeline.js";

/** Several dimensions of one series as if they were several series; the charts know no difference. */
export class SideBySide extends EventTarget {
  constructor(view, series, dimensions) {
    super();
    this.parts = dimensions.map((dimension) => new Timeline(view, [series], dimension));
    Object.assign(this, { series, dimensions, times: [], columns: new Map(), step: 10, failure: null });
  }

  get isEmpty() {
    return this.times.length === 0;
  }

  values(name) {
    return this.columns.get(name)?.values ?? [];
  }

  async load() {
    await Promise.all(this.parts.map((part) => part.load()));
    // Parts end where something was stored last; the longest axis holds them all.
    this.times = this.parts.reduce((longest, { times }) => (times.length > longest.length ? times : longest), []);
    this.step = this.parts[0]?.step ?? 10;
    this.failure = this.parts.find(({ failure }) => failure)?.failure ?? null;
    this.parts.forEach((part, index) => {
      const { values = [], ghost = null } = part.columns.get(this.series) ?? {};
      const missing = new Array(Math.max(0, this.times.length - values.length)).fill(null);
      this.columns.set(this.dimensions[index], { values: [...values, ...missing], ghost });
    });
    this.dispatchEvent(new Event("data"));
  }
}
