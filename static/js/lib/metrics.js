// The measurement routes of the API, as the operations pages ask them.
import { call } from "./api.js";

const PERFORMANCE = "/performance-dashboard";
const ADVANCED = "/advanced-dashboard";
/** As many series as one request may name. */
const SERIES_MAX = 20;

const iso = (seconds) => new Date(seconds * 1_000).toISOString();

export function current() {
  return call("GET", `${PERFORMANCE}/metrics/current`);
}

export function summary() {
  return call("GET", `${ADVANCED}/dashboard/summary`);
}

/** The shown time as the routes take it: following the present is the server's business, whose clock counts. */
export function spanOf(view) {
  if (view.isLive) return { range: view.range };
  const [from, to] = view.bounds();
  return { start: iso(from), end: iso(to) };
}

/** {ok, body: {step, times, columns: Map(name -> {values, min, max, ghost})}} of any number of series; with `by` of every
    process or route, keyed by dimension. `span` is what `spanOf` gives. */
export async function history({ names, span, dimension = "", by = "", isCompared = false, signal }) {
  const parts = [];
  for (let first = 0; first < names.length; first += SERIES_MAX) parts.push(names.slice(first, first + SERIES_MAX));
  const answers = await Promise.all(parts.map((part) => {
    const query = new URLSearchParams({ series: part.join(","), ...span });
    if (by) query.set("by", by);
    else if (dimension) query.set("dimension", dimension);
    if (isCompared) query.set("compare", "last_week");
    return call("GET", `${PERFORMANCE}/metrics/history?${query}`, { signal });
  }));
  // An answer that was given up halfway has no words.
  if (signal?.aborted) return { ok: false, status: 0, body: {} };
  return answers.find((answer) => !answer.ok) ?? { ok: true, status: 200, body: merged(answers.map(({ body }) => body), by) };
}

function merged(bodies, by) {
  const columns = new Map();
  for (const body of bodies) {
    for (const one of body.series) {
      columns.set(by ? one.dimension : one.name, {
        values: one.values,
        min: one.min ?? one.values,
        max: one.max ?? one.values,
        ghost: one.compare?.values ?? null,
        anomalies: one.anomaly_count ?? null,
      });
    }
  }
  return { step: bodies[0]?.step_s ?? 10, times: bodies[0]?.times ?? [], columns };
}

export function breakdown(by, span) {
  return call("GET", `${PERFORMANCE}/breakdown?${new URLSearchParams({ by, ...span })}`);
}

export function events(span) {
  return call("GET", `${PERFORMANCE}/events?${new URLSearchParams(span)}`);
}

export function alerts() {
  return call("GET", `${PERFORMANCE}/alerts`);
}

export const dashboards = {
  all: () => call("GET", `${ADVANCED}/dashboards`),
  one: (id) => call("GET", `${ADVANCED}/dashboards/${id}`),
  shared: (token) => call("GET", `${ADVANCED}/shared/${encodeURIComponent(token)}`),
  create: (body) => call("POST", `${ADVANCED}/dashboards`, { body }),
  replace: (id, body) => call("PUT", `${ADVANCED}/dashboards/${id}`, { body }),
  remove: (id) => call("DELETE", `${ADVANCED}/dashboards/${id}`),
  share: (id) => call("POST", `${ADVANCED}/dashboards/${id}/share`, { body: {} }),
  unshare: (id) => call("DELETE", `${ADVANCED}/dashboards/${id}/share`),
};
