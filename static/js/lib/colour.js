// What a colour token is right now, as a canvas needs it.
const probe = document.createElement("i");
probe.hidden = true;
document.body.append(probe);

/** `colour("series-1")`, or with a share of opacity: `colour("series-1", 0.2)`. */
export function colour(token, share = 1) {
  probe.style.color = share === 1
    ? `var(--${token})`
    : `color-mix(in srgb, var(--${token}) ${Math.round(share * 100)}%, transparent)`;
  return getComputedStyle(probe).color;
}
