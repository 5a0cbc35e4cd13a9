// The legend of a chart with several outcomes: each is a button that shows or hides its line.
import { LINES_MAX } from "./chart.js";

/** `words` are {more, full}: the label of those that don't stand in the legend at first, and why no more fit. */
export function startLegend(place, chart, outcomes, words) {
  const draw = () => buttons.forEach(([button, outcome]) => paint(button, outcome, chart, words));
  const buttons = outcomes.map((outcome) => [made(outcome, chart, draw), outcome]);
  const [front, rest] = [buttons.slice(0, LINES_MAX), buttons.slice(LINES_MAX)];
  place.replaceChildren(...front.map(([button]) => button));
  if (rest.length) place.append(folded(rest.map(([button]) => button), words.more));
  draw();
}

function made(outcome, chart, draw) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(document.createElement("i"), outcome.name);
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    const loading = chart.toggle(outcome);
    draw();
    await loading;
  });
  return button;
}

function folded(buttons, label) {
  const details = document.createElement("details");
  const summary = document.createElement("summary");
  summary.textContent = label;
  const list = document.createElement("div");
  list.append(...buttons);
  details.append(summary, list);
  return details;
}

function paint(button, outcome, chart, words) {
  const slot = chart.slotOf(outcome.slug);
  const isFull = slot === undefined && chart.lines.length >= LINES_MAX;
  button.setAttribute("aria-pressed", String(slot !== undefined));
  button.setAttribute("aria-disabled", String(isFull));
  button.title = isFull ? words.full : "";
  button.firstChild.className = slot === undefined ? "" : `series-${slot}`;
}
