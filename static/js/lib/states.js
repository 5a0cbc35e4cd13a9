// How a value stands to its limits, and since when. Pure.
export const WORST = ["good", "warning", "critical"];

/** "good", "warning", "critical", or "unknown" without a value; a measure without limits is always good. */
export function stateOf(value, spec) {
  if (value === null || value === undefined) return "unknown";
  const isPast = (limit) => limit !== null && limit !== undefined && (spec.better === "high" ? value <= limit : value >= limit);
  if (spec.better === null) return "good";
  return isPast(spec.critical) ? "critical" : isPast(spec.warn) ? "warning" : "good";
}

/** The word for being past a limit. */
export function pastWord(spec) {
  if (spec.unit === "0/1") return "Broken";
  return spec.better === "high" ? "Low" : "High";
}

/** How many seconds `isSo(value)` holds without a break until the newest value; a gap doesn't break it. */
export function heldFor(times, values, isSo, now) {
  let since = null;
  for (let index = times.length - 1; index >= 0; index -= 1) {
    if (values[index] === null) continue;
    if (!isSo(values[index])) return { seconds: since === null ? 0 : now - since, isWhole: false };
    since = times[index];
  }
  return { seconds: since === null ? 0 : now - since, isWhole: true };
}
