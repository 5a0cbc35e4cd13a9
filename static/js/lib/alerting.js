// The routes of alerting, and charts of a series with the levels of a rule.
import { call } from "./api.js";
import { colour } from "./colour.js";
import { $, showMessage } from "./dom.js";
import { PlainChart } from "./plain_chart.js";

const ROOT = "/intelligent-alerting";
const TOKENS = { info: "ink-2", warning: "warn", critical: "error", emergency: "error" };

/** Post and tell what was refused; the answer's body, or null. */
export async function act(method, path, body = {}) {
  const answer = await call(method, `${ROOT}${path}`, method === "DELETE" ? {} : { body });
  if (!answer.ok) showMessage(answer.body.detail, "error");
  return answer.ok ? answer.body : null;
}

export function ask(method, path, body, signal) {
  return call(method, `${ROOT}${path}`, { body, signal });
}

/** A line with a dashed one for each level and a band for each time of firing. */
export class LevelChart {
  constructor(plot, { levels, format, onPoint = () => {} }) {
    this.levels = Object.entries(levels).filter(([, bound]) => typeof bound === "number");
    this.chart = new PlainChart(plot, {
      series: () => [
        { stroke: colour("series-1"), width: 1.75, spanGaps: false, points: { show: false } },
        { stroke: colour("error"), width: 0, fill: colour("error", 0.16), points: { show: false } },
        ...this.levels.map(([name]) => ({ stroke: colour(TOKENS[name] ?? "ink-2"), width: 1.25, dash: [6, 4], points: { show: false } })),
      ],
      axis: format, range: (low, high) => this.#range(low, high), onPoint,
    });
  }

  /** `episodes`: [[from, until]] in seconds. */
  show(times, values, episodes) {
    const known = [...values.filter((value) => value !== null), ...this.levels.map(([, bound]) => bound)];
    this.top = known.length ? Math.max(...known) : 1;
    const step = times.length > 1 ? times[1] - times[0] : 60;
    const fires = (at) => episodes.some(([from, until]) => at >= from - step / 2 && at <= until + step / 2);
    this.chart.show([
      times, values, times.map((at) => (fires(at) ? this.top : null)),
      ...this.levels.map(([, bound]) => times.map(() => bound)),
    ]);
  }

  destroy() {
    this.chart.destroy();
  }

  #range(low, high) {
    const least = Math.min(low ?? 0, ...this.levels.map(([, bound]) => bound), 0);
    const most = Math.max(high ?? 1, this.top ?? 1);
    return [least, most + (most - least || 1) * 0.06];
  }
}

/** Say beside a form what has to change. */
export function showProblem(id, answer) {
  const place = $(id);
  const field = answer?.body?.errors?.[0]?.pointer?.replace("/", "");
  place.hidden = !answer;
  place.textContent = answer ? `${field ? `${field}: ` : ""}${answer.body.detail}` : "";
}
