// A page that is read anew when its market has moved on, but not under a form that is on its way.
const ANSWER_MS = 10_000;
let sentAt = -ANSWER_MS;

addEventListener("submit", (event) => {
  if (!event.defaultPrevented) sentAt = performance.now();
});

/** Read the page anew; a form that was sent brings its own page, which says what became of it, so wait for that. */
export function renew() {
  const left = sentAt + ANSWER_MS - performance.now();
  if (left > 0) setTimeout(renew, left);
  else location.reload();
}
