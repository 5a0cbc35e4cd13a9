// The order book of one market, kept from the stream, and its ladder: trading/web/ladder.py draws the same rows.
import { quantity } from "./format.js";

const ROWS = 6;

export class Book {
  constructor() {
    this.seq = null;
    this.sides = new Map();
  }

  snapshot(frame) {
    this.seq = frame.seq;
    this.sides.clear();
    for (const book of frame.data.books) {
      for (const [price, size] of book.bids) this.#add(book.outcome, "bid", price, Number(size));
      for (const [price, size] of book.asks) this.#add(book.outcome, "ask", price, Number(size));
    }
  }

  /** False when something was missed, so that a snapshot is needed. */
  delta(frame) {
    if (this.seq === null || frame.seq <= this.seq) return this.seq !== null;
    if (frame.seq !== this.seq + 1) return false;
    this.seq = frame.seq;
    for (const { outcome, side, price, change } of frame.data.changes) this.#add(outcome, side, price, Number(change));
    return true;
  }

  /** [[price, size]] of a side, unsorted. */
  levels(outcome, side) {
    return [...(this.sides.get(`${outcome} ${side}`) ?? [])].map(([price, size]) => [Number(price), size]);
  }

  #add(outcome, side, price, change) {
    const key = `${outcome} ${side}`;
    if (!this.sides.has(key)) this.sides.set(key, new Map());
    const levels = this.sides.get(key);
    const size = (levels.get(price) ?? 0) + change;
    // Sizes are multiples of 0.0001; what floating point leaves below half of that is nothing.
    if (size < 0.00005) levels.delete(price);
    else levels.set(price, size);
  }
}

/** {asks, bids} of the outcome with this index, best first; binary "no" is the mirror of "yes". */
export function sidesOf(book, market, index) {
  const isMirrored = market.is_binary && index === 1;
  const slug = market.outcomes[isMirrored ? 0 : index].slug;
  const [bids, asks] = [book.levels(slug, "bid"), book.levels(slug, "ask")];
  if (!isMirrored) return { bids, asks };
  const mirror = ([price, size]) => [1 - price, size];
  return { bids: asks.map(mirror), asks: bids.map(mirror) };
}

/** To whole lots, as the server counts them. */
const inLots = (size) => Math.round(size * 10_000) / 10_000;

/** Rows {cents, size, total, share}; asks from the dearest down, bids from the dearest down. */
export function ladderRows({ bids, asks }, price, liquidity) {
  const above = gathered(asks, (value) => Math.ceil(value - 1e-6));
  const below = gathered(bids, (value) => Math.floor(value + 1e-6));
  if (liquidity && price > 0 && price < 1) {
    offer(above, price, liquidity, 1);
    offer(below, price, liquidity, -1);
  }
  const bestAsks = [...above].sort((a, b) => a[0] - b[0]).slice(0, ROWS);
  const bestBids = [...below].sort((a, b) => b[0] - a[0]).slice(0, ROWS);
  const sum = (side) => side.reduce((total, [, size]) => total + size, 0);
  const deepest = Math.max(sum(bestAsks), sum(bestBids));
  return { asks: totals(bestAsks, deepest).reverse(), bids: totals(bestBids, deepest) };
}

function gathered(levels, toCents) {
  const sizes = new Map();
  for (const [price, size] of levels) {
    const key = toCents(price * 100);
    sizes.set(key, (sizes.get(key) ?? 0) + size);
  }
  return sizes;
}

function offer(sizes, price, liquidity, step) {
  const logit = (p) => Math.log(p / (1 - p));
  const exact = price * 100;
  let key = step > 0 ? Math.floor(exact + 1e-9) + 1 : Math.ceil(exact - 1e-9) - 1;
  let here = logit(price);
  for (let row = 0; row < ROWS && key > 0 && key < 100; row += 1, key += step) {
    const there = logit(key / 100);
    sizes.set(key, (sizes.get(key) ?? 0) + inLots(liquidity * Math.abs(there - here)));
    here = there;
  }
}

function totals(side, deepest) {
  let total = 0;
  return side.map(([key, size]) => {
    total = inLots(total + size);
    return { cents: key, size, total, share: deepest ? Math.round((100 * total) / deepest) : 0 };
  });
}

const SVG = "http://www.w3.org/2000/svg";

/** Draw the rows around the line that says the price now, which stays as it is. */
export function drawLadder(table, rows) {
  const body = table.tBodies[0];
  const middle = body.querySelector(".spread");
  body.replaceChildren(...rows.asks.map((row) => element(row, "ask")), middle, ...rows.bids.map((row) => element(row, "bid")));
}

function element(row, side) {
  const line = document.createElement("tr");
  line.className = side;
  for (const [index, text] of [`${row.cents}¢`, quantity(row.size), quantity(row.total)].entries()) {
    const cell = line.insertCell();
    const span = document.createElement("span");
    span.textContent = text;
    if (index === 0) {
      cell.className = "price";
      cell.append(depth(row.share));
    }
    cell.append(span);
  }
  return line;
}

function depth(share) {
  const svg = document.createElementNS(SVG, "svg");
  const rect = document.createElementNS(SVG, "rect");
  for (const [name, value] of [["class", "depth"], ["viewBox", "0 0 100 1"], ["preserveAspectRatio", "none"]]) svg.setAttribute(name, value);
  svg.setAttribute("aria-hidden", "true");
  rect.setAttribute("width", share);
  rect.setAttribute("height", 1);
  svg.append(rect);
  return svg;
}
