// The trace that the page belongs to, when the site keeps traces: what the page asks continues it, and what the browser
// itself did (loading, asking, a frame that came) is told to the site. After a minute each question is a trace of its
// own: a page may stay open for days. Without traces nothing here does anything.
const FIRST_MS = 60_000;
const TELL_AFTER_MS = 1_000;
const SPANS_MAX = 50;
const waiting = [];
let timer = null;

const given = () => document.querySelector('meta[name="traceparent"]')?.content ?? "";
const isFirst = () => performance.now() < FIRST_MS;
const random = (bytes) => [...crypto.getRandomValues(new Uint8Array(bytes))].map((n) => n.toString(16).padStart(2, "0")).join("");

/** The ids of a span that begins now; null where nothing is recorded. */
function begun(parent) {
  if (!given().endsWith("-01")) return null;
  const [, trace, span] = parent ? parent.split("-") : [null, random(16), ""];
  return { trace_id: trace, parent_id: span, span_id: random(8), began: performance.now() };
}

function tell(kind, name, { began, ...ids }, ended = performance.now()) {
  if (waiting.length < SPANS_MAX) waiting.push({ kind, name, ...ids, began, ended });
  timer ??= setTimeout(send, TELL_AFTER_MS);
}

/** Ages instead of times, since a browser's clock may be wrong. */
function send() {
  clearTimeout(timer);
  timer = null;
  const now = performance.now();
  const spans = waiting.splice(0).map(({ began, ended, ...span }) => ({ ...span, ms: ended - began, ago_ms: now - ended }));
  if (spans.length) navigator.sendBeacon("/traces", new Blob([JSON.stringify({ spans })], { type: "application/json" }));
}

/** A request: its headers, and `ended` to call when it was answered. */
export function asking(method, path, headers) {
  const parent = given();
  const span = begun(isFirst() ? parent : "");
  if (span === null) return { headers: parent ? { ...headers, traceparent: parent } : headers, ended() {} };
  const traceparent = `00-${span.trace_id}-${span.span_id}-01`;
  return { headers: { ...headers, traceparent }, ended: () => tell("ask", `${method} ${path.split("?")[0]}`, span) };
}

/** Let `handle` have a frame; one that belongs to a trace is told of. */
export function hearing(frame, handle) {
  const span = frame.traceparent ? begun(frame.traceparent) : null;
  try {
    return handle?.(frame);
  } finally {
    if (span !== null) tell("hear", frame.type, span);
  }
}

/** The address of a socket; a handshake has no headers of ours. */
export function socketAddress(path) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const value = isFirst() ? given() : "";
  return `${scheme}//${location.host}${path}${value ? `?traceparent=${value}` : ""}`;
}

function tellLoad() {
  const span = begun(given());
  if (span !== null) tell("load", location.pathname, { ...span, began: 0 });
}

if (given()) {
  if (document.readyState === "complete") tellLoad();
  else addEventListener("load", () => setTimeout(tellLoad), { once: true });
  addEventListener("visibilitychange", () => document.visibilityState === "hidden" && send());
}
