// Jobs: look again each second while something goes on and somebody looks.
import { fragment } from "../lib/api.js";
import { $ } from "../lib/dom.js";

const EVERY_MS = 1_000;
const list = $("#jobs");

async function refresh() {
  const html = await fragment("/jobs/rows");
  // Whoever is about to press a button there keeps it.
  if (html !== null && !list.contains(document.activeElement)) list.innerHTML = html;
}

setInterval(() => {
  if (!document.hidden && $("[data-open]", list)) refresh();
}, EVERY_MS);
