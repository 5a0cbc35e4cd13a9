// The inbox renews itself, acts through the API, and may tell of new incidents outside of the page.
import { act } from "../lib/alerting.js";
import { $, $$, showMessage } from "../lib/dom.js";
import { liveBadge } from "../lib/live_badge.js";
import { SectionPart, listenToSwitches } from "../lib/section_part.js";
import { word } from "../lib/words.js";

const EVERY_MS = 3_000;
const KEY = "alerts-tell";
const WORDS = { acknowledge: word("Taken. Nobody else is called."), resolve: word("Resolved.") };
const box = $("#inbox");
const known = new Set(ids());
const part = new SectionPart(box, EVERY_MS, tellNew);

box.addEventListener("click", async ({ target }) => {
  const { act: what, id } = target.closest("[data-act]")?.dataset ?? {};
  if (!what) return;
  target.disabled = true;
  if (await act("POST", `/incidents/${id}/${what}`)) showMessage(WORDS[what]);
  target.disabled = false;
  part.refresh();
});

function ids() {
  return $$("[data-incident]", box).map(({ dataset }) => dataset.incident);
}

function tellNew() {
  for (const row of $$("[data-incident]", box)) {
    if (known.has(row.dataset.incident)) continue;
    known.add(row.dataset.incident);
    if (row.dataset.status === "open" && tells()) {
      const note = new Notification(row.dataset.title, { tag: `incident-${row.dataset.incident}`, body: $("p", row)?.textContent ?? "" });
      note.addEventListener("click", () => { window.focus(); location.assign(`/operations/alerts/incidents/${row.dataset.incident}`); });
    }
  }
}

const check = $("#browser-tell");
const words = $("#browser-tell-words");
const tells = () => check.checked && window.Notification?.permission === "granted";

function showState() {
  const isOff = !("Notification" in window) || Notification.permission === "denied";
  check.disabled = isOff;
  check.checked = !isOff && localStorage.getItem(KEY) === "1" && Notification.permission === "granted";
  words.textContent = isOff ? word("This browser doesn’t allow it for this site.") : check.checked ? word("While this page is open.") : "";
}

check.addEventListener("change", async () => {
  if (check.checked && Notification.permission !== "granted") await Notification.requestPermission();
  localStorage.setItem(KEY, check.checked ? "1" : "0");
  showState();
});
showState();
listenToSwitches(part);
liveBadge();
