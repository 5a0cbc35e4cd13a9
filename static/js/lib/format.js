// Numbers as pages show them; the same words as trading_format on the server. Display only: never sent back.
const MINUS = "\u2212";
export const NONE = "\u2013";

function fixed(value, places) {
  const text = Math.abs(value).toLocaleString("en-GB", { minimumFractionDigits: places, maximumFractionDigits: places });
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

/** 0.624 -> "62%"; only the ends get a decimal. */
export function percent(price) {
  if (price === null || Number.isNaN(price)) return NONE;
  if ((price > 0 && price < 0.01) || (price > 0.99 && price < 1)) {
    return `${Math.min(Math.max(price * 100, 0.1), 99.9).toFixed(1)}%`;
  }
  return `${Math.round(price * 100)}%`;
}

/** 0.624 -> "62.4¢" */
export function cents(price) {
  return price === null || Number.isNaN(price) ? NONE : `${fixed(price * 100, 1).replace(/\.0$/, "")}¢`;
}

export function credits(value) {
  return fixed(value, 2);
}

export function signedCredits(value) {
  return value > 0 ? `+${fixed(value, 2)}` : fixed(value, 2);
}

export function quantity(value) {
  return fixed(value, 2).replace(/\.00$/, "");
}

export function creditsShort(value) {
  for (const [scale, suffix] of [[1e9, "B"], [1e6, "M"], [1e3, "k"]]) {
    if (value >= scale) return fixed(value / scale, 1).replace(/\.0$/, "") + suffix;
  }
  return String(Math.floor(value));
}
