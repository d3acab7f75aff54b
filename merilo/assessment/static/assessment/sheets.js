/* While typing the components of a score: the wording each number stands for, and their mean. */
"use strict";
(() => {
  const box = document.querySelector("[data-mean]");
  if (!box) return;
  const inputs = [...box.querySelectorAll("[data-part]")];
  const line = document.querySelector("[data-mean-line]");
  const mark = (0.5).toLocaleString(document.documentElement.lang).charAt(1);
  const whole = (input) => (/^\s*\d{1,3}\s*$/.test(input.value) ? Number(input.value) : null);

  const showBand = (input) => {
    const part = input.closest(".part");
    const value = whole(input);
    const own = part.querySelectorAll("[data-low]");
    const found = [...(own.length ? own : box.querySelectorAll(":scope > details [data-low]"))].find(
      (row) => value !== null && value >= Number(row.dataset.low) && value <= Number(row.dataset.high),
    );
    const output = part.querySelector("output");
    output.replaceChildren();
    if (!found) return;
    const range = document.createElement("b");
    range.className = "num";
    range.textContent = found.querySelector("dt").textContent;
    output.append(range, " ", found.querySelector("dd").textContent);
  };

  const showMean = () => {
    const values = inputs.map(whole);
    const top = Math.max(...[...box.querySelectorAll("[data-high]")].map((row) => Number(row.dataset.high)));
    line.hidden = values.some((value) => value === null || value > top);
    if (line.hidden) return;
    const sum = values.reduce((left, right) => left + right, 0);
    line.querySelector("[data-formula]").textContent = `(${values.join(" + ")}) ÷ ${values.length}`;
    line.querySelector("[data-result]").textContent = String(sum / values.length).replace(".", mark);
  };

  box.addEventListener("input", (event) => {
    if (!event.target.matches("[data-part]")) return;
    showBand(event.target);
    showMean();
  });
})();
