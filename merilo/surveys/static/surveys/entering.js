// Entering sheets of paper by the keyboard: a complete number or Enter goes on to the next field; the chosen
// option is marked, a wrong number stays and is marked too. Ctrl+Enter sends. Without this all is typed the same.
"use strict";

for (const form of document.querySelectorAll("[data-entering]")) {
  const fields = [...form.querySelectorAll(".entry input, .entry textarea")];

  const numbers = (field) => (field.dataset.numbers ? field.dataset.numbers.split(" ") : []);
  const typed = (field) => {
    const known = numbers(field);
    const parts = field.value.split(/[\s,;.+/]+/).filter(Boolean);
    const together = field.dataset.longest === "0" && known.length < 10 && parts.length === 1;
    return together ? [...parts[0]] : parts.map((part) => part.replace(/^0+(?=\d)/, ""));
  };

  const mark = (field) => {
    const known = numbers(field);
    if (!known.length) return;
    const entry = field.closest(".entry");
    const said = new Set([...entry.querySelectorAll("[data-numbers]")].flatMap(typed));
    for (const option of entry.querySelectorAll("[data-number]")) {
      option.classList.toggle("chosen", said.has(option.dataset.number));
    }
    const wrong = typed(field).some((number) => !known.includes(number));
    if (wrong) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  };

  const next = (field) => {
    const after = fields[fields.indexOf(field) + 1] ?? form.querySelector("button:not([disabled])");
    after.focus();
    if (after.select) after.select();
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    mark(field);
    const longest = Number(field.dataset.longest ?? 0);
    const known = numbers(field);
    if (!longest || !known.includes(field.value)) return;
    const longer = known.some((number) => number !== field.value && number.startsWith(field.value));
    if (!longer) next(field);
  });

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector("button:not([disabled])"));
    } else if (event.target.matches(".entry input")) {
      event.preventDefault();
      next(event.target);
    }
  });

  fields.forEach(mark);
  if (!form.querySelector("[data-focus]") && fields.length) fields[0].focus();
}
