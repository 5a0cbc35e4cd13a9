// The analysis of a market, once the rest of the page stands; nothing to say shows nothing.
import { fragment } from "./api.js";

export async function showInsights(section) {
  if (!section) return;
  const html = await fragment(section.dataset.insights);
  if (!html) return;
  section.innerHTML = html;
  section.hidden = false;
}
