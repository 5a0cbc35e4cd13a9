// The live sign in the head of an operations page, and the measurements of each second that it speaks of.
import { $ } from "./dom.js";
import { LiveMetrics } from "./live_metrics.js";
import { word } from "./words.js";

const SILENCE_S = 15;
const WORDS = {
  connecting: word("Connecting…"), late: word("Live values are late…"), lost: word("Live values are away. Trying again…"),
  paused: word("Live values pause"), "signed-out": word("Signed out. Reload to sign in again"),
};

/** Calls `onFrame(frame)` for each second. */
export function liveBadge(onFrame = () => {}) {
  const live = new LiveMetrics("/api/v1/performance-dashboard/ws");
  const box = $("#live");
  const show = () => {
    const isSilent = live.behind !== null && live.behind > SILENCE_S;
    const state = live.state === "live" && isSilent ? "late" : live.state;
    box.dataset.state = state;
    const text = state === "live" ? word("Live, {seconds} s behind", { seconds: live.behind.toFixed(1) }) : WORDS[state];
    if ($("#live-text").textContent !== text) $("#live-text").textContent = text;
  };
  live.addEventListener("frame", ({ detail }) => { onFrame(detail); show(); });
  live.addEventListener("state", show);
  setInterval(show, 1_000);
  return live;
}
