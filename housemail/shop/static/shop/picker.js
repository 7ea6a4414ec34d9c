// What is said about a name marks the field as well, and a suggestion that is clicked
// goes into it, where it is looked up like what is typed. Without this script a
// suggestion is a link to the page with that name.
const handle = document.querySelector("#handle");

function mark(wrong) {
  handle.classList.toggle("is-invalid", wrong);
  if (wrong) {
    handle.setAttribute("aria-invalid", "true");
  } else {
    handle.removeAttribute("aria-invalid");
  }
}

function take(event) {
  const link = event.target.closest("a[data-suggestion]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  handle.value = link.dataset.suggestion;
  handle.focus();
  handle.dispatchEvent(new Event("input", { bubbles: true }));
}

if (handle) {
  document.addEventListener("click", take);
  document.addEventListener("htmx:afterSwap", () => {
    mark(document.querySelector("#availability [data-free=no]") !== null);
  });
}
