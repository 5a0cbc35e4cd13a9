// One measure of several processes or routes, over the shared time; its columns go by dimension.
import { Timeline } from "./timeline.js";

export class SideBySide extends Timeline {
  constructor(view, series, by, dimensions) {
    super(view, dimensions, `${by}:`);
    Object.assign(this, { series, by });
  }

  question() {
    return { names: [this.series], by: this.by };
  }
}
