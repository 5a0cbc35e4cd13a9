// Small things with elements.
export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Set a text; a changed one flashes once. */
export function setLive(element, text) {
  if (!element || element.textContent === text) return;
  const isFirst = element.textContent === "";
  element.textContent = text;
  if (!isFirst) flash(element);
}

export function flash(element) {
  element.classList.remove("flash");
  // Reading the width restarts the animation.
  void element.offsetWidth;
  element.classList.add("flash");
}

/** Run `work` at most once every `wait` milliseconds, and always after the last call. */
export function calm(work, wait) {
  let timer = null;
  let last = 0;
  return () => {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      last = Date.now();
      work();
    }, Math.max(0, wait - (Date.now() - last)));
  };
}

export function showMessage(text, kind = "info") {
  const list = $("#messages");
  const item = document.createElement("li");
  item.className = `message ${kind}`;
  item.textContent = text;
  list.replaceChildren(item);
  list.hidden = false;
}

export function readData(id) {
  return JSON.parse(document.getElementById(id).textContent);
}
