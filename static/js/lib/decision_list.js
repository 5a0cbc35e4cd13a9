// Decisions about instances, the newest first: what, why, what each policy asked for and what held it back.
import { $ } from "./dom.js";
import { scaling } from "./analytics.js";
import { element } from "./feeds.js";
import { momentText } from "./units.js";
import { said } from "./phrases.js";
import { word } from "./words.js";

const LIMIT = 30;
const OUTCOMES = { kept: word("No change"), advised: word("Advice"), applied: word("Done"), failed: word("Failed") };
const CLAMPS = {
  window: word("the window of past wishes"), rate: word("the rate of change"), bounds: word("the bounds"), cooldown: word("the cooldown"),
  turns: word("too many turns"), pause: word("the pause"),
};

const NOTHING = word("nothing");

export class DecisionList {
  constructor(box, more) {
    Object.assign(this, { box, more, target: "", isWhole: false, pages: 1 });
    more.addEventListener("click", () => { this.pages += 1; this.read(); });
  }

  show(target, isWhole) {
    Object.assign(this, { target, isWhole, pages: 1 });
    return this.read();
  }

  /** Read all pages that are shown again, so that new decisions stand at the head. */
  async read() {
    const asked = { target: this.target, limit: String(LIMIT), ...(this.isWhole ? {} : { changes: "true" }) };
    const items = [];
    let cursor = null;
    for (let page = 0; page < this.pages; page += 1) {
      const answer = await scaling.decisions(cursor ? { ...asked, cursor } : asked);
      if (!answer.ok) return this.box.replaceChildren(element("p", "feed-none", answer.body.detail));
      items.push(...answer.body.items);
      cursor = answer.body.next_cursor;
      if (!cursor) break;
    }
    this.more.hidden = !cursor;
    this.#fill(items);
  }

  #fill(items) {
    const open = new Set([...this.box.querySelectorAll("details[open]")].map(({ dataset }) => dataset.id));
    const list = element("ol", "decisions");
    list.append(...folded(items).map(({ item, since }) => row(item, since, open.has(String(item.id)))));
    const none = element("p", "feed-none", this.isWhole ? word("Nothing was decided yet.") : word("No decision asked for a change in this time."));
    this.box.replaceChildren(items.length ? list : none);
  }
}

/** The same wish round after round is told once: its newest round, and since when. */
function folded(items) {
  const found = [];
  for (const item of items) {
    const last = found.at(-1);
    const same = ["before", "count", "outcome", "policy"].every((key) => last?.item[key] === item[key]);
    if (last && same && item.outcome !== "applied") last.since = item.at;
    else found.push({ item, since: null });
  }
  return found;
}

function row(item, since, isOpen) {
  const made = element("li", "decision");
  made.dataset.outcome = item.outcome;
  const details = element("details");
  details.dataset.id = item.id;
  details.open = isOpen;
  const head = element("summary");
  const count = item.count === item.before ? `${item.count}` : `${item.before} → ${item.count}`;
  head.append(
    element("span", "decision-when num", momentText(Date.parse(item.at) / 1_000)), element("b", "decision-count num", count),
    element("span", "decision-why", since ? word("{reason} (since {time})", { reason: said(item.reason), time: momentText(Date.parse(since) / 1_000, 60) }) : said(item.reason)), element("span", "decision-outcome", OUTCOMES[item.outcome]),
  );
  const why = element("ul", "decision-more");
  if (since) why.append(element("li", "", word("The same since {time}.", { time: momentText(Date.parse(since) / 1_000) })));
  why.append(...sentences(item).map((text) => element("li", "", text)));
  details.append(head, why);
  made.append(details);
  return made;
}

function sentences(item) {
  const asked = item.proposals.map(({ policy, count, reason }) => word("{policy} asks for {count}: {reason}.", { policy, count: count ?? NOTHING, reason: said(reason) }));
  const held = item.clamps.map(({ name, before, after }) => word("{before} became {after} by {what}.", { before, after, what: CLAMPS[name] ?? name }));
  return [
    ...asked, ...held,
    ...(item.forecast === null ? [] : [word("A forecast asks for {count}.", { count: item.forecast })]),
    ...(item.cost_cents_per_hour ? [item.cost_cents_per_hour < 0 ? word("It saves {cents} cents an hour.", { cents: -item.cost_cents_per_hour }) : word("It costs {cents} cents an hour.", { cents: item.cost_cents_per_hour })] : []),
    ...(item.detail ? [said(item.detail)] : []),
    ...(item.effect === null ? [] : [word("Two minutes later the series had moved by {percent} %.", { percent: (item.effect * 100).toFixed(0) })]),
  ];
}
