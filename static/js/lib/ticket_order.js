// From the ticket's fields to what the API takes: one order, or the two of a pair.
import { centsToPrice, isAmount, plain } from "./ticket_words.js";
import { word } from "./words.js";

const DAY_MS = 86_400_000;
/** Which field an error of the API belongs to; those of a pair name the order first. */
const FIELD_OF_POINTER = {
  "/quantity": "quantity", "/price": "price", "/max_cost": "amount", "/trigger_price": "trigger", "/expires_at": "expires",
  "/time_in_force": "time_in_force", "/post_only": "time_in_force", "/reduce_only": "time_in_force",
};
/** Kinds whose orders wait or rest by nature: now-or-never makes no sense for them. */
const WAITING = ["stop", "pair"];

export function fieldOf(pointer, form) {
  const found = FIELD_OF_POINTER[(pointer ?? "").replace(/^\/orders\/\d/, "")];
  return found === "amount" || found === "quantity" ? sizeField(form) : found;
}

/** The field that says how much: credits for a market buy, shares for all else. */
export function sizeField(form) {
  return form.elements.type.value === "market" && form.elements.side.value === "buy" ? "amount" : "quantity";
}

/** What is filled in for the reader when another kind or end is chosen. */
export function prepare(form, changed) {
  const { type, time_in_force: duration, expires } = form.elements;
  if (!duration) return;
  const waits = WAITING.includes(type.value);
  for (const option of duration.options) option.hidden = option.disabled = waits && !["gtc", "gtd"].includes(option.value);
  if (waits && !["gtc", "gtd"].includes(duration.value)) duration.value = "gtc";
  if (changed === "time_in_force" && duration.value === "gtd" && !expires.value) expires.value = localText(Date.now() + DAY_MS);
}

/** A moment as `datetime-local` writes it, in the zone of the browser. */
function localText(ms) {
  const moment = new Date(ms);
  return new Date(ms - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/**
 * {orders} with one order or the two of a pair, {error: [field, text]} when one can't be read, and {} while one is empty.
 */
export function readOrders(form, marketId) {
  const { outcome, side, type } = form.elements;
  const size = form.elements[sizeField(form)];
  if (size.value && !isAmount(size.value)) {
    return { error: [size.name, size.name === "amount" ? word("Give the credits to spend, such as 25.") : word("Give a number of shares, such as 10.")] };
  }
  const order = { market_id: marketId, outcome: outcome.value, side: side.value };
  if (!size.value) return {};
  if (type.value === "market") return { orders: [{ ...order, type: "market", [size.name === "amount" ? "max_cost" : "quantity"]: plain(size.value) }] };
  return waiting(form, { ...order, quantity: plain(size.value) });
}

function waiting(form, order) {
  const { type, price, trigger, time_in_force: duration, expires, post_only: postOnly, reduce_only: reduceOnly } = form.elements;
  const limit = centsToPrice(price.value);
  const reached = centsToPrice(trigger.value);
  const cents = word("Give a price in cents, such as 62 or 62.5.");
  if (price.value && limit === null) return { error: ["price", cents] };
  if (type.value !== "limit" && trigger.value && reached === null) return { error: ["trigger", cents] };
  const end = { time_in_force: duration.value };
  if (duration.value === "gtd") {
    const moment = new Date(expires.value);
    if (Number.isNaN(moment.getTime())) return { error: ["expires", word("Give the day and the time at which it ends.")] };
    end.expires_at = moment.toISOString();
  }
  if (type.value === "limit") {
    if (!price.value) return {};
    return { orders: [{ ...order, ...end, type: "limit", price: limit, post_only: postOnly.checked, reduce_only: order.side === "sell" && reduceOnly.checked }] };
  }
  if (!trigger.value) return {};
  if (type.value === "pair") {
    if (!price.value) return {};
    return { orders: [{ ...order, ...end, type: "limit", price: limit }, { ...order, ...end, type: "stop", trigger_price: reached }] };
  }
  const stop = { ...order, ...end, trigger_price: reached };
  return { orders: [price.value ? { ...stop, type: "stop_limit", price: limit } : { ...stop, type: "stop" }] };
}
