// Scaling: targets as they stand, instances over time, decisions with their reasons, and other policies tried on a day.
import { scaling } from "../lib/analytics.js";
import { colour } from "../lib/colour.js";
import { DecisionList } from "../lib/decision_list.js";
import { $, $$, readData, showMessage } from "../lib/dom.js";
import { liveBadge } from "../lib/live_badge.js";
import { PlainChart, WHOLE } from "../lib/plain_chart.js";
import { SectionPart, listenToSwitches } from "../lib/section_part.js";
import { WhatIf, stepLines, stepped } from "../lib/what_if.js";
import { word } from "../lib/words.js";

const EVERY_MS = 15_000;
const state = { target: $("#scaling-target [data-target]")?.dataset.target ?? "web", range: "24h", isWhole: false };
const part = new SectionPart($("#targets"), EVERY_MS);
const list = new DecisionList($("#decisions"), $("#decisions-more"));
const whatIf = new WhatIf(readData("ops-data").policies);
const chart = new PlainChart($("#scaling-chart .chart-plot"), {
  series: () => [...stepLines(), { stroke: colour("series-3"), width: 1.25, dash: [2, 3], points: { show: false }, paths: stepped }],
  axis: String,
  incrs: WHOLE,
  range: (_, high) => [0, (high ?? 1) + 1],
});

async function readTimeline() {
  const answer = await scaling.timeline(state.target, state.range);
  if (!answer.ok) return;
  const { start, step_s: step, instances, wished, forecast } = answer.body;
  const times = instances.map((_, index) => Date.parse(start) / 1_000 + index * step);
  chart.show([times, instances, wished, forecast]);
  const known = instances.filter((count) => count !== null);
  const words = known.length
    ? word("{target}: now {now}, least {low}, most {high} instances.", { target: state.target, now: known.at(-1), low: Math.min(...known), high: Math.max(...known) })
    : word("Nothing was decided in this time.");
  $("#scaling-words").textContent = words;
}

function press(group, name, value) {
  for (const button of $$(`${group} button`)) button.setAttribute("aria-pressed", String(button.dataset[name] === value));
}

function show() {
  press("#scaling-target", "target", state.target);
  press("#scaling-range", "range", state.range);
  readTimeline();
  list.show(state.target, state.isWhole);
  whatIf.show(state.target);
}

async function act(ask, words) {
  const answer = await ask;
  if (!answer.ok) return answer.body.detail;
  document.activeElement?.blur?.();
  showMessage(words);
  part.text = null;
  await part.refresh();
  return null;
}

$("#scaling-target").addEventListener("click", ({ target }) => {
  if (!target.dataset.target) return;
  state.target = target.dataset.target;
  show();
});
$("#scaling-range").addEventListener("click", ({ target }) => {
  if (!target.dataset.range) return;
  state.range = target.dataset.range;
  press("#scaling-range", "range", state.range);
  readTimeline();
});
$("#decisions-all").addEventListener("click", ({ currentTarget }) => {
  state.isWhole = !state.isWhole;
  currentTarget.setAttribute("aria-pressed", String(state.isWhole));
  list.show(state.target, state.isWhole);
});
$("#targets").addEventListener("click", async ({ target }) => {
  const { release, goOn } = target.dataset;
  if (!release && !goOn) return;
  const ask = release ? scaling.release(release) : scaling.pause({ target: goOn, pause: "none" });
  const failure = await act(ask, release ? word("{target} follows its policies again.", { target: release }) : word("The pause of {target} has ended.", { target: goOn }));
  if (failure) showMessage(failure, "error");
});
$("#targets").addEventListener("submit", async (event) => {
  const form = event.target;
  event.preventDefault();
  const { manual, pause } = form.dataset;
  const fields = Object.fromEntries(new FormData(form));
  const body = { ...fields, target: manual ?? pause, duration_s: Number(fields.duration_s) };
  if (manual) body.target_instances = Number(fields.target_instances);
  form.closest("details").open = false;
  const failure = await act(manual ? scaling.manual(body) : scaling.pause(body), manual ? word("{target} is held at {count}.", { target: manual, count: body.target_instances }) : word("{target} is paused.", { target: pause }));
  if (!failure) return;
  form.closest("details").open = true;
  Object.assign($(".field-error", form), { textContent: failure, hidden: false });
});
listenToSwitches(part);
liveBadge();
show();
setInterval(() => {
  if (document.hidden) return;
  readTimeline();
  list.read();
}, EVERY_MS);
