// The same API that integrators use, with the session and its CSRF token.
import { asking } from "./trace.js";
import { refusalOf, word } from "./words.js";

function token() {
  return document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
}

const OFFLINE = {
  code: "offline",
  detail: word("The server can’t be reached. Nothing is lost: press again, and a repeated order is still placed only once."),
};

/** Answers {ok, status, body}; a network failure is status 0, never an exception (but for an abort). */
export async function call(method, path, { body, signal, key } = {}) {
  const { headers, ended } = asking(method, `/api/v1${path}`, { Accept: "application/json" });
  if (method !== "GET") headers["X-CSRFToken"] = token();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key !== undefined) headers["Idempotency-Key"] = key;
  try {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const response = await fetch(`/api/v1${path}`, { method, headers, body: text, signal, credentials: "same-origin" });
    const answered = await read(response);
    // Words that can't be read aren't those of a success, whatever the status: nobody knows what they said.
    const isOk = response.ok && answered !== null;
    return { ok: isOk, status: response.status, body: isOk ? answered : await refusalOf(answered ?? unreadable(response)) };
  } catch (error) {
    if (error.name === "AbortError") throw error;
    return { ok: false, status: 0, body: OFFLINE };
  } finally {
    ended();
  }
}

/** Null for what is no JSON; an answer that breaks off, or that nobody waits for any more, is an error of the call. */
async function read(response) {
  if (response.status === 204) return {};
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function unreadable({ status }) {
  return { code: "unreadable", detail: word("The server answered {status} without words. Try again in a moment.", { status }) };
}

/** A part of a page as the server renders it, or null. */
export async function fragment(path) {
  const { headers, ended } = asking("GET", path, { "X-Requested-With": "fetch" });
  try {
    const response = await fetch(path, { credentials: "same-origin", headers });
    return response.ok && !response.redirected ? await response.text() : null;
  } catch {
    return null;
  } finally {
    ended();
  }
}
