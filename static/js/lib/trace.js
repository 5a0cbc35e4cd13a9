// The trace that the page belongs to, when the site keeps traces. What the page asks in its first minute continues it;
// later questions are people's own, and a page may stay open for days.
const FIRST_MS = 60_000;

export function traceparent() {
  return performance.now() < FIRST_MS ? (document.querySelector('meta[name="traceparent"]')?.content ?? "") : "";
}

/** Headers of a request. */
export function traced(headers) {
  const value = traceparent();
  return value ? { ...headers, traceparent: value } : headers;
}

/** The address of a socket; a handshake has no headers of ours. */
export function socketAddress(path) {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const value = traceparent();
  return `${scheme}//${location.host}${path}${value ? `?traceparent=${value}` : ""}`;
}
