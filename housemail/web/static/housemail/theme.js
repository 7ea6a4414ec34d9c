// Light or dark without leaving the page, so that no half-filled form is lost. The
// answer sets the cookie; without this script the form does the same by itself.
const form = document.querySelector("form[data-theme]");

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

form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const theme = event.submitter?.value ?? "";
  show(theme);
  const body = new URLSearchParams(new FormData(form));
  body.set("theme", theme);
  await fetch(form.action, { method: "POST", body, redirect: "manual" });
});
