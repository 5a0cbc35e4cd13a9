// Open orders edited in their row: what was changed goes to the API, and a refusal leaves the row as it is.
import { call } from "./api.js";
import { showMessage } from "./dom.js";
import { isFirstSend } from "./swap.js";
import { centsToPrice, isAmount, plain, problemWords } from "./ticket_words.js";
import { word } from "./words.js";

/** Handles the submit of an amend form; `onDone` is called after the order has its new terms. */
export async function amendInPlace(event, onDone) {
  const form = event.target;
  event.preventDefault();
  const { price, quantity } = form.elements;
  const wrong = centsToPrice(price.value) === null
    ? [price, word("Give a price in cents, such as 62 or 62.5.")]
    : !isAmount(quantity.value) && [quantity, word("Give a number of shares, such as 10.")];
  for (const field of [price, quantity]) field.removeAttribute("aria-invalid");
  if (wrong) {
    wrong[0].setAttribute("aria-invalid", "true");
    wrong[0].focus();
    showMessage(wrong[1], "error");
    return;
  }
  const body = {};
  if (price.value !== price.defaultValue) body.price = centsToPrice(price.value);
  if (quantity.value !== quantity.defaultValue) body.quantity = plain(quantity.value);
  if (Object.keys(body).length && !(await isTaken(form, body))) return;
  form.closest("details").open = false;
  onDone();
}

async function isTaken(form, body) {
  if (!isFirstSend(form)) return false;
  const answer = await call("PATCH", `/orders/${form.dataset.amend}`, { body });
  delete form.dataset.sent;
  if (!answer.ok) showMessage(problemWords(answer.status, answer.body), "error");
  return answer.ok;
}
