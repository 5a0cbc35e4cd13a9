// An incident: its state renews itself; charts of its series around the moment; people act through the API.
import { LevelChart, act } from "../lib/alerting.js";
import { $, readData, showMessage } from "../lib/dom.js";
import { liveBadge } from "../lib/live_badge.js";
import { history } from "../lib/metrics.js";
import { SectionPart } from "../lib/section_part.js";
import { readingText } from "../lib/units.js";
import { word } from "../lib/words.js";

const EVERY_MS = 5_000;
const { charts, id } = readData("ops-data");
const iso = (seconds) => new Date(seconds * 1_000).toISOString();
const part = new SectionPart($("#incident"), EVERY_MS);

async function draw(chart, number) {
  const span = { start: iso(chart.start), end: iso(Math.min(chart.end, Date.now() / 1_000)) };
  const answer = await history({ names: [chart.series], span, dimension: chart.dimension });
  const place = $(`[data-chart="${number}"]`);
  if (!answer.ok) {
    place.textContent = answer.body.detail;
    return;
  }
  const { times, columns } = answer.body;
  const values = columns.get(chart.series)?.values ?? times.map(() => null);
  const told = $(`[data-value="${number}"]`);
  const say = (index) => {
    const value = index === null ? values.findLast((one) => one !== null) : values[index];
    told.textContent = readingText(value ?? null, chart);
  };
  const figure = new LevelChart(place, { levels: chart.levels, format: (value) => readingText(value, chart), onPoint: say });
  figure.show(times, values, [[chart.from, chart.until ?? Date.now() / 1_000]]);
  say(null);
}

async function does(path, body, words) {
  if (!(await act("POST", path, body))) return;
  showMessage(words);
  part.refresh();
}

$("#incident").addEventListener("click", ({ target }) => {
  const { act: what, judge, verdict } = target.closest("button")?.dataset ?? {};
  if (judge) does(`/alerts/${judge}/judge`, { verdict }, word("Kept. Noise scores and proposals follow it."));
  if (what === "resolve") does(`/incidents/${id}/resolve`, {}, word("Resolved."));
  if (what === "acknowledge") {
    const limit = $("#limit").value;
    does(`/incidents/${id}/acknowledge`, limit ? { limit_s: Number(limit) } : {}, word("Taken. Nobody else is called."));
  }
});
$("#comment-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("#comment-text").value;
  $("#comment-text").value = "";
  does(`/incidents/${id}/comment`, { text }, word("Said."));
});
$("#assign-form")?.addEventListener("submit", (event) => {
  event.preventDefault();
  does(`/incidents/${id}/assign`, { assignee: $("#assignee").value.trim() }, word("Assigned."));
});
charts.forEach(draw);
liveBadge();
