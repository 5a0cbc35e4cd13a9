// Alerts, insights and events as lists that say honestly when there is nothing, and why.
import { $ } from "./dom.js";
import { markOf } from "./chart_marks.js";
import { momentText } from "./units.js";
import { word } from "./words.js";
import { said } from "./phrases.js";

const SIGNS = { emergency: "▲", critical: "▲", warning: "▲", info: "●" };
const WORDS = { emergency: word("Emergency"), critical: word("Critical"), warning: word("Warning"), info: word("Info") };

const seconds = (at) => Date.parse(at) / 1_000;

export function showAlerts(items, failure = null, isOn = true) {
  fill("alerts", items, failure, severe, isOn ? word("No alert within a day.") : word("Alerting is off: no rule is looked at."));
}

export function showInsights(items, failure = null) {
  fill("insights", items, failure, severe,
    word("Nothing unusual was found in the last two hours."));
}

/** `onShow(time)` brings an event into view. */
export function showEvents(items, onShow, failure = null) {
  fill("events", items, failure, (item) => event(item, onShow),
    word("No deploy, alert or scaling in this time. They are marked on the charts when they happen."));
}

function fill(name, items, failure, make, none) {
  const feed = $(`#feed-${name}`);
  if (!feed) return;
  const body = $(".feed-body", feed);
  const key = JSON.stringify([failure, items]);
  if (feed.dataset.shown === String(key)) return;
  feed.dataset.shown = key;
  if (failure || !items.length) {
    const words = element("p", "feed-none", failure ?? none);
    return body.replaceChildren(words);
  }
  const list = element("ul", "feed-list");
  list.tabIndex = 0;
  list.append(...items.map(make));
  body.replaceChildren(list);
}

function severe(item) {
  const row = element("li", "feed-item");
  row.dataset.severity = item.severity;
  const title = element("div");
  title.append(element("span", "feed-word", WORDS[item.severity] ?? item.severity), element("strong", "", said(item.title)));
  row.append(sign(SIGNS[item.severity] ?? "●"), title, element("p", "", said(item.detail ?? "")), moment(item.at));
  return row;
}

function event(item, onShow) {
  const row = element("li", "feed-item");
  row.dataset.severity = item.kind;
  const { glyph, word: kind } = markOf(item.kind);
  const title = element("div");
  title.append(element("strong", "", `${kind}: ${said(item.title)}`));
  const show = element("button", "", momentText(seconds(item.at)));
  show.type = "button";
  show.title = word("Show this moment on the charts");
  show.addEventListener("click", () => onShow(seconds(item.at)));
  row.append(sign(glyph), title, element("p", "", said(item.detail ?? "")), show);
  return row;
}

function sign(text) {
  const made = element("span", "feed-sign", text);
  made.setAttribute("aria-hidden", "true");
  return made;
}

function moment(at) {
  const made = element("time", "", at ? momentText(seconds(at)) : "");
  if (at) made.dateTime = at;
  return made;
}

export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
