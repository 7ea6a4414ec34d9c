// A suggestion that is clicked goes into the field, where it is looked up like what is
// typed. Without this script it is a link to the page with that name.
const handle = document.querySelector("#handle");

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-suggestion]");
  if (!link || !handle || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  handle.value = link.dataset.suggestion;
  handle.classList.remove("is-invalid");
  handle.removeAttribute("aria-invalid");
  handle.focus();
  handle.dispatchEvent(new Event("input", { bubbles: true }));
});
