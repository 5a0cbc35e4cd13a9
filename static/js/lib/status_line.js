// One sentence: what is fine, what is not, and since when.
import { $ } from "./dom.js";
import { heldFor, pastWord, stateOf } from "./states.js";
import { momentText, readingText, span } from "./units.js";

const HEALTH = "health_score";
const NAMED_MAX = 4;

export class StatusLine {
  constructor(specs, timeline) {
    Object.assign(this, { specs, timeline, box: $("#status"), head: $("#status-head"), more: $("#status-more") });
  }

  /** `values` of the newest second and `past`: series -> "warning" | "critical". */
  show(values, past, now) {
    const names = Object.keys(past).filter((name) => this.specs[name] && name !== HEALTH);
    names.sort((one, other) => Number(past[other] === "critical") - Number(past[one] === "critical"));
    const known = Object.keys(values).filter((name) => values[name] !== null).length;
    if (!known) return this.silent(null);
    if (!names.length) return this.#fine(known, now);
    this.#say(names.some((name) => past[name] === "critical") ? "critical" : "warning", this.#headline(names, values));
    const told = names.slice(0, NAMED_MAX).map((name) => this.#told(name, values[name], past[name], now));
    const others = names.length > NAMED_MAX ? [`and ${names.length - NAMED_MAX} more`] : [];
    this.more.textContent = [...told, ...others, "the rest is within its limits"].join(" · ");
  }

  /** Nothing arrives; `last` is the time of the newest measurement, if there is one. */
  silent(last) {
    this.#say("unknown", "No measurements are arriving");
    this.more.textContent = last === null
      ? "No process has measured itself yet. They begin a second after the start, unless METRICS_ENABLED is off."
      : `The newest is from ${momentText(last)}. What you see is how it was then.`;
  }

  #fine(known, now) {
    this.#say("good", "Everything is fine");
    const { warn } = this.specs[HEALTH];
    const held = heldFor(this.timeline.times, this.timeline.values(HEALTH), (value) => value > warn, now);
    const since = held.seconds < 60 ? "" : ` for ${held.isWhole ? "at least " : ""}${span(held.seconds)}`;
    this.more.textContent = `All ${known} measured values have been within their limits${since}.`.replace("have been within their limits.", "are within their limits.");
  }

  #headline(names, values) {
    const [first] = names;
    const spec = this.specs[first];
    if (names.length > 1) return `${spec.title} and ${names.length - 1} more need attention`;
    if (spec.unit === "0/1") return `${spec.title} broken`;
    return `${spec.title} ${pastWord(spec).toLowerCase()} at ${readingText(values[first], spec)}`;
  }

  #told(name, value, state, now) {
    const spec = this.specs[name];
    const limit = state === "critical" ? spec.critical : spec.warn;
    const isPast = (one) => !["good", "unknown"].includes(stateOf(one, spec));
    const { seconds, isWhole } = heldFor(this.timeline.times, this.timeline.values(name), isPast, now);
    const since = seconds < 2 ? "just now" : `for ${isWhole ? "at least " : ""}${span(seconds)}`;
    if (spec.unit === "0/1") return `${spec.title} broken ${since}`;
    return `${spec.title} ${readingText(value, spec)} (limit ${readingText(limit, spec).replace(/\.0+(?=\D|$)/, "")}) ${since}`;
  }

  #say(state, text) {
    this.box.dataset.state = state;
    // Writing the same words again would make a screen reader read them again.
    if (this.head.textContent !== text) this.head.textContent = text;
  }
}
