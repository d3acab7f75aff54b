// Asks before leaving while something typed is not sent: <form data-guard>, and every form autosave marked as dirty.
(() => {
  "use strict";
  // A form that saves itself is sent while the page goes, unless it could not be saved or is too long for that.
  const LONGEST = 60000;
  const atRisk = (form) => {
    if (!form.hasAttribute("data-autosave")) return true;
    const state = form.querySelector("[data-saved]")?.dataset.state;
    if (!["unsaved", "saving", "saved"].includes(state)) return true;
    const texts = [...new FormData(form)].filter(([, value]) => typeof value === "string");
    return new URLSearchParams(texts).toString().length >= LONGEST;
  };
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-guard")) form.dataset.dirty = "";
  });
  document.addEventListener("submit", (event) => {
    if (event.target.hasAttribute("data-guard")) delete event.target.dataset.dirty;
  });
  addEventListener("beforeunload", (event) => {
    if ([...document.querySelectorAll("form[data-dirty]")].some(atRisk)) event.preventDefault();
  });
})();
