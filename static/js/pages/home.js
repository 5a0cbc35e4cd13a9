// The home page: prices move without reload, and "load more" adds cards in place.
import { fragment } from "../lib/api.js";
import { $, $$ } from "../lib/dom.js";
import { numbers, showPrices } from "../lib/prices.js";
import { Stream } from "../lib/stream.js";

const WATCHED_MAX = 200;
const cards = () => $$("[data-market]");
const ids = () => cards().slice(0, WATCHED_MAX).map((card) => Number(card.dataset.market));

function onTicker(frame) {
  const card = $(`[data-market="${frame.market_id}"]`);
  if (!card) return;
  const prices = numbers(frame.data.prices);
  showPrices(card, Object.keys(prices), prices);
}

const stream = new Stream({ channels: ["ticker"], markets: ids(), handlers: { ticker: onTicker } });

document.addEventListener("click", async (event) => {
  const link = event.target.closest("#more a");
  if (!link) return;
  event.preventDefault();
  link.setAttribute("aria-disabled", "true");
  const html = await fragment(link.getAttribute("href"));
  if (html === null) return location.assign(link.href);
  const page = new DOMParser().parseFromString(html, "text/html");
  const added = $$("#cards > li", page);
  $("#cards").append(...added);
  added[0]?.querySelector("a")?.focus();
  const more = $("#more", page);
  if (more) $("#more").replaceWith(more);
  else $("#more").remove();
  stream.setMarkets(ids());
});
