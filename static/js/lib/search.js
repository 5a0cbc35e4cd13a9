// The search field of every page: `/` goes to it, and suggestions appear while typing (the ARIA combobox pattern).
import { fragment } from "./api.js";
import { $, $$ } from "./dom.js";

const WAIT_MS = 120;
const LETTERS_MIN = 2;
const KEPT_MAX = 100;

export function startSearch(field = $("#site-search")) {
  if (!field) return;
  const form = field.form;
  const kept = new Map();
  let timer = null;
  let chosen = -1;

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", "search-options");

  const options = () => $$("[role=option]:not([aria-disabled])", form);

  function close() {
    $("#search-options")?.remove();
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
    chosen = -1;
  }

  function choose(index) {
    const all = options();
    if (!all.length) return;
    chosen = (index + all.length) % all.length;
    all.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  async function suggest() {
    const q = field.value.trim();
    if (q.length < LETTERS_MIN) return close();
    let html = kept.get(q);
    if (html === undefined) {
      html = await fragment(`${field.dataset.suggest}?${new URLSearchParams({ q })}`);
      if (html === null) return;
      if (kept.size >= KEPT_MAX) kept.clear();
      kept.set(q, html);
    }
    // A slow answer to an older question is dropped.
    if (field.value.trim() !== q || document.activeElement !== field) return;
    close();
    form.insertAdjacentHTML("beforeend", html);
    field.setAttribute("aria-expanded", "true");
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, WAIT_MS);
  });
  field.addEventListener("focus", suggest);
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(event.key === "ArrowDown" ? chosen + 1 : chosen - (chosen < 0 ? 0 : 1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      $("a", options()[chosen]).click();
    }
  });
  form.addEventListener("submit", () => clearTimeout(timer));
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) close();
  });
  form.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !form.contains(event.relatedTarget)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}
