// Pages for managers: the lines of the key figures and of the charts. Everything else is in the page already.
import { DayChart } from "../lib/day_chart.js";
import { $, $$ } from "../lib/dom.js";
import { drawSpark, thinned } from "../lib/spark.js";

const { times = [], charts = {} } = JSON.parse($("#business-data")?.textContent || "{}");

for (const figure of $$("[data-chart]")) {
  const drawn = charts[figure.dataset.chart];
  if (drawn) new DayChart(figure, times, drawn);
}

for (const svg of $$("[data-days]")) {
  const values = svg.dataset.days.split(",").map((text) => (text === "" ? null : Number(text)));
  drawSpark(svg, thinned(values), {});
}
