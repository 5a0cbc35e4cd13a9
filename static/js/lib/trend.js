// Which way a row of values goes, in one word. Pure.
import { percentOf, word } from "./words.js";
const SHARE = 0.08;
/** Changes below this say nothing, whatever their share. */
const LEAST = { "%": 1, ms: 1, s: 1, "/s": 0.2, "requests/s": 0.5 };
const POINTS_MIN = 6;
/** What `trend` answers, in words. */
export const WAY_WORDS = { rising: word("rising"), falling: word("falling"), steady: word("steady"), unknown: "" };
export const ARROWS = { rising: "↗", falling: "↘", steady: "→", unknown: "" };

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** "rising" when the last third lies clearly above the first: by 8 % and by more than the usual wobble. */
export function trend(values, unit = "") {
  const known = values.filter((value) => value !== null && value !== undefined);
  if (known.length < POINTS_MIN) return "unknown";
  const third = Math.floor(known.length / 3);
  const [before, after] = [mean(known.slice(0, third)), mean(known.slice(-third))];
  const middle = mean(known);
  const wobble = Math.sqrt(mean(known.map((value) => (value - middle) ** 2)) / third);
  const change = after - before;
  if (Math.abs(change) <= Math.max(SHARE * Math.abs(middle), 2 * wobble, LEAST[unit] ?? 0)) return "steady";
  return change > 0 ? "rising" : "falling";
}

const WAYS = { up: "rising", down: "falling", flat: "steady", unknown: "unknown" };

/** A trend of the API against an hour ago, in words: "↗ 12% in an hour, worse". */
export function trendWords({ direction, change_percent: change, verdict }) {
  const way = WAYS[direction] ?? "unknown";
  if (way === "unknown") return word("no trend yet");
  if (way === "steady") return [ARROWS.steady, word("as an hour ago")].join(" ");
  const amount = change === null ? WAY_WORDS[way] : percentOf(Math.abs(change), Math.abs(change) < 10 ? 1 : 0);
  const told = { better: word("{amount} in an hour, better", { amount }), worse: word("{amount} in an hour, worse", { amount }) };
  return [ARROWS[way], told[verdict] ?? word("{amount} in an hour", { amount })].join(" ");
}
