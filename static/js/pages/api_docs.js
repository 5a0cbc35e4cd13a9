// The pages of the API: find an operation, and send a request of one.
import { $, $$ } from "../lib/dom.js";

const KEY = "api-key";
const TOLD = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After", "Idempotent-Replay", "X-Market-Seq", "ETag", "X-Request-ID"];

function filter(input) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const section of $$("[data-filtered]")) {
    let left = 0;
    for (const row of $$("[data-words]", section)) {
      row.hidden = !words.every((word) => row.dataset.words.includes(word));
      left += row.hidden ? 0 : 1;
    }
    section.hidden = left === 0;
    shown += left;
  }
  $("#api-none").hidden = shown > 0;
}

/** Address and headers as the form has them. */
function asked(form) {
  let path = form.dataset.path;
  const query = new URLSearchParams();
  const headers = { Accept: "application/json" };
  for (const input of $$("[data-name]", form)) {
    const { name, place } = input.dataset;
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(input.value));
    else if (input.value !== "" && place === "query") query.append(name, input.value);
    else if (input.value !== "" && place === "header") headers[name] = input.value;
  }
  const key = $("#try-key", form).value.trim();
  if (key) headers.Authorization = `Bearer ${key}`;
  else headers["X-CSRFToken"] = $("[name=csrfmiddlewaretoken]", form)?.value ?? "";
  const text = query.toString();
  return { address: text ? `${path}?${text}` : path, headers, key };
}

async function send(form) {
  const { address, headers, key } = asked(form);
  const body = $("#try-body", form)?.value.trim();
  const method = form.dataset.method;
  if (body) headers["Content-Type"] = "application/json";
  sessionStorage.setItem(KEY, key);
  // A key speaks for itself; the session must not speak with it.
  const credentials = key ? "omit" : "same-origin";
  const began = performance.now();
  try {
    const response = await fetch(address, { method, headers, credentials, body: body || undefined });
    const text = await response.text();
    show(`${response.status} ${response.statusText}`, `${Math.round(performance.now() - began)} ms`, pretty(text), response.headers);
  } catch {
    show("No answer", "", "The server can’t be reached. Send it again when the connection is back.", new Headers());
  }
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function show(status, time, text, headers) {
  $("#try-status").textContent = status;
  $("#try-time").textContent = time;
  $("#try-text").textContent = text;
  const list = $("#try-headers");
  list.replaceChildren();
  for (const name of TOLD.filter((one) => headers.has(one))) {
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    term.textContent = name;
    value.textContent = headers.get(name);
    list.append(term, value);
  }
  $("#try-answer").hidden = false;
}

const input = $("#api-filter");
input?.addEventListener("input", () => filter(input));

const form = $("#try-form");
if (form) {
  form.hidden = false;
  $("#try-key").value = sessionStorage.getItem(KEY) ?? "";
  $("#try-example")?.addEventListener("change", (event) => {
    $("#try-body").value = $(`[data-example="${event.target.value}"]`).content.textContent;
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = $("[type=submit]", form);
    button.disabled = true;
    await send(form);
    button.disabled = false;
  });
}
