// The bell of every page of somebody who is signed in: how many lines are new, and what has just come in.
import { comebackMs } from "./comeback.js";
import { socketAddress } from "./trace.js";

const WAIT_MAX_MS = 60_000;
const TOAST_MS = 8_000;
const GONE = new Set([4401, 4429]);

let failures = 0;
let shown = null;
let isClosed = false;

export function startBell() {
  const bell = document.querySelector("[data-bell]");
  if (!bell) return;
  connect(bell);
  addEventListener("pagehide", () => (isClosed = true));
}

function connect(bell) {
  const socket = new WebSocket(socketAddress("/ws/v1/notifications"));
  socket.addEventListener("message", (event) => receive(bell, JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    if (isClosed || GONE.has(event.code)) return;
    failures += 1;
    setTimeout(() => connect(bell), comebackMs(event, Math.min(WAIT_MAX_MS, 1_000 * 2 ** failures)));
  });
}

function receive(bell, frame) {
  if (frame.type !== "notifications") return;
  failures = 0;
  const count = bell.querySelector("[data-bell-count]");
  count.textContent = frame.unread > 99 ? "99+" : String(frame.unread);
  count.hidden = frame.unread === 0;
  const mark = frame.newest ? `${frame.newest.id} ${frame.newest.at}` : "";
  // What was there when the page was opened is no news.
  if (shown !== null && mark && mark !== shown) announce(frame.newest);
  shown = mark;
  document.dispatchEvent(new CustomEvent("notifications", { detail: frame }));
}

async function announce(line) {
  // Frames are the same for every language; few pages need the sentences of engines otherwise.
  const { said } = await import("./phrases.js");
  document.querySelector(".toast")?.remove();
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  toast.dataset.severity = line.severity;
  const link = document.createElement("a");
  link.href = line.url || "/notifications";
  link.textContent = said(line.title);
  const words = document.createElement("p");
  words.textContent = said(line.text);
  toast.append(link, words);
  document.body.append(toast);
  setTimeout(() => toast.remove(), TOAST_MS);
}
