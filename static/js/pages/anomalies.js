// Anomalies: the list renews itself, and a verdict is one press.
import { judge } from "../lib/analytics.js";
import { $, showMessage } from "../lib/dom.js";
import { liveBadge } from "../lib/live_badge.js";
import { SectionPart, listenToSwitches } from "../lib/section_part.js";
import { word } from "../lib/words.js";

const EVERY_MS = 15_000;
const WORDS = {
  normal: word("Kept as normal. The series is told to be more tolerant, and the mark is taken from the charts."),
  real: word("Kept as an anomaly."),
  open: word("To be judged again."),
};
const part = new SectionPart($("#anomalies"), EVERY_MS);

$("#anomalies").addEventListener("click", async ({ target }) => {
  const { judge: id, verdict } = target.closest("[data-judge]")?.dataset ?? {};
  if (!id) return;
  target.disabled = true;
  const answer = await judge(id, verdict);
  target.disabled = false;
  if (!answer.ok) return showMessage(answer.body.detail, "error");
  $("#ops-say").textContent = WORDS[verdict];
  showMessage(WORDS[verdict]);
  part.refresh();
});
listenToSwitches(part);
liveBadge();
