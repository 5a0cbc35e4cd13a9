// Of the theme's libraries one writes a style into each page, which the content security policy refuses; nothing needs it.
htmx.config.includeIndicatorStyles = false;

// Each part that scrolls by itself is a landmark, so each needs a name of its own. The library looks for its parts at the
// same event, but listens later.
document.addEventListener("DOMContentLoaded", () => {
  const words = document.getElementById("page")?.dataset ?? { menu: "Menu", part: "Part" };
  document.querySelectorAll("[data-simplebar]").forEach((part, index) => {
    part.dataset.simplebarAriaLabel ??= part.id === "nav-sidebar-apps" ? words.menu : `${words.part} ${index + 1}`;
  });
});

// What a box that searches is for, which its library, coming later, tells nobody who doesn't see it.
document.addEventListener("DOMContentLoaded", () => {
  for (const box of document.querySelectorAll("select.admin-autocomplete")) {
    new MutationObserver(() => {
      const name = box.labels[0]?.textContent.replace("*", "").trim() ?? "";
      for (const part of box.parentElement.querySelectorAll(".select2 [role=combobox], .select2 [role=textbox]")) {
        part.setAttribute("aria-label", name);
      }
    }).observe(box.parentElement, { childList: true });
  }
});

// The theme looks once which of light and dark the device wants; follow it when it changes.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", ({ matches }) => {
  const chosen = JSON.parse(localStorage.getItem("adminTheme") ?? '"auto"');
  if (chosen === "auto") document.documentElement.classList.toggle("dark", matches);
});
