// The depth of a book: how many shares can be had on the way to each price. Same numbers as the ladder, drawn.
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 400;
const HEIGHT = 120;

/** `rows` are those of ladderRows; the price axis is as wide as they are. */
export function drawDepth(svg, rows, label) {
  const asks = [...rows.asks].reverse();
  const { bids } = rows;
  const all = [...bids, ...asks];
  svg.replaceChildren();
  svg.toggleAttribute("hidden", all.length === 0);
  if (!all.length) return;
  const low = Math.min(...all.map((row) => row.cents)) - 1;
  const high = Math.max(...all.map((row) => row.cents)) + 1;
  const deepest = Math.max(...all.map((row) => row.total));
  const x = (price) => (((price - low) / (high - low)) * WIDTH).toFixed(1);
  const y = (total) => (HEIGHT - (total / deepest) * (HEIGHT - 6)).toFixed(1);
  svg.append(area("bid", bids, low, x, y), area("ask", asks, high, x, y));
  svg.setAttribute("aria-label", label(bids, asks));
}

function area(side, rows, edge, x, y) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", side);
  if (!rows.length) return path;
  const steps = rows.map((row) => `H${x(row.cents)}V${y(row.total)}`).join("");
  path.setAttribute("d", `M${x(rows[0].cents)} ${HEIGHT}${steps}H${x(edge)}V${HEIGHT}Z`);
  return path;
}
