// Asks before leaving while something typed is not sent: <form data-guard>, and every form autosave marked as dirty.
(() => {
  "use strict";
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-guard")) form.dataset.dirty = "";
  });
  document.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("data-guard")) delete event.target.dataset.dirty;
  });
  addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-dirty]")) event.preventDefault();
  });
})();
