// The small computation before an open survey is sent: PBKDF2 with the browser's own cryptography, nothing else.
// It runs while the answers are checked; who presses "Send" earlier is sent on as soon as it is done.
"use strict";

(() => {
  const box = document.querySelector("[data-challenge]");
  if (!box) return;
  const form = box.closest("form");
  const status = box.querySelector("[role=status]");
  const field = box.querySelector("[name=proof]");
  const most = 300;
  let waiting = null;

  const bytes = (hex) => Uint8Array.from(hex.match(/../g) || [], (pair) => parseInt(pair, 16));
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

  async function derived(parameters, counter) {
    const nonce = bytes(parameters.nonce);
    const password = new Uint8Array(nonce.length + 4);
    password.set(nonce);
    new DataView(password.buffer).setUint32(nonce.length, counter);
    const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt: bytes(parameters.salt), iterations: parameters.cost };
    return hex(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
  }

  async function solve(challenge) {
    const began = performance.now();
    for (let counter = 0; counter <= most; counter += 1) {
      const key = await derived(challenge.parameters, counter);
      if (key.startsWith(challenge.parameters.keyPrefix)) {
        const solution = { counter, derivedKey: key, time: Math.round(performance.now() - began) };
        return btoa(JSON.stringify({ challenge, solution }));
      }
      // a status that changes at every step would be read out without end
      if (counter % 60 === 0) status.textContent = box.dataset.working.replace("{share}", Math.round((100 * counter) / most));
    }
    throw new Error("no solution");
  }

  form.addEventListener("submit", (event) => {
    if (field.value || !event.submitter || event.submitter.value !== "send" || box.dataset.gaveUp || form.elements.code) return;
    event.preventDefault();
    waiting = event.submitter;
    status.textContent = box.dataset.waiting;
  });

  solve(JSON.parse(box.dataset.challenge)).then((found) => {
    field.value = found;
    status.textContent = box.dataset.ready;
    if (waiting) form.requestSubmit(waiting);
  }).catch(() => {
    box.dataset.gaveUp = "yes";
    status.textContent = box.dataset.failed;
    const way = document.getElementById("by-mail");
    if (way) way.open = true;
  });
})();
