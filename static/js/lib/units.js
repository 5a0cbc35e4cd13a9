// Measured values as people read them: number and unit apart, so that a page can set them in two sizes.
import { GAP, language, word } from "./words.js";

const MINUS = "\u2212";
export const NONE = "\u2013";

const BYTES = [[2 ** 40, "TiB"], [2 ** 30, "GiB"], [2 ** 20, "MiB"], [2 ** 10, "KiB"], [1, "B"]];
const LARGE = [[1e9, "B"], [1e6, "M"], [1e4, "k"]];
/** What is counted, when the title says it already. */
const UNSAID = { "requests/s": "/s", connections: "", sockets: "", tasks: "", entries: "", markets: "", people: "", points: "", commands: "" };
/** Units that are words. */
const NAMED = { days: word("days"), credits: word("credits"), "credits/min": word("credits/min") };
const SPANS = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]];

function fixed(value, places) {
  const text = Math.abs(value).toLocaleString(language, { minimumFractionDigits: places, maximumFractionDigits: places });
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** Three significant figures, as a glance needs them. */
function short(value) {
  const size = Math.abs(value);
  return fixed(value, size >= 100 || value === 0 ? 0 : size >= 10 ? 1 : 2);
}

function bytes(value, suffix) {
  const [scale, unit] = BYTES.find(([size]) => Math.abs(value) >= size) ?? BYTES.at(-1);
  return { number: scale === 1 ? fixed(value, 0) : short(value / scale), unit: unit + suffix };
}

function milliseconds(value) {
  if (Math.abs(value) >= 1_000) return { number: short(value / 1_000), unit: "s" };
  return { number: Math.abs(value) >= 100 ? fixed(value, 0) : fixed(value, Math.abs(value) >= 10 ? 1 : 2), unit: "ms" };
}

function seconds(value) {
  if (value !== 0 && Math.abs(value) < 1) return milliseconds(value * 1_000);
  if (Math.abs(value) < 120) return { number: Math.abs(value) >= 10 ? fixed(value, 0) : fixed(value, 1), unit: "s" };
  const [scale, unit] = SPANS.find(([size]) => Math.abs(value) >= 2 * size) ?? SPANS.at(-1);
  return { number: short(value / scale), unit };
}

/** {number, unit} of a value of a series; `spec` is its entry of the catalogue. */
export function reading(value, spec) {
  if (value === null || value === undefined || Number.isNaN(value)) return { number: NONE, unit: "" };
  const unit = UNSAID[spec.unit] ?? spec.unit ?? "";
  if (unit === "bytes" || unit === "bytes/s") return bytes(value, unit.slice(5));
  if (unit === "ms") return milliseconds(value);
  if (unit === "s") return seconds(value);
  if (unit === "0/1") return { number: value >= 1 ? word("fine") : word("broken"), unit: "" };
  const large = LARGE.find(([size]) => Math.abs(value) >= size);
  if (large) return { number: short(value / (large[1] === "k" ? 1_000 : large[0])) + large[1], unit: NAMED[unit] ?? unit };
  return { number: fixed(value, Math.abs(value) >= 1_000 ? 0 : spec.decimals ?? 1), unit: NAMED[unit] ?? unit };
}

export function readingText(value, spec) {
  const { number, unit } = reading(value, spec);
  return unit === "" ? number : unit === "%" ? `${number}${GAP}%` : unit.startsWith("/") ? number + unit : `${number} ${unit}`;
}

/** For an axis: without a unit that would take the room of the chart. */
export function axisText(value, spec) {
  const { number, unit } = reading(value, { ...spec, decimals: Number.isInteger(value) ? 0 : 2 });
  const plain = /[.,]/.test(number) ? number.replace(/[.,]?0+$/, "") : number;
  if (value === 0) return "0";
  if (unit === "%") return `${plain}${GAP}%`;
  const short = unit.replace("iB", "").replace(/\/s$/, "");
  return short.length > 0 && short.length <= 3 ? `${plain} ${short}` : plain;
}

/** How long: "40 s", "22 min", "3 h 12 min", "2 d 4 h". */
export function span(total) {
  let left = Math.max(0, Math.round(total));
  const parts = [];
  for (const [size, unit] of SPANS) {
    const count = Math.floor(left / size);
    if (count && parts.length < 2) parts.push(`${count} ${unit}`);
    else if (parts.length) break;
    if (unit === "min" && parts.length) break;
    left -= count * size;
  }
  return parts.join(" ") || "0 s";
}

export { clockText, momentText } from "./moments.js";
