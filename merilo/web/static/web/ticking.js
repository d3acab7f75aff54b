// Long lists of checkboxes by keyboard: in <form data-ticking="id of what is done with the ticked ones"> arrows
// go from row to row, with Shift they tick along (as Shift and click do), Enter leads to the deeds and Escape
// back to the row. [data-ticked] tells how many are ticked, [data-ticking-hint] is the sentence about the keys.
(() => {
  "use strict";
  for (const form of document.querySelectorAll("form[data-ticking]")) {
    const deeds = document.getElementById(form.dataset.ticking);
    if (!deeds) continue;
    const boxes = [...form.querySelectorAll("input[type=checkbox]")].filter((box) => !deeds.contains(box));
    const told = form.querySelector("[data-ticked]");
    const hint = document.querySelector("[data-ticking-hint]");
    if (!boxes.length) continue;
    if (hint) hint.hidden = false;
    let last = boxes[0];

    const count = () => {
      const ticked = boxes.filter((box) => box.checked).length;
      if (told) told.textContent = ticked ? ` (${ticked})` : "";
    };

    const along = (from, to, checked) => {
      const [first, end] = [boxes.indexOf(from), boxes.indexOf(to)].sort((a, b) => a - b);
      for (const box of boxes.slice(first, end + 1)) box.checked = checked;
    };

    form.addEventListener("click", (event) => {
      const box = event.target;
      if (!boxes.includes(box)) return;
      if (event.shiftKey) along(last, box, box.checked);
      last = box;
      count();
    });
    form.addEventListener("change", count);

    form.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      const at = boxes.indexOf(event.target);
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (at >= 0 && step) {
        event.preventDefault();
        const next = boxes[at + step];
        if (!next) return;
        if (event.shiftKey) along(event.target, next, event.target.checked);
        next.focus();
        last = next;
        count();
      } else if (at >= 0 && event.key === "Enter") {
        event.preventDefault();
        last = event.target;
        deeds.focus();
        deeds.scrollIntoView({ block: "nearest" });
      } else if (event.key === "Escape" && deeds.contains(event.target)) {
        last.focus();
      }
    });

    addEventListener("pageshow", count);  // a page gone back to keeps its ticks
    count();
  }
})();
