// Moves the focus to what needs attention first: [data-focus], the error summary.
(() => {
  "use strict";
  const move = () => document.querySelector("[data-focus]")?.focus();
  move();
  document.addEventListener("htmx:afterSettle", (event) => event.detail.target.querySelector?.("[data-focus]")?.focus());
})();
