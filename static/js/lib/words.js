// What scripts say, in the language of the page. English is what stands in the scripts; other languages come as a file
// that the page names (scripts/words.py writes it), before anything that imports this runs.
const root = document.documentElement;

/** For Intl and toLocaleString. */
export const language = root.lang || "en-GB";
/** The reader's time zone as they chose it; undefined is the browser's own. */
export const zone = root.dataset.zone || undefined;

const known = root.dataset.words ? await fetched(root.dataset.words) : {};

/** What a file of words says; nothing where it can't be had, so that the page speaks English. */
export async function fetched(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? await answer.json() : {};
  } catch {
    return {};
  }
}

function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

let refusals = null;

/** A problem document of the API, whose details are said in the language of the page as far as its codes are known. */
export async function refusalOf(body) {
  if (!root.dataset.refusals || !body.code) return body;
  refusals ??= await fetched(root.dataset.refusals);
  const { said: precisely } = await import("./phrases.js");
  const said = ({ code, detail }) => {
    const text = refusals[code];
    const facts = [...(text ?? "").matchAll(/\{(\w+)\}/g)];
    if (facts.length && facts.every(([, name]) => name in body)) return filled(text, body);
    const precise = precisely(detail);
    return precise === detail && text && !facts.length ? text : precise;
  };
  const errors = body.errors?.map((error) => ({ ...error, detail: said(error) }));
  return { ...body, detail: said(body), ...(errors ? { errors } : {}) };
}

/** The translation of `text`, whose `{places}` are filled from `values`. */
export function word(text, values = {}) {
  return filled(known[text] ?? text, values);
}

/** The same of words with a number: `one` for 1, else `many`. */
export function words(one, many, count, values = {}) {
  const [single, several] = known[one] ?? [one, many];
  return filled(count === 1 ? single : several, { count, ...values });
}

/** A number with so many decimals, in the marks of the language. */
export function decimal(value, places) {
  return value.toLocaleString(language, { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** Between a number and its percent sign. */
export const GAP = language.startsWith("de") ? "\u00a0" : "";

/** `value` of a hundred: "12%", in German "12 %". */
export function percentOf(value, places) {
  return `${decimal(value, places)}${GAP}%`;
}
