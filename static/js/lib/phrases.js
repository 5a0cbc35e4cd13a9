// What engines say in English, in the language of the page: common/phrases.py for scripts that the API tells it.
import { fetched, language } from "./words.js";

const DEPTH_MAX = 3;
const LENGTH_MAX = 1_000;
/** Letters of its own from which on a sentence is recognised whatever its places hold. */
const TELLING = 8;
const HARDLY = 4;
const NUMBER = /^([-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(%|(?: \S+)?)$/;
const OUTCOMES = new Set(["Yes", "No"]);

const { phrases } = document.documentElement.dataset;
const known = phrases ? sorted(await fetched(phrases)) : null;

function sorted(told) {
  const whole = new Map(Object.entries(told).filter(([text]) => !/\{\w+\}/.test(text)));
  const sentences = Object.entries(told).filter(([text]) => !whole.has(text)).map(([text, words]) => sentence(text.trim(), words.trim()));
  sentences.sort((one, other) => other.letters - one.letters);
  const telling = sentences.filter(({ letters }) => letters >= TELLING);
  return { whole, telling, naming: telling.filter(({ text }) => text.includes(":")), weak: sentences.slice(telling.length) };
}

function sentence(text, translation) {
  const parts = text.split(/\{(\w+)\}/);
  const fixed = parts.filter((_, index) => index % 2 === 0);
  const pattern = (greed) => new RegExp(`^${parts.map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return `(?<${part}>.${index > 1 && !parts[index - 1] ? "*" : "+"}${greed})`;
  }).join("")}$`, "s");
  const patterns = /\} ?\{/.test(text) ? [pattern("?"), pattern("")] : [pattern("?")];
  const literal = fixed.reduce((one, other) => (other.length > one.length ? other : one));
  return { text, literal, letters: fixed.join("").replace(/[^\p{L}]/gu, "").length, patterns, translation };
}

/** In the language of the page; what no engine says stays as it is. */
export function said(text) {
  if (!known || !text || text.length > LENGTH_MAX) return text ?? "";
  return value(text, -1);
}

function found(text, depth) {
  const plain = text.trim().replace(/^- /, "");
  let words = known.whole.get(plain) ?? "";
  if (!words && depth < DEPTH_MAX && plain) {
    words = inSentences(plain, depth, "every") || filled(known.naming, plain, depth)
      || stopped(plain.endsWith(".") ? filled(known.naming, plain.slice(0, -1), depth) : "") || named(plain, depth)
      || filled(known.telling, plain, depth) || inSentences(plain, depth, "some") || ended(plain, depth) || weakly(plain, depth);
  }
  return words && text.replace(plain, () => words);
}

const stopped = (words) => (words ? `${words}.` : "");

function match({ literal, patterns }, text) {
  if (!text.includes(literal)) return null;
  const all = patterns.map((pattern) => pattern.exec(text)?.groups).filter(Boolean);
  const score = (groups) => Object.values(groups).filter((one) => known.whole.has(one)).length;
  return all.reduce((best, one) => (best && score(best) >= score(one) ? best : one), null);
}

function filled(sentences, text, depth) {
  for (const one of sentences) {
    const groups = match(one, text);
    if (groups) return one.translation.replace(/\{(\w+)\}/g, (_, name) => value(groups[name], depth));
  }
  return "";
}

function weakly(text, depth) {
  for (const one of known.weak) {
    const groups = match(one, text);
    const holds = groups && Object.values(groups).map((part) => known.whole.has(part) || /\d/.test(part));
    if (holds?.[one.letters >= HARDLY ? "some" : "every"](Boolean)) return filled([one], text, depth);
  }
  return "";
}

function inSentences(text, depth, least) {
  for (const [separator, parts] of [["\n", text.split("\n")], [" ", text.split(/(?<=[.!?]) (?=[A-Z]|[\w ]{1,20}: )/)]]) {
    if (parts.length < 2) continue;
    const words = parts.map((part) => found(part, depth + 1));
    return words[least](Boolean) ? words.map((one, index) => one || parts[index]).join(separator) : "";
  }
  return "";
}

function named(text, depth) {
  const at = text.indexOf(": ");
  const rest = text.slice(at + 2);
  const head = at > 0 && (found(text.slice(0, at), depth + 1) || (known.whole.has(rest) && text.slice(0, at)));
  if (!head) return "";
  const end = rest.endsWith(".") && !found(rest, depth + 1) ? "." : "";
  return `${head}: ${value(end ? rest.slice(0, -1) : rest, depth)}${end}`;
}

function ended(text, depth) {
  const words = text.endsWith(".") ? stopped(found(text.slice(0, -1), depth)) : "";
  if (words) return words;
  const [, head, where] = /^(.+?)( \(.+\))$/s.exec(text) ?? [];
  const before = head ? found(head, depth + 1) : "";
  return before && `${before}${where}`;
}

function value(text, depth) {
  const [, number, rest] = NUMBER.exec(text) ?? [];
  if (number === undefined) return found(text, depth + 1) || (OUTCOMES.has(text) && known.whole.get(text)) || text;
  const told = language.startsWith("de") ? number.replace(/[.,]/g, (mark) => (mark === "." ? "," : ".")) : number;
  if (rest === "%") return `${told}\u00a0%`;
  return rest ? `${told} ${known.whole.get(rest.slice(1)) ?? rest.slice(1)}` : told;
}
