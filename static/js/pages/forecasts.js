// Forecasts: a fan for each series whose forecasts are worth something, and the figures of all.
import { predictions } from "../lib/analytics.js";
import { $, $$, readData } from "../lib/dom.js";
import { Fan } from "../lib/fan.js";
import { element } from "../lib/feeds.js";
import { liveBadge } from "../lib/live_badge.js";
import { listenToSwitches, tellTimes } from "../lib/section_part.js";
import { TimeWindow } from "../lib/time_window.js";
import { Timeline } from "../lib/timeline.js";
import { readingText } from "../lib/units.js";
import { said } from "../lib/phrases.js";
import { decimal, word } from "../lib/words.js";

const EVERY_MS = 30_000;
/** Moving ten charts each second is more than anybody reads. */
const DRAW_EVERY_S = 5;
const HEADS = [
  word("Series"), word("In"), word("Forecast"), word("80 % interval"), word("Skill"), word("Against yesterday"), word("Error"), word("Last value's"),
  word("Trend R²"), word("Model"), word("Tries"),
];
const { specs } = readData("ops-data");
const view = new TimeWindow({ range: "6h" });
const state = { isWhole: false, fans: new Map(), timeline: null, items: [], drawn: 0 };

const specOf = (name) => specs[name] ?? { title: name, unit: "", decimals: 2, help: word("A metric of your own."), better: null };

async function read() {
  const answer = await predictions();
  if (!answer.ok) return none(answer.body.detail);
  state.items = answer.body.items;
  show();
}

function byName() {
  const found = new Map();
  for (const one of state.items) found.set(one.metric_name, [...(found.get(one.metric_name) ?? []), one]);
  const skill = (list) => Math.max(...list.map((one) => one.skill));
  return [...found].sort(([, one], [, other]) => skill(other) - skill(one));
}

function show() {
  const shown = byName().filter(([, list]) => state.isWhole || list.some((one) => !one.is_hidden));
  const worth = state.items.filter((one) => !one.is_hidden).length;
  const predictions = state.items.length;
  $("#forecast-head").textContent = predictions
    ? word("{shown} of {predictions} forecasts are worth showing", { shown: worth, predictions })
    : word("No forecasts yet");
  none(shown.length ? null : emptyWords());
  const names = shown.map(([name]) => name);
  const template = $("#chart-template");
  for (const [name] of shown) if (!state.fans.has(name)) state.fans.set(name, new Fan(name, specOf(name), template));
  for (const [name, fan] of state.fans) if (!names.includes(name)) { fan.chart.destroy(); state.fans.delete(name); }
  $("#fans").replaceChildren(...names.map((name) => state.fans.get(name).figure));
  shown.forEach(([name, list]) => state.fans.get(name).show(list, state.isWhole));
  follow(names.filter((name) => name in specs));
  table();
}

/** Read the past of what is shown; a metric of one's own has none here. */
function follow(names) {
  if (String(state.timeline?.names) !== String(names)) {
    state.timeline = new Timeline(view, names);
    state.timeline.addEventListener("data", () => draw());
  }
  if (names.length) state.timeline.load();
  draw();
}

function draw() {
  for (const [name, fan] of state.fans) fan.draw(state.timeline?.times ?? [], state.timeline?.values(name) ?? []);
}

function emptyWords() {
  return state.items.length
    ? word("No forecast comes closer than “it stays as it is” at the moment.")
    : word("No series has been measured for long enough yet: two hours for a first forecast, two days for a season.");
}

function none(words) {
  $("#fans-none").hidden = words === null;
  $("#fans-none").textContent = words ?? "";
}

function table() {
  const made = element("table", "table");
  const head = element("tr");
  head.append(...HEADS.map((text, index) => Object.assign(element("th", index ? "r" : "", text), { scope: "col" })));
  made.createTHead().append(head);
  const body = made.createTBody();
  for (const [, list] of byName()) for (const one of list) if (state.isWhole || !one.is_hidden) body.append(row(one));
  $("#forecast-table").replaceChildren(body.children.length ? made : element("p", "feed-none", emptyWords()));
  $("#forecast-table").parentElement.hidden = !state.items.length;
}

function row(one) {
  const spec = specOf(one.metric_name);
  const text = (value) => readingText(value, spec);
  const cells = [
    spec.title, `${one.horizon_min} min`, text(one.value), `${text(one.interval_80[0])} – ${text(one.interval_80[1])}`,
    decimal(one.skill, 2), one.seasonal_skill === null ? "–" : decimal(one.seasonal_skill, 2), text(one.error), text(one.naive_error),
    decimal(one.trend_r2, 2), said(one.model.replaceAll("_", " ")), String(one.tries),
  ];
  const made = element("tr", one.is_hidden ? "faint" : "");
  made.append(...cells.map((cell, index) => element("td", index ? "r" : "", cell)));
  return made;
}

function ranges() {
  for (const button of $$("#forecast-ranges [data-range]")) button.setAttribute("aria-pressed", String(button.dataset.range === view.range));
}

$("#forecast-ranges").addEventListener("click", ({ target }) => target.dataset.range && view.setRange(target.dataset.range));
view.addEventListener("change", () => { ranges(); state.timeline?.load(); });
$("#forecast-hidden").addEventListener("click", ({ currentTarget }) => {
  state.isWhole = !state.isWhole;
  currentTarget.setAttribute("aria-pressed", String(state.isWhole));
  show();
});
liveBadge((frame) => {
  // Folded into the fans a few times a minute; the legend's numbers come from there.
  if (frame.seq - state.drawn < DRAW_EVERY_S) return;
  state.drawn = frame.seq;
  state.timeline?.push(frame.seq, frame.values);
});
listenToSwitches();
tellTimes();
ranges();
read();
setInterval(() => { tellTimes(); if (!document.hidden) read(); }, EVERY_MS);
