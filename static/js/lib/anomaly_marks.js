// Anomalies as marks on the charts, each a way to its evidence and to the verdict.
import { anomalies } from "./analytics.js";
import { RANGES } from "./time_window.js";
import { decimal, word } from "./words.js";

const PAGE = "/operations/anomalies";
/** What that page offers, shortest first. */
const OFFERED = ["6h", "24h", "7d", "30d"];

/** Those of the shown time that nobody called normal: [{id, time, kind, title, series, href}]. */
export async function anomalyMarks(view) {
  const [from, to] = view.bounds();
  const reach = Date.now() / 1_000 - from;
  const range = Object.keys(RANGES).find((name) => RANGES[name] >= reach) ?? "90d";
  const answer = await anomalies(range);
  if (!answer.ok) return [];
  const page = OFFERED.find((name) => RANGES[name] >= reach) ?? OFFERED.at(-1);
  return answer.body.items
    .map((one) => ({
      id: `a${one.id}`, time: Date.parse(one.at) / 1_000, kind: "anomaly", series: one.metric_name, verdict: one.verdict,
      title: word("{name}, severity {severity}", { name: one.metric_name.replaceAll("_", " "), severity: decimal(one.severity, 1) }), href: `${PAGE}?range=${page}#a${one.id}`,
    }))
    .filter(({ time, verdict }) => verdict !== "normal" && time >= from && time <= to);
}
