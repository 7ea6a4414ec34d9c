// New passwords: a list that is ticked off while typing, showing what was typed, and a
// suggestion. Without this script it is a plain form with the list as its hint.

function tick(item, value) {
  const met = new RegExp(item.dataset.pattern).test(value);
  item.classList.toggle("hm-rule-met", met);
  for (const mark of item.querySelectorAll("[data-met]")) mark.hidden = !met;
  for (const mark of item.querySelectorAll("[data-open]")) mark.hidden = met;
}

// Each letter is equally likely: numbers beyond the last whole multiple are drawn again.
function letter(alphabet) {
  const fair = 256 - (256 % alphabet.length);
  for (;;) {
    const [number] = crypto.getRandomValues(new Uint8Array(1));
    if (number < fair) return alphabet[number % alphabet.length];
  }
}

// Drawn again until all parts are met and it begins with a letter or a digit, which no
// program takes for something else.
function suggestion(alphabet, length, patterns) {
  for (;;) {
    const drawn = Array.from({ length }, () => letter(alphabet)).join("");
    const good = patterns.every((pattern) => new RegExp(pattern).test(drawn));
    if (good && /^[a-z0-9]/i.test(drawn)) return drawn;
  }
}

function enhance(element) {
  const inputs = [...element.querySelectorAll("input")];
  const items = [...element.querySelectorAll("[data-pattern]")];
  const show = element.querySelector("[data-show]");
  const filled = element.querySelector("[data-filled]");
  const update = () => items.forEach((item) => tick(item, inputs[0].value));

  function reveal(shown) {
    for (const input of inputs) input.type = shown ? "text" : "password";
    show.setAttribute("aria-pressed", String(shown));
  }

  element.querySelector("[data-tools]").hidden = false;
  inputs[0].addEventListener("input", () => {
    filled.textContent = "";
    update();
  });
  show.addEventListener("click", () => reveal(inputs[0].type === "password"));
  element.querySelector("[data-generate]").addEventListener("click", () => {
    const patterns = items.map((item) => item.dataset.pattern);
    const drawn = suggestion(element.dataset.alphabet, Number(element.dataset.length), patterns);
    for (const input of inputs) input.value = drawn;
    reveal(true);
    filled.textContent = filled.dataset.words;
    update();
  });
  // A browser keeps what was typed into a plain line; it must not keep this.
  element.closest("form")?.addEventListener("submit", () => reveal(false));
  update();
}

for (const element of document.querySelectorAll("[data-new-password]")) enhance(element);
