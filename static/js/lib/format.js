// Numbers as pages show them; the same words as trading_format on the server. Display only: never sent back.
import { language, word } from "./words.js";

const MINUS = "\u2212";
export const NONE = "\u2013";

function fixed(value, places) {
  const text = Math.abs(value).toLocaleString(language, { minimumFractionDigits: places, maximumFractionDigits: places });
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

// "62%" and "62.4¢", in German "62 %" and "62,4 ¢".
const GAP = language.startsWith("de") ? "\u00a0" : "";
const ZERO = /[.,]0$/;

/** 0.624 -> "62%"; only the ends get a decimal. */
export function percent(price) {
  if (price === null || Number.isNaN(price)) return NONE;
  if ((price > 0 && price < 0.01) || (price > 0.99 && price < 1)) {
    return `${fixed(Math.min(Math.max(price * 100, 0.1), 99.9), 1)}${GAP}%`;
  }
  return `${Math.round(price * 100)}${GAP}%`;
}

/** 0.624 -> "62.4¢" */
export function cents(price) {
  return price === null || Number.isNaN(price) ? NONE : `${fixed(price * 100, 1).replace(ZERO, "")}${GAP}¢`;
}

export function credits(value) {
  return fixed(value, 2);
}

export function signedCredits(value) {
  return value > 0 ? `+${fixed(value, 2)}` : fixed(value, 2);
}

export function quantity(value) {
  return fixed(value, 2).replace(/[.,]00$/, "");
}

export function creditsShort(value) {
  for (const [scale, suffix] of [[1e9, word("B")], [1e6, word("M")], [1e3, word("k")]]) {
    if (value >= scale) return fixed(value / scale, 1).replace(ZERO, "") + suffix;
  }
  return String(Math.floor(value));
}
