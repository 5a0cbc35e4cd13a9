// What stands below the ticket after an order: what happened, and the way back that the rules allow.
// An order that rests can be taken back at once; what has traded can't, and the page says so.
import { call } from "./api.js";

const UNDO_MS = 8_000;

/** `words` are those of the place in the page; `onCancelled` and `onReverse` do what the buttons say. */
export function resultOf(order, text, words, { onCancelled, onReverse }) {
  const result = document.createElement("div");
  result.className = "ticket-result";
  const said = document.createElement("p");
  said.textContent = text;
  result.append(said);
  if (Number(order.filled)) said.append(` ${words.final}`);
  if (Number(order.remaining)) result.append(...undo(order, words, result, onCancelled));
  else if (Number(order.filled)) result.append(button(order.side === "buy" ? words.sell : words.buy, onReverse));
  return result;
}

function button(label, onPress) {
  const found = document.createElement("button");
  found.type = "button";
  found.className = "button small";
  found.textContent = label;
  found.addEventListener("click", () => onPress(found));
  return found;
}

function undo(order, words, result, onCancelled) {
  const press = button(Number(order.filled) ? words.part : words.undo, async () => {
    clearTimeout(timer);
    bar.remove();
    press.disabled = true;
    const answer = await call("DELETE", `/orders/${order.id}`);
    if (result.contains(press)) press.replaceWith(answer.ok ? words.undone : answer.body.detail);
    onCancelled();
  });
  const bar = document.createElement("span");
  bar.className = "undo-time";
  bar.setAttribute("aria-hidden", "true");
  const end = () => {
    // Whoever is about to press it isn't robbed of it.
    if (press.matches(":focus, :hover")) timer = setTimeout(end, 1_000);
    else {
      bar.remove();
      press.replaceWith(words.later);
    }
  };
  let timer = setTimeout(end, UNDO_MS);
  return [press, bar];
}
