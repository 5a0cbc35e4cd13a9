// What the ticket says about an order, from the documents that the API answers.
import { NONE, cents, credits, percent, quantity, signedCredits } from "./format.js";

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
    rest: rest ? `${quantity(rest)} shares wait in the book until someone takes them.` : "",
  };
}

/** The button says what it does. */
export function buttonWords(order, name) {
  const verb = order.side === "buy" ? "Buy" : "Sell";
  const [filled, rest] = [Number(order.filled), Number(order.remaining)];
  if (!filled) return `${verb} ${quantity(rest)} ${name} at ${cents(Number(order.price))}`;
  if (!rest) return `${verb} ${quantity(filled)} ${name} for ${credits(totalOf(order))}`;
  const most = totalOf(order) + rest * Number(order.price);
  return `${verb} ${quantity(filled + rest)} ${name} for ${order.side === "buy" ? "up to" : "about"} ${credits(most)}`;
}

/** What has happened. */
export function doneWords(order, name) {
  const parts = [];
  const verb = order.side === "buy" ? "Bought" : "Sold";
  if (Number(order.filled)) parts.push(`${verb} ${quantity(Number(order.filled))} ${name} for ${credits(totalOf(order))}.`);
  if (Number(order.remaining)) parts.push(`${quantity(Number(order.remaining))} wait in the book.`);
  return parts.join(" ") || "Nothing filled, and nothing waits.";
}

/** A problem document as the trader should read it. */
export function problemWords(status, body) {
  if (status === 401) return "You have been signed out. Reload the page and sign in.";
  if (body.code === "order.insufficient_funds") {
    return `You have ${credits(Number(body.available))} free; this needs ${credits(Number(body.required))}.`;
  }
  return body.errors?.[0]?.detail ?? body.detail;
}

/** A number as typed, without thousands separators. */
export function plain(text) {
  return text.trim().replaceAll(",", "");
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
