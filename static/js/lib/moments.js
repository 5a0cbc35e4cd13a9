// Moments on axes and in pointers: in the reader's zone and language. Times are seconds since 1970.
import { language, zone } from "./words.js";

const clock = formatter("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const day = formatter(language, { day: "numeric", month: "short" });
const month = formatter(language, { month: "short", year: "numeric" });
const date = formatter("en-CA", { year: "numeric", month: "2-digit", day: "2-digit" });

function formatter(locale, options) {
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
  } catch {
    // A zone that this browser doesn't know.
    return new Intl.DateTimeFormat(locale, options);
  }
}

/** The time of day, as exact as the step between two points needs. */
export function clockText(time, step = 1) {
  const text = clock.format(time * 1_000);
  return step < 60 ? text : text.slice(0, 5);
}

export function dayText(time) {
  return day.format(time * 1_000);
}

export function isMidnight(time) {
  return clock.format(time * 1_000).startsWith("00:00");
}

/** With the day, unless that is today. */
export function momentText(time, step = 1) {
  const isToday = date.format(time * 1_000) === date.format(Date.now());
  return isToday ? clockText(time, step) : `${dayText(time)} ${clockText(time, step)}`;
}

/** A mark of Lightweight Charts: `kind` is 0 for years, 1 months, 2 days, 3 times, 4 with seconds. */
export function tickText(time, kind) {
  if (kind < 2) return month.format(time * 1_000);
  return kind === 2 ? dayText(time) : clockText(time, kind === 4 ? 1 : 60);
}
