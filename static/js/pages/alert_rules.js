// The list of rules: proposed thresholds are decided on with one press.
import { act } from "../lib/alerting.js";
import { liveBadge } from "../lib/live_badge.js";
import { tellTimes } from "../lib/section_part.js";

document.addEventListener("click", async ({ target }) => {
  const { decide, accept } = target.closest("[data-decide]")?.dataset ?? {};
  if (!decide) return;
  target.disabled = true;
  if (await act("POST", `/proposals/${decide}`, { accept: Boolean(accept) })) location.reload();
  target.disabled = false;
});
tellTimes();
liveBadge();
