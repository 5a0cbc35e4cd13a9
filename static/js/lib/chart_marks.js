// What lies over the lines of a chart: limits, unusual stretches, and events as a line with a mark at its foot.
import { colour } from "./colour.js";
import { momentText } from "./units.js";
import { word } from "./words.js";
import { said } from "./phrases.js";

const MARKS = {
  deploy: { glyph: "▲", token: "series-4", word: word("Deploy") },
  alert: { glyph: "●", token: "error", word: word("Alert") },
  scaling: { glyph: "◆", token: "series-3", word: word("Scaling") },
  optimizer: { glyph: "■", token: "series-4", word: word("Optimizer") },
  anomaly: { glyph: "!", token: "error", word: word("Unusual") },
};
const UNKNOWN = { glyph: "■", token: "ink-2", word: word("Event") };
const SHOWN_MAX = 40;

export const markOf = (kind) => MARKS[kind] ?? UNKNOWN;

/** `limits()` gives [{value, token}], `events()` gives [{time, kind, title, series, href}], `stretches()` [[from, to]]. */
export function marks({ names, limits, events, stretches }) {
  const holder = document.createElement("div");
  holder.className = "chart-marks";
  return {
    hooks: {
      init: (chart) => chart.over.append(holder),
      drawAxes: (chart) => {
        drawStretches(chart, stretches());
        drawLimits(chart, limits());
      },
      draw: (chart) => {
        const shown = events().filter((event) => isShown(chart, event, names)).slice(-SHOWN_MAX);
        shown.forEach((event) => line(chart, chart.valToPos(event.time, "x", true), null, markOf(event.kind).token, [2, 3]));
        placeFeet(chart, holder, shown);
      },
    },
  };
}

function isShown(chart, event, names) {
  const { min, max } = chart.scales.x;
  return event.time >= min && event.time <= max && (!event.series || names.includes(event.series));
}

/** Shades what was unusual; a minute stays wide enough to be seen on a month. */
function drawStretches(chart, stretches) {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = colour("error", 0.16);
  for (const [from, to] of stretches) {
    const [left, right] = [from, to].map((time) => Math.min(Math.max(chart.valToPos(time, "x", true), bbox.left), bbox.left + bbox.width));
    if (right > left) ctx.fillRect(left, bbox.top, Math.max(right - left, 3 * devicePixelRatio), bbox.height);
  }
  ctx.restore();
}

function drawLimits(chart, limits) {
  const { min, max } = chart.scales.y;
  for (const { value, token } of limits) {
    if (value > min && value < max) line(chart, null, chart.valToPos(value, "y", true), token, [4, 4]);
  }
}

/** A vertical line at x, or a horizontal one at y. */
function line(chart, x, y, token, dash) {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = colour(token, 0.7);
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x ?? bbox.left, y ?? bbox.top);
  ctx.lineTo(x ?? bbox.left + bbox.width, y ?? bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

function placeFeet(chart, holder, events) {
  const key = events.map(({ id, time }) => `${id}:${time}`).join();
  if (holder.dataset.key !== key) {
    holder.dataset.key = key;
    holder.replaceChildren(...events.map(foot));
  }
  events.forEach((event, index) => {
    holder.children[index].style.left = `${chart.valToPos(event.time, "x")}px`;
  });
}

function foot(event) {
  const { glyph, word: kind } = markOf(event.kind);
  const mark = document.createElement(event.href ? "a" : "span");
  if (event.href) mark.href = event.href;
  mark.className = `mark ${event.kind}`;
  mark.textContent = glyph;
  mark.title = `${kind} · ${said(event.title)} · ${momentText(event.time)}`;
  return mark;
}
