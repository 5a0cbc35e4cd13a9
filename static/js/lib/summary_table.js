// Everything that the charts show, as one table.
import { $$ } from "./dom.js";
import { element } from "./feeds.js";
import { readingText } from "./units.js";
import { word } from "./words.js";

const HEADS = [word("Measure"), word("Now"), word("Mean"), word("Least"), word("Most"), word("Last week")];

/** Fill `box` with the series of `timeline`, in the order of `names`. */
export function showTable(box, timeline, names, specs) {
  const table = element("table", "table");
  const head = element("tr");
  HEADS.forEach((text, index) => {
    const cell = element("th", index ? "r" : "", text);
    cell.scope = "col";
    head.append(cell);
  });
  table.createTHead().append(head);
  const body = table.createTBody();
  for (const name of names) body.append(row(timeline, name, specs[name]));
  const wrap = element("div", "table-wrap panel");
  wrap.append(table);
  box.replaceChildren(wrap);
}

function row(timeline, name, spec) {
  const column = timeline.columns.get(name);
  const known = (values) => (values ?? []).filter((value) => value !== null && value !== undefined);
  const values = known(column?.values);
  const ghost = known(column?.ghost);
  const mean = (all) => (all.length ? all.reduce((sum, value) => sum + value, 0) / all.length : null);
  const least = known(column?.min).reduce((a, b) => Math.min(a, b), Infinity);
  const most = known(column?.max).reduce((a, b) => Math.max(a, b), -Infinity);
  const shown = [values.at(-1) ?? null, mean(values), values.length ? least : null, values.length ? most : null, mean(ghost)];
  const made = element("tr");
  const title = element("td", "", spec.title);
  title.title = spec.help;
  made.append(title, ...shown.map((value) => element("td", "r", readingText(value, spec))));
  return made;
}

export const namesOnPage = () => [...new Set($$("#ops-charts [data-series]").map(({ dataset }) => dataset.series))];
