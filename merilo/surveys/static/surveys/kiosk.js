// A tablet at a desk: after a minute without a touch the page asks whether somebody is there, then begins anew.
"use strict";

(() => {
  const box = document.querySelector("[data-idle]");
  if (!box) return;
  const words = box.querySelector("p");
  let timer = 0;

  function wait() {
    clearTimeout(timer);
    words.hidden = true;
    timer = setTimeout(ask, 1000 * box.dataset.idle);
  }

  function ask() {
    words.hidden = false;
    timer = setTimeout(() => location.replace(box.dataset.home), 1000 * box.dataset.back);
  }

  for (const event of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(event, wait, { passive: true });
  wait();
})();
