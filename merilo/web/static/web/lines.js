// One idea per field: <ol data-lines>. Filling the last field adds an empty one, Enter goes on to the next,
// pasted lines are spread over fields, Backspace in an empty field removes it.
(() => {
  "use strict";
  const BULLET = /^\s*(?:[-–—•*·]|\d{1,2}[.)])\s+/;
  const list = (field) => field.closest("[data-lines]");
  const isLine = (target) => target.matches?.("[data-lines] textarea");

  const add = (after, text = "") => {
    const item = after.closest("li").cloneNode(true);
    item.querySelector(".err")?.remove();
    const field = item.querySelector("textarea");
    field.value = field.textContent = text;
    field.removeAttribute("aria-invalid");
    const identity = item.querySelector("[data-line-id]");
    if (identity) rename(item, identity, field);
    after.closest("li").after(item);
    return field;
  };

  // Lines that are known by an id of their own: <input type="hidden" data-line-id="prefix">, and a tick with it.
  const rename = (item, identity, field) => {
    identity.value = Math.random().toString(36).slice(2, 12);
    field.id = `${identity.dataset.lineId}-${identity.value}`;
    for (const tick of item.querySelectorAll("input[type=checkbox]")) Object.assign(tick, { value: identity.value, checked: false });
  };

  const number = (lines) => {
    const fields = lines.querySelectorAll("textarea");
    lines.dataset.id ||= fields[0].id;
    fields.forEach((field, index) => {
      if (!field.closest("li").querySelector("[data-line-id]")) field.id = index ? `${lines.dataset.id}_${index + 1}` : lines.dataset.id;
      field.setAttribute("aria-label", `${field.dataset.noun} ${index + 1}`);
    });
  };

  const settle = (lines) => {
    const fields = [...lines.querySelectorAll("textarea")];
    if (fields.at(-1).value.trim()) add(fields.at(-1));
    number(lines);
  };

  const next = (field) => field.closest("li").nextElementSibling?.querySelector("textarea");
  const changed = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

  document.addEventListener("input", (event) => { if (isLine(event.target)) settle(list(event.target)); });

  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!isLine(field) || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const rest = field.value.slice(field.selectionEnd).trim();
      if (!rest) {
        if (field.value.trim()) (next(field) || add(field)).focus();
        return settle(list(field));
      }
      field.value = field.value.slice(0, field.selectionStart).trim();
      const moved = add(field, rest);
      moved.focus();
      moved.setSelectionRange(0, 0);
      changed(moved);
    } else if (event.key === "Backspace" && !field.value && list(field).querySelectorAll("li").length > 1) {
      const before = field.closest("li").previousElementSibling?.querySelector("textarea");
      if (!before || !next(field)) return;
      event.preventDefault();
      field.closest("li").remove();
      before.focus();
      changed(before);
    }
  });

  document.addEventListener("paste", (event) => {
    const field = event.target;
    const pasted = event.clipboardData?.getData("text/plain") || "";
    if (!isLine(field) || !/\n/.test(pasted.trim())) return;
    event.preventDefault();
    const [first, ...others] = pasted.split(/\r?\n/).map((line) => line.replace(BULLET, "").trim()).filter(Boolean);
    const rest = field.value.slice(field.selectionEnd);
    field.value = field.value.slice(0, field.selectionStart) + first;
    let last = field;
    for (const line of others) last = add(last, line);
    last.value += rest;
    last.focus();
    changed(last);
  });
})();
