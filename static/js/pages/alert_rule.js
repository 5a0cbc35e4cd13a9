// The rule editor: what is written is tried on what was measured while it is written.
import { LevelChart, act, ask, showProblem } from "../lib/alerting.js";
import { $, $$, calm, readData, showMessage } from "../lib/dom.js";
import { liveBadge } from "../lib/live_badge.js";
import { momentText, span } from "../lib/units.js";
import { said } from "../lib/phrases.js";
import { language, word, words } from "../lib/words.js";

const WAIT_MS = 700;
const SHOWN = 8;
const PLAIN = ["name", "expression", "condition", "levels", "for", "keep_firing_for", "by", "description", "owner", "runbook"];
const { rule, rules_url: rulesUrl } = readData("ops-data");
const form = $("#rule-form");
const value = (id) => $(`#rule-${id}`).value.trim();
const isGerman = language.startsWith("de");
/** What the product wrote is shown in the language of the page, and stays as it is kept while nobody changes it. */
const text = (id) => ($(`#rule-${id}`).value === $(`#rule-${id}`).defaultValue ? $(`#rule-${id}`).dataset.kept : value(id));
const shown = (number) => (isGerman ? String(number).replace(".", ",") : String(number));
let days = 7;
let chart = null;
let asked = null;

function fill() {
  for (const [name, bound] of Object.entries(rule?.levels ?? { warning: 80, critical: 95 })) {
    $(`#level-${name}`).value = [bound].flat().map(shown).join(" ");
  }
  const more = Object.fromEntries(Object.entries(rule?.definition ?? {}).filter(([name]) => !PLAIN.includes(name)));
  if (Object.keys(more).length) $("#rule-more").value = JSON.stringify(more, null, 2);
  if ("reading" in form.dataset) for (const control of form.elements) control.disabled = true;
}

/** A number, two numbers, or a span such as 5m. */
function bound(text) {
  const parts = isGerman ? text.replaceAll(",", ".").split(/\s+/) : text.split(/[\s,]+/);
  if (parts.length === 2) return parts.map(Number);
  return Number.isFinite(Number(parts[0])) ? Number(parts[0]) : text;
}

function definition() {
  const levels = Object.fromEntries($$("[data-level]").filter((one) => one.value.trim()).map((one) => [one.dataset.level, bound(one.value.trim())]));
  const found = { name: text("name") || word("A new rule"), metric_name: value("metric"), condition: value("condition"), levels };
  const texts = { for: value("for"), keep_firing_for: value("keep"), by: value("by"), description: text("description"), owner: value("owner"), runbook: value("runbook") };
  for (const [name, text] of Object.entries(texts)) if (text) found[name] = text;
  const more = $("#rule-more").value.trim();
  return more ? { ...JSON.parse(more), ...found } : found;
}

function whole() {
  const channels = $$("[data-channel]").filter((one) => one.checked).map((one) => one.dataset.channel);
  return { ...definition(), notification_channels: channels, category: value("category"), enabled: $("#rule-enabled").checked };
}

async function preview() {
  asked?.abort();
  asked = new AbortController();
  let rule_;
  try {
    rule_ = definition();
  } catch {
    return showProblem("#rule-error", { body: { detail: word("Further fields are no JSON.") } });
  }
  let answer;
  try {
    answer = await ask("POST", "/rules/backtest", { rule: rule_, days }, asked.signal);
  } catch {
    return;
  }
  showProblem("#rule-error", answer.ok ? null : answer);
  if (!answer.ok) {
    $("#preview-sentence").textContent = word("It can’t be tried like this.");
    return;
  }
  show(answer.body);
}

function show(found) {
  const when = words("in the last day", "in the last {count} days", days);
  const noise = !found.noise ? "" : word("{percent} % of it would have been noise.", { percent: Math.round(found.noise * 100) });
  const fired = found.fired
    ? words("It would have fired once {when}.", "It would have fired {count} times {when}.", found.fired, { when })
    : word("It would not have fired {when}.", { when });
  const begun = Date.parse(found.start) / 1_000;
  const young = Date.parse(found.end) / 1_000 - begun < (days - 0.1) * 86_400;
  $("#preview-sentence").textContent = `${fired} ${noise}`.trim();
  $("#preview-since").textContent = young ? word("Measured since {moment}.", { moment: momentText(begun, 60) }) : "";
  const episodes = found.episodes.map((one) => [Date.parse(one.started_at) / 1_000, Date.parse(one.ended_at ?? found.end) / 1_000]);
  chart?.destroy();
  $("#preview-plot").replaceChildren();
  if (found.values.every((one) => one === null)) {
    $("#preview-plot").textContent = word("Nothing was measured of it in this time.");
  } else {
    chart = new LevelChart($("#preview-plot"), { levels: plainLevels(found), format: (one) => String(Number(one.toPrecision(4))) });
    chart.show(found.times, found.values, episodes);
  }
  $("#preview-episodes").replaceChildren(...found.episodes.slice(-SHOWN).reverse().map(line));
}

/** Only where the threshold is one of the values. */
function plainLevels({ levels }) {
  return ["gt", "ge", "lt", "le", "eq", "ne", "forecast"].includes(value("condition")) ? levels : {};
}

function line(one) {
  const item = document.createElement("li");
  const [from, until] = [Date.parse(one.started_at) / 1_000, one.ended_at && Date.parse(one.ended_at) / 1_000];
  const where = one.labels.process ?? one.labels.route ?? "";
  const lasted = until ? word("for {span}", { span: span(until - from) }) : word("still firing");
  const why = { no_data: word("there was no data"), error: word("it couldn’t be evaluated") }[one.cause];
  const told = `${said(one.severity)} ${where} ${momentText(from, 60)}, ${lasted}`;
  item.textContent = why ? `${told}, ${why}` : told;
  return item;
}

form.addEventListener("input", calm(preview, WAIT_MS));
for (const button of $$("[data-days]")) {
  button.addEventListener("click", () => {
    days = Number(button.dataset.days);
    for (const other of $$("[data-days]")) other.setAttribute("aria-pressed", String(other === button));
    preview();
  });
}
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await ask(rule ? "PUT" : "POST", rule ? `/rules/${rule.id}` : "/rules", whole());
  showProblem("#rule-error", answer.ok ? null : answer);
  if (answer.ok) location.assign(rulesUrl);
});
$("#rule-test")?.addEventListener("click", async () => {
  const sent = await act("POST", "/test-alert", { rule_id: rule.id });
  if (sent) showMessage(sent.deliveries.length ? word("Sent to {channels}. See Messages for how it went.", { channels: sent.deliveries.map((one) => one.channel).join(", ") }) : word("No channel is told: make one the default."));
});
$("#rule-delete")?.addEventListener("click", async () => {
  if (confirm(word("Delete {name}? What fires of it ends.", { name: rule.name })) && (await act("DELETE", `/rules/${rule.id}`))) location.assign(rulesUrl);
});
fill();
preview();
liveBadge();
