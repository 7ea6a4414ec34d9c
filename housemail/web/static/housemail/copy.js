// Copy buttons: hidden until this runs, so that none is dead without it.
const SHOWN_MS = 2000;

async function copy(button) {
  const words = button.querySelector("[data-copy-words]");
  const before = words.textContent;
  await navigator.clipboard.writeText(button.dataset.copy);
  words.setAttribute("role", "status");
  words.textContent = button.dataset.copied;
  setTimeout(() => {
    words.textContent = before;
  }, SHOWN_MS);
}

if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button && button.querySelector("[data-copy-words]").textContent !== button.dataset.copied) {
      copy(button);
    }
  });
}
