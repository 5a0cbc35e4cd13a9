// What lies over the lines of a chart: limits, and events as a line with a mark at its foot.
import { colour } from "./colour.js";
import { momentText } from "./units.js";

const MARKS = {
  deploy: { glyph: "▲", token: "series-4", word: "Deploy" },
  alert: { glyph: "●", token: "error", word: "Alert" },
  scaling: { glyph: "◆", token: "series-3", word: "Scaling" },
};
const UNKNOWN = { glyph: "■", token: "ink-2", word: "Event" };
const SHOWN_MAX = 40;

export const markOf = (kind) => MARKS[kind] ?? UNKNOWN;

/** `limits()` gives [{value, token}], `events()` gives [{time, kind, title, series}]. */
export function marks({ name, limits, events }) {
  const holder = document.createElement("div");
  holder.className = "chart-marks";
  return {
    hooks: {
      init: (chart) => chart.over.append(holder),
      drawAxes: (chart) => drawLimits(chart, limits()),
      draw: (chart) => {
        const shown = events().filter((event) => isShown(chart, event, name)).slice(-SHOWN_MAX);
        shown.forEach((event) => line(chart, chart.valToPos(event.time, "x", true), null, markOf(event.kind).token, [2, 3]));
        placeFeet(chart, holder, shown);
      },
    },
  };
}

function isShown(chart, event, name) {
  const { min, max } = chart.scales.x;
  return event.time >= min && event.time <= max && (!event.series || event.series === name);
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
  const { glyph, word } = markOf(event.kind);
  const mark = document.createElement("span");
  mark.className = `mark ${event.kind}`;
  mark.textContent = glyph;
  mark.title = `${word} · ${event.title} · ${momentText(event.time)}`;
  return mark;
}
