// Puts new prices of one market wherever the page shows them.
import { $, $$, setLive } from "./dom.js";
import { cents, creditsShort, percent } from "./format.js";
import { words } from "./words.js";

/** `prices` by outcome slug as numbers; `slugs` in the order of their indexes. */
export function showPrices(root, slugs, prices) {
  for (const [attribute, format] of [["price", percent], ["cents", cents]]) {
    for (const element of $$(`[data-${attribute}]`, root)) {
      const price = prices[slugs[Number(element.dataset[attribute])]];
      if (price !== undefined) setLive(element, format(price));
    }
  }
  for (const bar of $$("[data-bar]", root)) {
    const price = prices[slugs[Number(bar.dataset.bar)]];
    if (price !== undefined) bar.setAttribute("width", Math.max(price * 100, price > 0 ? 1 : 0).toFixed(1));
  }
}

export function showTotals(root, data) {
  setLive($("[data-volume]", root), creditsShort(Number(data.volume)));
  setLive($("[data-traders]", root), String(data.traders));
  const name = $("[data-traders-word]", root);
  if (name) name.textContent = words("trader", "traders", Number(data.traders));
}

/** Prices of a ticker frame as numbers. */
export function numbers(prices) {
  return Object.fromEntries(Object.entries(prices).map(([slug, price]) => [slug, Number(price)]));
}
