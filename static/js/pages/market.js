// The market page: chart, ladder, ticket, and everything that moves.
import { amendInPlace } from "../lib/amend.js";
import { call, fragment } from "../lib/api.js";
import { readCommentsInPlace } from "../lib/comments.js";
import { drawDepth } from "../lib/depth.js";
import { $, $$, calm, flash, readData, showMessage } from "../lib/dom.js";
import { quantity } from "../lib/format.js";
import { showInsights } from "../lib/insights.js";
import { Book, drawLadder, ladderRows, sidesOf } from "../lib/ladder.js";
import { MarketChart } from "../lib/market_chart.js";
import { numbers, showPrices, showTotals } from "../lib/prices.js";
import { renew } from "../lib/renewal.js";
import { Stream } from "../lib/stream.js";
import { fill, isFirstSend } from "../lib/swap.js";
import { Ticket } from "../lib/ticket.js";
import { startWatch } from "../lib/watch.js";
import { word } from "../lib/words.js";

const market = readData("market-data");
const slugs = market.outcomes.map((outcome) => outcome.slug);
const prices = Object.fromEntries(market.outcomes.map((o) => [o.slug, o.price === null ? null : o.price / 1e6]));
const book = new Book();
startWatch();

// --- chart -----------------------------------------------------------------------------------------------------
const ranked = market.outcomes.map((o) => ({ ...o, price: prices[o.slug] }));
if (!market.is_binary && !market.is_scaled) ranked.sort((a, b) => (b.price ?? 0) - (a.price ?? 0));
const age = Date.now() - Date.parse(market.created_at);
// What is over shows its whole life; its last week would be a flat line.
const isShort = !market.is_open || age < 6 * 3_600_000;
const chart = new MarketChart(market, ranked, isShort ? "all" : age < 3 * 86_400_000 ? "1d" : "1w");

// --- ladder ----------------------------------------------------------------------------------------------------
let chosen = $("#ticket-form")?.elements.outcome.value ?? slugs[0];

function drawBook() {
  const index = slugs.indexOf(chosen);
  const liquidity = market.is_open ? market.liquidity / 10_000 : 0;
  const rows = ladderRows(sidesOf(book, market, index), prices[chosen], liquidity);
  drawLadder($("#ladder"), rows);
  drawDepth($("#depth"), rows, depthWords);
}
const depthWords = (bids, asks) => word("Depth: {wanted} shares wanted, {offered} offered", {
  wanted: quantity(bids.at(-1)?.total ?? 0), offered: quantity(asks.at(-1)?.total ?? 0),
});
const drawBookSoon = calm(() => book.seq !== null && drawBook(), 200);

function chooseOutcome(slug) {
  chosen = slug;
  const index = slugs.indexOf(slug);
  $("#book-outcome").textContent = market.outcomes[index].name;
  $("#ladder .spread [data-price]").dataset.price = index;
  showPrices($("#ladder"), slugs, prices);
  drawBookSoon();
}

// --- the reader's part -------------------------------------------------------------------------------------------
async function refreshInto(selector, path) {
  const html = await fragment(path);
  if (html !== null) fill(selector, html);
}
const refreshMine = calm(async () => {
  // Whoever edits an order keeps what they have typed.
  if (!market.is_signed_in || $("#mine .amend[open]")) return;
  await refreshInto("#mine", `/markets/${market.slug}/mine`);
  ticket?.set({});
}, 400);
const refreshTrades = calm(async () => {
  const newest = $("#trades [data-trade]")?.dataset.trade;
  await refreshInto("#trades", `/markets/${market.slug}/trades`);
  for (const row of $$("#trades [data-trade]")) {
    if (row.dataset.trade === newest) break;
    flash(row);
  }
}, 1_500);

$("#mine").addEventListener("submit", async (event) => {
  if (event.target.dataset.amend) return amendInPlace(event, refreshOwn);
  const id = event.target.dataset.cancel;
  if (!id) return;
  event.preventDefault();
  if (!isFirstSend(event.target)) return;
  const answer = await call("DELETE", `/orders/${id}`);
  if (!answer.ok) {
    showMessage(answer.body.detail, "error");
    delete event.target.dataset.sent;
  }
  refreshOwn();
});

const refreshAccount = calm(async () => {
  const answer = await call("GET", "/account");
  if (answer.ok) ticket?.setAvailable(Number(answer.body.available), answer.body.available);
}, 400);

function refreshOwn() {
  refreshMine();
  refreshAccount();
}

// --- ticket ------------------------------------------------------------------------------------------------------
const form = $("#ticket-form");
const panel = $("#ticket");
const ticket = form && new Ticket(form, market, { onDone: (order) => (order ? refreshMine() : refreshOwn()), onOutcome: chooseOutcome });
const isPhone = () => matchMedia("(max-width: 1023px)").matches;

function openTicket(values = {}) {
  ticket?.set(values);
  if (values.outcome) chooseOutcome(values.outcome);
  panel.classList.add("open");
  if (ticket) ticket.focus();
  else panel.scrollIntoView({ block: "nearest" });
}

function closeTicket() {
  panel.classList.remove("open");
}

if (market.is_open) document.documentElement.classList.add("has-sheet");
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open-ticket]");
  if (opener && (ticket || isPhone())) {
    event.preventDefault();
    const values = opener.dataset.openTicket ? { outcome: opener.dataset.openTicket, side: opener.dataset.side ?? "buy" } : {};
    openTicket(values);
  } else if (event.target.closest("[data-close-ticket]") || (isPhone() && !panel.contains(event.target))) closeTicket();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") closeTicket();
  if (!ticket || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, select, textarea")) return;
  if (event.key === "b" || event.key === "s") {
    event.preventDefault();
    openTicket({ side: event.key === "b" ? "buy" : "sell" });
  }
});
if (location.hash === "#ticket" && isPhone()) openTicket();

readCommentsInPlace($("#threads"));
showInsights($("#insights"));
refreshInto("#around", `/markets/${market.slug}/around`);
if ($("#activity")) refreshInto("#activity", `/markets/${market.slug}/activity`);

const all = $("#outcomes-all");
if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    $("#outcomes").classList.add("whole");
    all.remove();
  });
}

// --- live --------------------------------------------------------------------------------------------------------
let isFirstTicker = true;
const previewSoon = calm(() => ticket?.marketMoved(), 1_000);

function onTicker(frame) {
  Object.assign(prices, numbers(frame.data.prices));
  showPrices(document, slugs, prices);
  showTotals($("#market"), frame.data);
  for (const outcome of ranked) outcome.price = prices[outcome.slug] ?? outcome.price;
  chart.push(prices);
  drawBookSoon();
  previewSoon();
  if (market.is_scaled && !isFirstTicker) refreshDistribution();
  if (isFirstTicker && frame.seq !== market.seq) {
    refreshTrades();
    refreshMine();
  }
  isFirstTicker = false;
}

const refreshDistribution = calm(async () => {
  await refreshInto("#distribution", `/markets/${market.slug}/distribution`);
  $("#headline").textContent = $("#distribution [data-mean]").textContent;
}, 1_500);

const stream = new Stream({
  channels: ["book", "trades", "ticker", "lifecycle", ...(market.is_signed_in ? ["orders", "fills"] : [])],
  markets: [market.id],
  handlers: {
    "book.snapshot": (frame) => {
      book.snapshot(frame);
      drawBookSoon();
    },
    "book.delta": (frame) => {
      if (!book.delta(frame)) stream.startAfresh();
      drawBookSoon();
    },
    ticker: onTicker,
    trade: refreshTrades,
    order: refreshOwn,
    gap: () => {
      refreshTrades();
      refreshOwn();
    },
    fill: refreshOwn,
    lifecycle: (frame) => {
      if (frame.seq > market.seq && !frame.data.event.startsWith("liquidity_")) renew();
    },
  },
});
