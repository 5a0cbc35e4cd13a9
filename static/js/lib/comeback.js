// When to come back after a socket was closed.
const RESTART = 1012;

/** Milliseconds until the next attempt: what a server that restarts asked for, else `backoff` with some dice. */
export function comebackMs(event, backoff) {
  const asked = event?.code === RESTART && /come back in (\d+) ms/.exec(event.reason);
  return asked ? Number(asked[1]) : backoff * (0.5 + Math.random() / 2);
}
