// Keeps a page of a meeting up to date: <… data-live="/address/?live=1">, asked every second and a half.
// Only parts whose data-stamp changed are put in place; a form in which something was typed is left alone.
// Clocks run by themselves; where the connection is lost, the page says of when it is.
(() => {
  "use strict";
  const EVERY = 1500, HIDDEN = 6000, LOST_AFTER = 5000;
  const root = document.querySelector("[data-live]");
  if (!root) return;
  let etag = "", last = Date.now();

  const clockwork = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: root.dataset.zone || undefined });
  const time = (at) => clockwork.format(at);
  const busy = (region) => region.querySelector("form[data-dirty]") ||
    (region.contains(document.activeElement) && /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName) && document.activeElement.value);

  const put = (html) => {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    for (const region of fresh.querySelectorAll("[data-region]")) {
      const old = root.querySelector(`[data-region="${region.dataset.region}"]`);
      if (!old || old.dataset.stamp === region.dataset.stamp || busy(old)) continue;
      const open = [...old.querySelectorAll("details[open] > summary")].map((summary) => summary.textContent);
      old.replaceWith(region);
      for (const summary of region.querySelectorAll("details > summary")) if (open.includes(summary.textContent)) summary.parentElement.open = true;
      wind(region);
    }
  };

  const say = () => {
    const place = document.querySelector("[data-stale]");
    if (!place) return;
    const lost = Date.now() - last > LOST_AFTER;
    document.documentElement.classList.toggle("is-lost", lost);
    const words = lost ? root.dataset.lost : place.dataset.asOf;
    place.hidden = !words;
    if (words) place.textContent = words.replace("{time}", time(last));
  };

  const ask = async () => {
    try {
      const answer = await fetch(root.dataset.live, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", credentials: "same-origin", redirect: "manual", signal: AbortSignal.timeout(8000) });
      if (answer.status === 200) {
        put(await answer.text());
        etag = answer.headers.get("ETag") || "";
      } else if (answer.status !== 304) {
        if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) return location.reload();
        throw new Error(answer.status);
      }
      last = Date.now();
    } catch { /* the next one will tell */ }
    say();
    setTimeout(ask, (document.hidden ? HIDDEN : EVERY) + Math.random() * 200);
  };

  // --- clocks
  const shown = (seconds) => {
    const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
    return (parts[0] ? parts : parts.slice(1)).map((part, n) => (n ? String(part).padStart(2, "0") : part)).join(":");
  };
  const wind = (region) => {
    for (const clock of region.querySelectorAll("[data-clock]")) clock.dataset.since = Date.now();
  };
  const tick = () => {
    for (const clock of document.querySelectorAll("[data-clock]")) {
      const gone = Math.round((Date.now() - clock.dataset.since) / 1000);
      const seconds = Number(clock.dataset.clock);
      clock.textContent = "down" in clock.dataset ? Math.max(0, seconds - gone) : shown(seconds + gone);
    }
  };

  // --- keys of who leads
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, textarea, select, [contenteditable]")) return;
    const button = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key.toLowerCase() === event.key.toLowerCase());
    if (button) { event.preventDefault(); button.click(); }
  });

  wind(document);
  tick();
  setInterval(() => { tick(); say(); }, 1000);
  setTimeout(ask, EVERY);
})();
