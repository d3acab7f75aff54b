// Bars of a calendar are moved by pointer or arrow keys: [data-gantt] holds drawings whose bars are links
// a[data-bar] with data-from, data-to and data-version. What results is sent by the form [data-gantt-form]
// to the address of the link, where the same dates can be typed.
(() => {
  "use strict";
  const board = document.querySelector("[data-gantt]");
  const form = document.querySelector("[data-gantt-form]");
  const told = document.querySelector("[data-gantt-told]");
  if (!board || !form || !told) return;
  document.querySelector("[data-gantt-hint]").hidden = false;

  const DAY = 86400000;
  const MOUSE = { slack: 4, edge: 10 }, FINGER = { slack: 10, edge: 20 };  // a finger trembles and is thick
  const read = (iso) => Date.parse(`${iso}T00:00:00Z`) / DAY;
  const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10);
  const words = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeZone: "UTC" });
  const say = (day) => words.format(new Date(day * DAY));
  let moving = null;

  const scaleOf = (svg) => {
    const { first, days, left, right } = svg.dataset;
    const unit = (right - left) / days;
    return { x: (day) => Number(left) + (day - read(first)) * unit, unit, pixel: svg.getScreenCTM().a };
  };

  const begin = (bar) => {
    if (moving?.bar === bar) return moving;
    cancel();
    const svg = bar.ownerSVGElement;
    const ghost = document.createElementNS(svg.namespaceURI, "rect");
    const frame = bar.querySelector("polygon").getBBox();
    Object.entries({ y: frame.y, height: frame.height, class: "ghost" }).forEach(([name, value]) => ghost.setAttribute(name, value));
    bar.after(ghost);
    const [from, to] = [read(bar.dataset.from), read(bar.dataset.to)];
    moving = { bar, ghost, scale: scaleOf(svg), was: [from, to], from, to };
    return moving;
  };

  const show = (from, to) => {
    Object.assign(moving, { from, to: Math.max(from, to) });
    const { ghost, scale } = moving;
    ghost.setAttribute("x", scale.x(moving.from));
    ghost.setAttribute("width", Math.max(scale.x(moving.to + 1) - scale.x(moving.from), 1));
    told.textContent = `${say(moving.from)} – ${say(moving.to)}`;
  };

  const cancel = () => {
    moving?.ghost.remove();
    moving = null;
    told.textContent = "";
  };

  const changed = () => moving && (moving.from !== moving.was[0] || moving.to !== moving.was[1]);

  const send = () => {
    if (!changed()) return cancel();
    const { bar, from, to } = moving;
    form.action = bar.getAttribute("href");
    form.elements.first.value = iso(from);
    form.elements.last.value = iso(to);
    form.elements.version.value = bar.dataset.version;
    form.submit();
    form.action = "";
  };

  const barOf = (event) => event.target.closest?.("a[data-bar]");

  board.addEventListener("pointerdown", (event) => {
    const bar = barOf(event);
    if (!bar || event.button) return;
    const { slack, edge } = event.pointerType === "touch" ? FINGER : MOUSE;
    const { right, width } = bar.querySelector("polygon").getBoundingClientRect();
    const isEnd = width > 2 * edge && event.clientX > right - edge;
    const drag = { bar, x: event.clientX, isEnd, begun: false };
    bar.setPointerCapture(event.pointerId);
    const move = (at) => {
      const way = at.clientX - drag.x;
      if (!drag.begun && Math.abs(way) < slack) return;
      drag.begun = true;
      const { was, scale } = begin(bar);
      const days = Math.round(way / scale.pixel / scale.unit);
      show(was[0] + (isEnd ? 0 : days), was[1] + days);
    };
    const leave = (at) => {
      ["pointermove", "pointerup", "pointercancel"].forEach((name) => bar.removeEventListener(name, name === "pointermove" ? move : leave));
      if (!drag.begun) return;
      bar.addEventListener("click", (click) => click.preventDefault(), { once: true, capture: true });
      if (at.type === "pointerup") send();
      else cancel();
    };
    bar.addEventListener("pointermove", move);
    bar.addEventListener("pointerup", leave);
    bar.addEventListener("pointercancel", leave);
  });
  board.addEventListener("dragstart", (event) => { if (barOf(event)) event.preventDefault(); });

  board.addEventListener("keydown", (event) => {
    const bar = barOf(event);
    if (!bar || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      event.preventDefault();
      const { from, to } = begin(bar);
      show(from + (event.shiftKey ? 0 : step), to + step);
    } else if (event.key === "Enter" && moving?.bar === bar && changed()) {
      event.preventDefault();
      send();
    } else if (event.key === "Escape" && moving) {
      event.preventDefault();
      cancel();
    }
  });
  board.addEventListener("focusout", cancel);
  addEventListener("pageshow", cancel);

  const key = decodeURIComponent(location.hash.slice(1));
  const last = [...board.querySelectorAll("a[data-bar]")].find((bar) => key && bar.dataset.bar === key && bar.getClientRects().length);
  last?.focus();
})();
