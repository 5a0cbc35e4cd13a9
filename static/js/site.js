// What every page does: the theme button, the account menu, the search field and the bell.
import { startAnnouncements } from "./lib/announcements.js";
import { startBell } from "./lib/bell.js";
import { startSearch } from "./lib/search.js";

const root = document.documentElement;
const YEAR_S = 31_536_000;

// The server shows times in this zone, unless another one was chosen in the settings.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone && !document.cookie.includes(`browser_zone=${zone}`)) {
  document.cookie = `browser_zone=${zone}; path=/; max-age=${YEAR_S}; samesite=lax`;
}

function isDark() {
  if (root.dataset.theme) return root.dataset.theme === "dark";
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

function choose(theme) {
  root.dataset.theme = theme;
  // The server reads the cookie, so that the first paint is already right.
  document.cookie = `theme=${theme}; path=/; max-age=${YEAR_S}; samesite=lax`;
  document.dispatchEvent(new CustomEvent("themechange"));
}

for (const button of document.querySelectorAll("[data-theme-toggle]")) {
  button.hidden = false;
  button.addEventListener("click", () => choose(isDark() ? "light" : "dark"));
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  document.dispatchEvent(new CustomEvent("themechange"));
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
});

startAnnouncements();
startBell();
startSearch();
