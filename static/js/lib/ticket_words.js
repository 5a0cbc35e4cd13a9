// What the ticket says about an order, from the documents that the API answers.
import { NONE, cents, credits, percent, quantity, signedCredits } from "./format.js";
import { language, word } from "./words.js";

/** Cash that a buyer pays or a seller gets, fee included. */
export function totalOf(order) {
  return Number(order.cost) + (order.side === "buy" ? Number(order.fee) : -Number(order.fee));
}

/** Texts for the lines of the preview, by their names. */
export function previewTexts(order) {
  const [filled, rest, total] = [Number(order.filled), Number(order.remaining), totalOf(order)];
  return {
    average: order.average_price === null ? NONE : cents(Number(order.average_price)),
    payout: credits(filled),
    profit: signedCredits(filled - total),
    after: order.prices ? percent(Number(order.prices[order.outcome])) : NONE,
    fee: credits(Number(order.fee)),
    total: credits(total),
    rest: rest ? word("{shares} shares wait in the book until someone takes them.", { shares: quantity(rest) }) : "",
  };
}

/** The button says what it does. */
export function buttonWords(order, name) {
  const isBuy = order.side === "buy";
  const [filled, rest] = [Number(order.filled), Number(order.remaining)];
  if (!filled) {
    const values = { shares: quantity(rest), name, price: cents(Number(order.price)) };
    return isBuy ? word("Buy {shares} {name} at {price}", values) : word("Sell {shares} {name} at {price}", values);
  }
  if (!rest) {
    const values = { shares: quantity(filled), name, total: credits(totalOf(order)) };
    return isBuy ? word("Buy {shares} {name} for {total}", values) : word("Sell {shares} {name} for {total}", values);
  }
  const values = { shares: quantity(filled + rest), name, total: credits(totalOf(order) + rest * Number(order.price)) };
  return isBuy ? word("Buy {shares} {name} for up to {total}", values) : word("Sell {shares} {name} for about {total}", values);
}

/** What has happened. */
export function doneWords(order, name) {
  const parts = [];
  if (Number(order.filled)) {
    const values = { shares: quantity(Number(order.filled)), name, total: credits(totalOf(order)) };
    parts.push(order.side === "buy"
      ? word("Bought {shares} {name} for {total}.", values)
      : word("Sold {shares} {name} for {total}.", values));
  }
  if (Number(order.remaining)) parts.push(word("{shares} wait in the book.", { shares: quantity(Number(order.remaining)) }));
  return parts.join(" ") || word("Nothing filled, and nothing waits.");
}

/** A problem document as the trader should read it. */
export function problemWords(status, body) {
  if (status === 401) return word("You have been signed out. Reload the page and sign in.");
  if (body.code === "order.insufficient_funds") {
    return word("You have {have} free; this needs {need}.", {
      have: credits(Number(body.available)), need: credits(Number(body.required)),
    });
  }
  return body.errors?.[0]?.detail ?? body.detail;
}

const usesComma = language.startsWith("de");

/** A number as typed, as the API takes it: without thousands separators; text that is no number where it could be two. */
export function plain(text) {
  const typed = text.trim();
  if (!usesComma) return typed.replaceAll(",", "");
  if (/^[1-9]\d{0,2}\.\d{3}$/.test(typed)) return `${typed}?`;
  const grouped = /^[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/.test(typed);
  return (grouped ? typed.replaceAll(".", "") : typed).replace(",", ".");
}

/** A number of the API as the reader would type it. */
export function written(text) {
  return usesComma ? String(text).replace(".", ",") : text;
}

export function isAmount(text) {
  return /^\d{1,12}(\.\d{1,8})?$/.test(plain(text));
}

/** "62.5" cents -> "0.6250", by moving the point in the text; null if it isn't such a number. */
export function centsToPrice(text) {
  const match = /^(\d{0,2})(?:\.(\d{1,2}))?$/.exec(plain(text));
  if (!match || (!match[1] && !match[2])) return null;
  return `0.${(match[1] ?? "").padStart(2, "0")}${(match[2] ?? "").padEnd(2, "0")}`;
}

/** Part of a number of shares, rounded down to the grid. */
export function share(text, part) {
  return String(Math.floor(Number(text) * part * 10_000) / 10_000);
}
