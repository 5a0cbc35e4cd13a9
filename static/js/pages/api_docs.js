// The list of routes: Swagger UI on our own document, in the theme of the site.
const holder = document.getElementById("api-docs");
const root = document.documentElement;

function showTheme() {
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.classList.toggle("dark-mode", isDark);
}

function cookie(name) {
  const found = document.cookie.split("; ").find((part) => part.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}

function withToken(request) {
  // A session writes only with its token; a key needs none.
  request.headers["X-CSRFToken"] = cookie("csrftoken") || cookie("__Host-csrf");
  return request;
}

document.addEventListener("themechange", showTheme);
showTheme();

window.SwaggerUIBundle({
  url: holder.dataset.schema,
  domNode: holder,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  requestInterceptor: withToken,
});
