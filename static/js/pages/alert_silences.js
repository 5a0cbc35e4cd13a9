// Silences are made and ended through the API.
import { act, ask, showProblem } from "../lib/alerting.js";
import { $ } from "../lib/dom.js";
import { liveBadge } from "../lib/live_badge.js";
import { tellTimes } from "../lib/section_part.js";

const HOUR_MS = 3_600_000;

$("#silence-form")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const ends = new Date(Date.now() + Number($("#silence-hours").value) * HOUR_MS).toISOString();
  const body = { matchers: $("#silence-matchers").value, ends_at: ends, comment: $("#silence-comment").value };
  const answer = await ask("POST", "/silences", body);
  showProblem("#silence-error", answer.ok ? null : answer);
  if (answer.ok) location.reload();
});
document.addEventListener("click", async ({ target }) => {
  const { expire } = target.closest("[data-expire]")?.dataset ?? {};
  if (expire && (await act("DELETE", `/silences/${expire}`))) location.reload();
});
tellTimes();
liveBadge();
