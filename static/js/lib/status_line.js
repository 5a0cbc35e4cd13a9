// One sentence: what is fine, what is not, and since when.
import { $ } from "./dom.js";
import { heldFor, stateOf } from "./states.js";
import { momentText, readingText, span } from "./units.js";
import { word } from "./words.js";

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
    const others = names.length > NAMED_MAX ? [word("and {number} more", { number: names.length - NAMED_MAX })] : [];
    this.more.textContent = [...told, ...others, word("the rest is within its limits")].join(" · ");
  }

  /** Nothing arrives; `last` is the time of the newest measurement, if there is one. */
  silent(last) {
    this.#say("unknown", word("No measurements are arriving"));
    this.more.textContent = last === null
      ? word("No process has measured itself yet. They begin a second after the start, unless METRICS_ENABLED is off.")
      : word("The newest is from {time}. What you see is how it was then.", { time: momentText(last) });
  }

  #fine(known, now) {
    this.#say("good", word("Everything is fine"));
    const { warn } = this.specs[HEALTH];
    const held = heldFor(this.timeline.times, this.timeline.values(HEALTH), (value) => value > warn, now);
    const facts = { known, span: span(held.seconds) };
    if (held.seconds < 60) this.more.textContent = word("All {known} measured values are within their limits.", facts);
    else if (held.isWhole) this.more.textContent = word("All {known} measured values have been within their limits for at least {span}.", facts);
    else this.more.textContent = word("All {known} measured values have been within their limits for {span}.", facts);
  }

  #headline(names, values) {
    const [first] = names;
    const spec = this.specs[first];
    if (names.length > 1) return word("{title} and {number} more need attention", { title: spec.title, number: names.length - 1 });
    if (spec.unit === "0/1") return word("{title} broken", { title: spec.title });
    const facts = { title: spec.title, value: readingText(values[first], spec) };
    return spec.better === "high" ? word("{title} low at {value}", facts) : word("{title} high at {value}", facts);
  }

  #told(name, value, state, now) {
    const spec = this.specs[name];
    const limit = state === "critical" ? spec.critical : spec.warn;
    const isPast = (one) => !["good", "unknown"].includes(stateOf(one, spec));
    const { seconds, isWhole } = heldFor(this.timeline.times, this.timeline.values(name), isPast, now);
    const since = seconds < 2 ? word("just now") : isWhole ? word("for at least {span}", { span: span(seconds) }) : word("for {span}", { span: span(seconds) });
    if (spec.unit === "0/1") return word("{title} broken {since}", { title: spec.title, since });
    return word("{title} {value} (limit {limit}) {since}", { title: spec.title, value: readingText(value, spec), limit: readingText(limit, spec).replace(/[.,]0+(?=\D|$)/, ""), since });
  }

  #say(state, text) {
    this.box.dataset.state = state;
    // Writing the same words again would make a screen reader read them again.
    if (this.head.textContent !== text) this.head.textContent = text;
  }
}
