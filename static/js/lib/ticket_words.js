// What the ticket says about an order, from the documents that the API answers.
import { NONE, cents, credits, percent, quantity, signedCredits } from "./format.js";
import { language, word } from "./words.js";

/** Cash that a buyer pays or a seller gets, fee included. */
export function totalOf(order) {
  return Number(order.cost) + (order.side === "buy" ? Number(order.fee) : -Number(order.fee));
}

/** Texts for the lines of the preview, by their names. What rests is counted as if it filled, at its own price. */
export function previewTexts(order, { other, available = 0, makerFee = 0 } = {}) {
  const isBuy = order.side === "buy";
  const [filled, rest] = [Number(order.filled), Number(order.remaining)];
  const waits = order.status === "waiting";
  const left = Math.min(...[order, other].filter(Boolean).map((one) => Number(one.account.available)));
  const price = Number(order.price ?? 0);
  const restFee = (rest * price * (1 - price) * makerFee) / 10_000;
  const total = totalOf(order) + rest * price + (isBuy ? restFee : -restFee);
  const fee = Number(order.fee) + restFee;
  const average = order.average_price === null ? order.price : order.average_price;
  return {
    average: average === null ? NONE : cents(Number(average)),
    payout: credits(filled + rest),
    profit: waits ? NONE : signedCredits(filled + rest - total),
    after: order.prices ? percent(Number(order.prices[order.outcome])) : NONE,
    fee: waits ? NONE : credits(fee),
    total: waits ? credits(Math.max(available - left, 0)) : credits(total),
    left: credits(left),
    label: totalLabel(isBuy, rest, waits),
    rest: restWords(order, rest, waits, other),
  };
}

function totalLabel(isBuy, rest, waits) {
  if (waits) return word("Reserved");
  if (rest) return isBuy ? word("You pay if it fills") : word("You get if it fills");
  return isBuy ? word("You pay") : word("You get");
}

function restWords(order, rest, waits, other) {
  if (other) return word("As soon as one of the two trades or ends, the other is cancelled.");
  if (waits) return word("It waits for a trade at {price}, and tells nobody of itself.", { price: cents(Number(order.trigger_price)) });
  return rest ? word("{shares} shares wait in the book until someone takes them.", { shares: quantity(rest) }) : "";
}

/** The button says what it does. */
export function buttonWords(order, name, other) {
  const isBuy = order.side === "buy";
  const [filled, rest] = [Number(order.filled), Number(order.remaining)];
  if (other || order.status === "waiting") return waitingWords(order, name, isBuy, rest, other);
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

function waitingWords(order, name, isBuy, rest, other) {
  const trigger = cents(Number((other ?? order).trigger_price));
  const values = { shares: quantity(rest), name, price: cents(Number(order.price)), trigger };
  if (other) return isBuy ? word("Buy {shares} {name} at {price} or from {trigger}", values) : word("Sell {shares} {name} at {price} or from {trigger}", values);
  return isBuy ? word("Buy {shares} {name} from {trigger} up", values) : word("Sell {shares} {name} from {trigger} down", values);
}

/** What has happened. */
export function doneWords(order, name) {
  const parts = [];
  if (order.linked_order_id) return word("Both wait: whichever trades first cancels the other.");
  if (order.status === "waiting") return word("It waits for a trade at {price}.", { price: cents(Number(order.trigger_price)) });
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
  if (body.code === "order.would_trigger") return word("It is at {price} already: move the stop price, or send a limit order.", { price: cents(Number(body.price)) });
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
