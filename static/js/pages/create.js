// A new market: similar questions while one is typed, and the picture of the loss while the liquidity is.
import { fragment } from "../lib/api.js";
import { $, $$ } from "../lib/dom.js";

const WAIT_MS = 300;
const LETTERS_MIN = 8;

/** Put what the server says about `field` into `place`; an answer to an older text is dropped. */
function follow(field, place, address, isWorth = () => true) {
  if (!field || !place) return;
  let timer = null;
  async function ask() {
    const typed = field.value;
    const html = isWorth(typed) ? await fragment(address(typed)) : "";
    if (html !== null && field.value === typed) place.innerHTML = html;
  }
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
}

const similar = $("#similar");
follow(
  $("#id_question"),
  similar,
  (q) => `${similar.dataset.similar}?${new URLSearchParams({ q })}`,
  (q) => q.trim().length >= LETTERS_MIN,
);

const loss = $("#loss");
const liquidity = $("#id_liquidity");
follow(liquidity, loss, (b) => `${loss.dataset.loss}?${new URLSearchParams({ liquidity: b, outcomes: loss.dataset.outcomes })}`);

for (const presets of $$("[data-presets]")) {
  presets.hidden = false;
  presets.addEventListener("click", (event) => {
    const chosen = event.target.closest("[data-liquidity]");
    if (!chosen) return;
    liquidity.value = chosen.dataset.liquidity;
    liquidity.dispatchEvent(new Event("input"));
  });
}
