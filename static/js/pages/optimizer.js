// The optimizer's board: renewed every few seconds, with buttons to approve, dismiss and take back.
import { call } from "../lib/api.js";
import { $, showMessage } from "../lib/dom.js";
import { liveBadge } from "../lib/live_badge.js";
import { SectionPart, listenToSwitches } from "../lib/section_part.js";
import { word } from "../lib/words.js";

const EVERY_MS = 5_000;
const WORDS = { approve: word("It is being done, and watched."), dismiss: word("It is not proposed again for a day."), revert: word("What was before is in force again.") };
const part = new SectionPart($("#board"), EVERY_MS);

$("#board").addEventListener("click", async ({ target }) => {
  const { decide, id } = target.dataset;
  if (!decide) return;
  target.disabled = true;
  const answer = await call("POST", `/ai-optimization/recommendations/${id}/${decide}`, { body: {} });
  if (answer.ok) showMessage(WORDS[decide]);
  else showMessage(answer.body.detail, "error");
  target.disabled = false;
  part.text = null;
  await part.refresh();
});
listenToSwitches(part);
liveBadge();
