// How a value stands to its limits, and since when. Pure.
import { word } from "./words.js";

/** "good", "warning", "critical", or "unknown" without a value; a measure without limits is always good. */
export function stateOf(value, spec) {
  if (value === null || value === undefined) return "unknown";
  const isPast = (limit) => limit !== null && limit !== undefined && (spec.better === "high" ? value <= limit : value >= limit);
  if (spec.better === null) return "good";
  return isPast(spec.critical) ? "critical" : isPast(spec.warn) ? "warning" : "good";
}

/** The word for being past a limit. */
export function pastWord(spec) {
  if (spec.unit === "0/1") return word("Broken");
  return spec.better === "high" ? word("Low") : word("High");
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

const WATCHED = 10;

/** What needs attention, without the blinks of single seconds: past a limit now and in half of the last ten. */
export class Attention {
  constructor() {
    this.seconds = [];
  }

  /** `past` of one second: series -> "warning" | "critical"; gives the same of what lasts. */
  of(past) {
    this.seconds = [...this.seconds, past].slice(-WATCHED);
    const needed = Math.ceil(this.seconds.length / 2);
    const names = new Set(this.seconds.flatMap(Object.keys));
    const found = [...names].map((name) => [name, this.#lasting(name, needed)]);
    return Object.fromEntries(found.filter(([, state]) => state !== null));
  }

  #lasting(name, needed) {
    const states = this.seconds.map((past) => past[name]).filter(Boolean);
    const now = this.seconds.at(-1)[name];
    if (!now || states.length < needed) return null;
    return now === "critical" && states.filter((state) => state === "critical").length >= needed ? "critical" : "warning";
  }
}

/** How long the last known value stands when a second has none, as response times of an idle site. */
const HELD_S = 10;

export class Held {
  constructor() {
    this.last = new Map();
  }

  /** The values of a second; a mean without an event in it stays for a moment what it was. */
  of(values, second) {
    for (const [name, value] of Object.entries(values)) {
      if (value !== null) this.last.set(name, { value, second });
    }
    const known = (name) => {
      const last = this.last.get(name);
      return last && second - last.second <= HELD_S ? last.value : null;
    };
    return Object.fromEntries(Object.keys(values).map((name) => [name, known(name)]));
  }
}
