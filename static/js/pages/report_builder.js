// The builder without detours: fields that don't matter now are hidden, splits that a chosen figure lacks are closed.
import { $, $$, readData } from "../lib/dom.js";
import { word, words } from "../lib/words.js";

const METRICS_MAX = 12;
const SPLITS_MAX = 2;
const form = $("#builder");
const known = readData("builder-data").dimensions;

const field = (name) => form.elements[name];
const box = (name) => field(name).closest(".field");

function show(name, isShown) {
  box(name).hidden = !isShown;
}

function followPeriod() {
  const isCustom = field("period").value === "custom";
  show("first_on", isCustom);
  show("last_on", isCustom);
}

function followClock() {
  const cadence = field("cadence").value;
  show("weekday", cadence === "weekly");
  show("day", cadence === "monthly");
  show("at", cadence !== "never");
  show("time_zone", cadence !== "never");
  show("delivery", cadence !== "never");
  show("recipients", cadence !== "never" && field("delivery").value !== "in_app");
}

function followFigures() {
  const chosen = $$("[name=metrics]:checked", form).map((input) => input.value);
  const splits = $$("[name=dimensions]", form);
  const count = splits.filter((input) => input.checked).length;
  for (const input of splits) {
    const isKnown = chosen.every((name) => known[name].includes(input.value));
    if (!isKnown) input.checked = false;
    input.disabled = !isKnown || (!input.checked && count >= SPLITS_MAX);
  }
  for (const input of $$("[name=metrics]", form)) input.disabled = !input.checked && chosen.length >= METRICS_MAX;
  for (const group of $$(".figure-group", form)) {
    const inside = $$(":checked", group).length;
    $("[data-count]", group).textContent = inside ? word("{count} chosen", { count: inside }) : "";
  }
  $("#builder-say").textContent = chosen.length ? words("{count} figure", "{count} figures", chosen.length) : "";
}

field("time_zone").setAttribute("list", "zones");
if (!form.querySelector("[role=alert]") && field("time_zone").value === "UTC" && field("cadence").value === "never") {
  field("time_zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
form.addEventListener("change", () => {
  followPeriod();
  followClock();
  followFigures();
});
followPeriod();
followClock();
followFigures();
