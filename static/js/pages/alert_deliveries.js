// Messages that were given up are sent again with one press.
import { act } from "../lib/alerting.js";
import { liveBadge } from "../lib/live_badge.js";
import { tellTimes } from "../lib/section_part.js";

document.addEventListener("click", async ({ target }) => {
  const { replay } = target.closest("[data-replay]")?.dataset ?? {};
  if (!replay) return;
  target.disabled = true;
  if (await act("POST", `/deliveries/${replay}/replay`)) location.reload();
  target.disabled = false;
});
tellTimes();
liveBadge();
