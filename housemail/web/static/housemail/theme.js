// Light or dark without leaving the page, so that no half-filled form is lost. Without
// this script the form does the same by itself, with a new page.
const form = document.querySelector("form[data-theme-cookie]");
const YEAR_SECONDS = 365 * 24 * 3600;

function keep(theme) {
  const age = theme ? YEAR_SECONDS : 0;
  document.cookie = `${form.dataset.themeCookie}=${theme}; path=/; max-age=${age}; secure; samesite=lax`;
}

function show(theme) {
  const root = document.documentElement;
  if (theme) {
    root.dataset.bsTheme = theme;
  } else {
    delete root.dataset.bsTheme;
  }
  document.querySelector("meta[name=color-scheme]").content = theme || "light dark";
  for (const button of form.querySelectorAll("button[name=theme]")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  const theme = event.submitter?.value ?? "";
  keep(theme);
  show(theme);
});
