// Editing a layout without dragging: buttons at each panel, and keys when it has the focus.
import { $, $$ } from "./dom.js";
import { element } from "./feeds.js";
import { COLUMNS, moved, resized } from "./layout.js";
import { titleOf } from "./own_panel.js";
import { said } from "./phrases.js";
import { word } from "./words.js";

const WAYS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const KINDS = { line: word("Line"), area: word("Area"), number: word("Number"), table: word("Table") };
const BYS = { "": word("Whole site"), process: word("By process"), route: word("By route") };
const SERIES_MAX = 6;

/** A select of all series, by group. */
export function fillSeries(select, specs, first = null) {
  const groups = Map.groupBy(Object.values(specs), ({ group }) => group);
  const made = [...groups].map(([group, all]) => {
    const box = element("optgroup");
    box.label = said(group[0].toUpperCase() + group.slice(1));
    box.append(...all.map(({ name, title }) => new Option(title, name)));
    return box;
  });
  select.replaceChildren(...(first ? [new Option(first, "")] : []), ...made);
}

export class OwnEditor {
  /** `board` shows the panels: `board.panels` (plain), `board.apply(panels)`, `board.boxOf(index)`. */
  constructor(board, specs, say) {
    Object.assign(this, { board, specs, say, isOn: false });
    board.grid.addEventListener("keydown", (event) => this.#key(event));
  }

  start() {
    this.isOn = true;
    this.board.grid.classList.add("is-editing");
    this.refresh();
  }

  stop() {
    this.isOn = false;
    this.board.grid.classList.remove("is-editing");
    $$(".own-panel-tools", this.board.grid).forEach((tools) => tools.remove());
  }

  add(name, kind) {
    const panel = { series: [name], dimension: "", by: "", kind, title: "", width: kind === "number" ? 1 : 2 };
    this.#apply([...this.board.panels, panel], this.board.panels.length, null);
    this.say(word("{title} added at the end.", { title: this.specs[name].title }));
  }

  /** Tools on every panel, for what it is now and where it stands. */
  refresh() {
    this.board.panels.forEach((panel, index) => {
      const box = this.board.boxOf(index);
      $(".own-panel-tools", box)?.remove();
      box.prepend(this.#tools(panel, index));
      box.tabIndex = 0;
      box.setAttribute("aria-label", word("{title}, panel {place} of {count}, {width} of {columns} columns", { title: titleOf(panel, this.specs), place: index + 1, count: this.board.panels.length, width: panel.width, columns: COLUMNS }));
      box.setAttribute("role", "group");
    });
  }

  #tools(panel, index) {
    const tools = element("div", "own-panel-tools");
    const title = titleOf(panel, this.specs);
    const last = this.board.panels.length - 1;
    const button = (text, label, key, isOff, work) => {
      const made = element("button", "own-tool", text);
      made.type = "button";
      made.dataset.tool = key;
      made.title = made.ariaLabel = `${label}: ${title}`;
      made.disabled = isOff;
      made.addEventListener("click", work);
      return made;
    };
    tools.append(
      button("←", word("Move left"), "left", index === 0, () => this.move(index, "left", "left")),
      button("→", word("Move right"), "right", index === last, () => this.move(index, "right", "right")),
      button("↑", word("Move up"), "up", index === 0, () => this.move(index, "up", "up")),
      button("↓", word("Move down"), "down", index === last, () => this.move(index, "down", "down")),
      button("−", word("Narrower"), "narrow", panel.width === 1, () => this.resize(index, -1, "narrow")),
      button("+", word("Wider"), "wide", panel.width === COLUMNS, () => this.resize(index, 1, "wide")),
      this.#choice(word("Shown as"), KINDS, panel.kind, (kind) => this.#change(index, { kind })),
      this.#choice(word("Split"), BYS, panel.by, (by) => this.#change(index, { by, series: by ? panel.series.slice(0, 1) : panel.series })),
      this.#more(panel, index),
      button("✕", word("Remove"), "remove", false, () => this.remove(index)),
    );
    return tools;
  }

  #choice(label, all, value, work) {
    const select = element("select", "own-choice");
    select.ariaLabel = label;
    select.append(...Object.entries(all).map(([key, text]) => new Option(text, key, false, key === value)));
    select.addEventListener("change", () => work(select.value));
    return select;
  }

  /** Further lines of the same unit, so that they share the axis. */
  #more(panel, index) {
    const { unit } = this.specs[panel.series[0]];
    const others = Object.values(this.specs).filter((spec) => spec.unit === unit && !panel.series.includes(spec.name));
    const select = element("select", "own-choice");
    select.ariaLabel = word("Add a line");
    select.append(new Option(word("Add a line…"), ""), ...others.map(({ name, title }) => new Option(title, name)));
    select.disabled = !others.length || panel.by !== "" || panel.series.length >= SERIES_MAX;
    select.addEventListener("change", () => this.#change(index, { series: [...panel.series, select.value] }));
    return select;
  }

  move(index, way, tool = null) {
    const after = moved(this.board.panels, index, way);
    this.#apply(after.panels, after.index, tool);
    this.say(word("Now panel {place} of {count}.", { place: after.index + 1, count: after.panels.length }));
  }

  resize(index, change, tool = null) {
    const panels = resized(this.board.panels, index, change);
    this.#apply(panels, index, tool);
    this.say(word("{width} of {columns} columns wide.", { width: panels[index].width, columns: COLUMNS }));
  }

  remove(index) {
    const title = titleOf(this.board.panels[index], this.specs);
    this.#apply(this.board.panels.toSpliced(index, 1), Math.min(index, this.board.panels.length - 2), null);
    this.say(word("{title} removed.", { title }));
  }

  #change(index, changes) {
    this.#apply(this.board.panels.with(index, { ...this.board.panels[index], ...changes }), index, null);
  }

  /** Show the new order; the focus stays with the panel, on the button that was pressed. */
  #apply(panels, index, tool) {
    this.board.apply(panels);
    this.refresh();
    const box = this.board.boxOf(index);
    if (!box) return $("#own-add").focus();
    const pressed = tool && $(`[data-tool="${tool}"]`, box);
    (pressed && !pressed.disabled ? pressed : box).focus();
  }

  #key(event) {
    const index = this.isOn ? this.board.indexOf(event.target) : -1;
    if (index < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in WAYS) this.move(index, WAYS[event.key]);
    else if (event.key === "+" || event.key === "=") this.resize(index, 1);
    else if (event.key === "-") this.resize(index, -1);
    else if (event.key === "Delete") this.remove(index);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
