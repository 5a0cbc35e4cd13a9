// The lists of markets: prices move without reload, further cards come in place, filters apply when chosen.
import { fragment } from "../lib/api.js";
import { $, $$ } from "../lib/dom.js";
import { numbers, showPrices } from "../lib/prices.js";
import { Stream } from "../lib/stream.js";
import { startWatch } from "../lib/watch.js";

startWatch();

// The shelf has the place of its rows already, so nothing jumps when they come.
const forYou = $("[data-for-you]");
if (forYou) {
  fragment(forYou.dataset.forYou).then((rows) => {
    if (rows === null) return;
    forYou.innerHTML = rows;
    stream.setMarkets(ids());
  });
}

const WATCHED_MAX = 200;
/** Cards that come by scrolling; after that a press brings more, so that the footer stays in reach. */
const PAGES_BY_SCROLLING = 3;
const ids = () => [...new Set($$("[data-market]").map((card) => Number(card.dataset.market)))].slice(0, WATCHED_MAX);

function onTicker(frame) {
  const prices = numbers(frame.data.prices);
  for (const card of $$(`[data-market="${frame.market_id}"]`)) showPrices(card, Object.keys(prices), prices);
}

const stream = new Stream({ channels: ["ticker"], markets: ids(), handlers: { ticker: onTicker } });

// --- more cards --------------------------------------------------------------------------------------------------
const root = document.documentElement;
let pages = 0;
let isLoading = false;

async function loadMore(link, { withFocus }) {
  if (isLoading) return;
  isLoading = true;
  link.setAttribute("aria-disabled", "true");
  // Whoever has scrolled to the foot already sees it again below the new cards, not jumping there.
  root.classList.toggle("is-growing", !withFocus);
  const html = await fragment(link.getAttribute("href"));
  isLoading = false;
  requestAnimationFrame(() => requestAnimationFrame(() => root.classList.remove("is-growing")));
  if (html === null) {
    link.removeAttribute("aria-disabled");
    if (withFocus) location.assign(link.href);
    return;
  }
  const page = new DOMParser().parseFromString(html, "text/html");
  const added = $$("#cards > li", page);
  $("#cards").append(...added);
  if (withFocus) added[0]?.querySelector("a")?.focus();
  const more = $("#more", page);
  if (more) $("#more").replaceWith(more);
  else $("#more").remove();
  pages += 1;
  stream.setMarkets(ids());
  watchEnd();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("#more a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  loadMore(link, { withFocus: true });
});

const end = new IntersectionObserver((seen) => {
  const link = $("#more a");
  if (link && seen.some((one) => one.isIntersecting)) loadMore(link, { withFocus: false });
}, { rootMargin: "600px" });

function watchEnd() {
  end.disconnect();
  const more = $("#more");
  if (more && pages < PAGES_BY_SCROLLING) end.observe(more);
}
// Not before the reader has moved: a short page would fetch its next one for nobody.
addEventListener("scroll", watchEnd, { once: true, passive: true });

// --- filters -----------------------------------------------------------------------------------------------------
const narrow = $("[data-narrow]");
if (narrow) {
  narrow.querySelector("button").hidden = true;
  narrow.addEventListener("change", () => {
    // What isn't asked for isn't in the address.
    for (const field of narrow.elements) if (field.name && field.value === "") field.disabled = true;
    narrow.submit();
  });
}
