// Reports: look again each second while something is being made and somebody looks.
import { fragment } from "../lib/api.js";
import { $, $$ } from "../lib/dom.js";

const EVERY_MS = 1_000;

async function refresh(part) {
  const html = await fragment(part.dataset.live);
  // Whoever is about to press a button there keeps it.
  if (html !== null && !part.contains(document.activeElement)) part.innerHTML = html;
}

setInterval(() => {
  if (document.hidden) return;
  for (const part of $$("[data-live]", $(".reports"))) if ($("[data-open]", part)) refresh(part);
}, EVERY_MS);
