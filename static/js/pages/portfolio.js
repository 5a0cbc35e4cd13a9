// The portfolio: cancel in place; positions follow the prices.
import { amendInPlace } from "../lib/amend.js";
import { call, fragment } from "../lib/api.js";
import { $, $$, calm, showMessage } from "../lib/dom.js";
import { Stream } from "../lib/stream.js";
import { isFirstSend, replace } from "../lib/swap.js";

async function refresh() {
  // Whoever edits an order keeps what they have typed.
  if ($(".amend[open]")) return;
  const html = await fragment(location.pathname + location.search);
  if (html === null) return;
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const selector of ["#portfolio", ".balance"]) {
    const fresh = $(selector, page);
    if (fresh && $(selector)) replace(selector, fresh);
  }
}
const refreshSoon = calm(refresh, 800);
const refreshCalmly = calm(refresh, 6_000);

document.addEventListener("submit", async (event) => {
  if (event.target.dataset.amend) return amendInPlace(event, refreshSoon);
  const id = event.target.dataset.cancel;
  if (!id) return;
  event.preventDefault();
  if (!isFirstSend(event.target)) return;
  const answer = await call("DELETE", `/orders/${id}`);
  if (!answer.ok) {
    showMessage(answer.body.detail, "error");
    delete event.target.dataset.sent;
  }
  refreshSoon();
});

const markets = [...new Set($$("[data-market]").map((row) => Number(row.dataset.market)))].slice(0, 200);
let isReady = false;
new Stream({
  channels: ["ticker", "orders", "fills"],
  markets,
  handlers: { order: refreshSoon, fill: refreshSoon, gap: refreshSoon, ticker: () => isReady && refreshCalmly() },
});
// Each market's first ticker says what the page already shows.
setTimeout(() => { isReady = true; }, 3_000);
