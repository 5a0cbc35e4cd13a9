// Another policy on the last day: the figures beside those that were, and the instances that there would have been.
import uPlot from "../../vendor/uplot-1.6.32/uPlot.esm.js";
import { $ } from "./dom.js";
import { scaling } from "./analytics.js";
import { colour } from "./colour.js";
import { element } from "./feeds.js";
import { PlainChart, WHOLE } from "./plain_chart.js";
import { momentText } from "./units.js";
import { word, decimal } from "./words.js";
import { said } from "./phrases.js";

const FIELDS = ["scale_up_threshold", "scale_down_threshold", "min_instances", "max_instances", "cooldown_period"];
const ROWS = [
  [word("Minutes above a limit"), ({ late_min: minutes }) => String(minutes)],
  [word("Instance-hours"), ({ instance_hours: hours }) => decimal(hours, 1)],
  [word("Changes"), ({ changes }) => String(changes)],
  [word("Turns"), ({ turns }) => String(turns)],
  [word("Cost, cents"), ({ cost_cents: cents }) => cents.toFixed(0)],
];
const REASONS_MAX = 12;

export class WhatIf {
  constructor(policies) {
    Object.assign(this, { policies, form: $("#what-if"), target: "" });
    this.form.elements.name.addEventListener("change", () => this.#fill());
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.#replay(); });
  }

  show(target) {
    this.target = target;
    const own = this.policies.filter((one) => one.target === target);
    this.form.elements.name.replaceChildren(...own.map(({ name }) => new Option(name, name)));
    $("#what-if-answer").hidden = true;
    this.#fill();
  }

  #fill() {
    const policy = this.policies.find(({ name }) => name === this.form.elements.name.value);
    if (policy) for (const field of FIELDS) this.form.elements[field].value = policy[field];
  }

  async #replay() {
    const body = { target: this.target, name: this.form.elements.name.value };
    for (const field of FIELDS) body[field] = Number(this.form.elements[field].value);
    const button = $("button", this.form);
    button.disabled = true;
    const answer = await scaling.whatIf(body);
    button.disabled = false;
    const error = $("#what-if-error");
    error.hidden = answer.ok;
    error.textContent = answer.ok ? "" : answer.body.detail;
    if (answer.ok) this.#tell(answer.body);
  }

  #tell({ start, step_s: step, was, now, would }) {
    $("#what-if-answer").hidden = false;
    const table = element("table", "table");
    const head = element("tr");
    head.append(...["", word("Measured"), word("Replayed as is"), word("With the change")].map((text, index) => element("th", index ? "r" : "", text)));
    table.createTHead().append(head);
    const body = table.createTBody();
    for (const [title, text] of ROWS) {
      const row = element("tr");
      row.append(element("td", "", title), ...[was, now, would].map((one) => element("td", "r", text(one))));
      body.append(row);
    }
    $("#what-if-table").replaceChildren(table);
    const times = was.instances.map((_, index) => Date.parse(start) / 1_000 + index * step);
    this.chart ??= new PlainChart($("#what-if-plot"), { series: stepLines, axis: String, incrs: WHOLE, range: (_, high) => [0, (high ?? 1) + 1] });
    this.chart.show([times, was.instances, would.instances]);
    const reasons = would.reasons.slice(0, REASONS_MAX).map((one) => element("li", "", `${momentText(Date.parse(one.at) / 1_000, 60)}: ${one.before} → ${one.count}, ${said(one.reason)}`));
    $("#what-if-reasons").replaceChildren(...(reasons.length ? reasons : [element("li", "", word("It would have changed nothing."))]));
  }
}

export function stepLines() {
  const line = (token, width, dash) => ({ stroke: colour(token), width, dash, points: { show: false }, paths: stepped });
  return [line("series-1", 2), line("series-2", 1.5, [5, 3])];
}

/** A count holds until the next one. */
export const stepped = uPlot.paths.stepped({ align: 1 });
