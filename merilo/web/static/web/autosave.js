// Saves a form while it is being filled: <form data-autosave="/address/">.
// At most 3 seconds after the last key, and at once on leaving a field, the tab or the page.
// Every state is said in the words the server wrote into the element [data-saved] of the form.
(() => {
  "use strict";
  const PAUSE = 2000, LONGEST = 12000, RETRY = 4000, LONGEST_RETRY = 60000;
  const KEEPALIVE_BYTES = 60000; // browsers refuse larger bodies on a page that is going away

  class Autosave {
    constructor(form) {
      this.form = form;
      this.edits = 0; // counts changes, so that an answer knows whether it is the last word
      this.saved = 0;
      this.running = null;
      this.stopped = false;
      this.retry = RETRY;
      form.addEventListener("input", () => this.changed());
      form.addEventListener("change", () => this.changed());
      form.addEventListener("focusout", () => this.flush());
      form.addEventListener("submit", (event) => this.submitted(event));
      addEventListener("pagehide", () => this.flush());
      addEventListener("online", () => this.flush());
      document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    }

    changed() {
      this.edits += 1;
      this.form.dataset.dirty = "";
      if (this.stopped) return;
      this.say("unsaved");
      this.since ??= Date.now();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - Date.now())));
    }

    flush() {
      if (this.edits > this.saved && !this.stopped) this.save();
    }

    async save() {
      clearTimeout(this.timer);
      if (this.running) return;
      const edits = this.edits;
      this.since = undefined;
      this.say("saving");
      this.running = this.send(edits).finally(() => { this.running = null; });
      await this.running;
      if (this.edits > edits && !this.stopped) this.changed();
    }

    async send(edits) {
      const fields = [...new FormData(this.form)].filter(([, value]) => typeof value === "string");
      const body = new URLSearchParams(fields).toString();
      let answer;
      try {
        answer = await fetch(this.form.dataset.autosave, {
          method: "POST", body, redirect: "manual", credentials: "same-origin", keepalive: body.length < KEEPALIVE_BYTES,
          headers: { "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", "X-Autosave": "1" },
        });
      } catch {
        return this.later();
      }
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return this.say("signed_out");
      if (answer.status === 409) return this.conflict(await answer.text());
      if (answer.status === 422) return this.refused(await answer.json().catch(() => ({})));
      if (!answer.ok) return this.later();
      return this.kept(await answer.json().catch(() => ({})), edits);
    }

    kept(answer, edits) {
      this.retry = RETRY;
      this.saved = edits;
      this.build(answer.version);
      this.mistakes({});
      if (this.edits > edits) return;
      delete this.form.dataset.dirty;
      this.say("saved", answer.saved);
    }

    later() {
      this.say("offline");
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), this.retry);
      this.retry = Math.min(this.retry * 2, LONGEST_RETRY);
    }

    // The next save builds on the version just stored; a refusal, too, may have stored the rest.
    build(version) {
      const field = this.form.elements.namedItem("version");
      if (field && version !== undefined) field.value = version;
    }

    refused(answer) {
      this.build(answer.version);
      this.saved = this.edits; // the same text would be refused again: wait for the next change
      this.mistakes(answer.errors || {});
      this.say("refused", answer.saved);
    }

    conflict(html) {
      this.stopped = true;
      this.say("conflict");
      const place = document.querySelector("[data-conflict]");
      if (!place) return;
      place.innerHTML = html;
      window.htmx?.process(place);
      place.tabIndex = -1;
      place.focus();
    }

    mistakes(errors) {
      for (const old of this.form.querySelectorAll("[data-mistake]")) {
        document.getElementById(old.dataset.mistake)?.removeAttribute("aria-invalid");
        old.remove();
      }
      for (const [id, words] of Object.entries(errors)) {
        const field = document.getElementById(id);
        if (!field) continue;
        const note = document.createElement("p");
        note.className = "err";
        note.dataset.mistake = id;
        note.textContent = words;
        field.setAttribute("aria-invalid", "true");
        field.before(note);
      }
    }

    // A save on its way would make the version of this form old: let it come home first.
    submitted(event) {
      clearTimeout(this.timer);
      if (!this.running) {
        this.stopped = true;
        delete this.form.dataset.dirty;
        return;
      }
      event.preventDefault();
      this.running.then(() => this.form.requestSubmit(event.submitter));
    }

    say(state, words) {
      const place = this.form.querySelector("[data-saved]");
      if (!place) return;
      const text = words || place.getAttribute(`data-${state}`) || "";
      place.dataset.state = state;
      const line = place.querySelector("span");
      if (line.textContent !== text) line.textContent = text;
    }
  }

  const attach = (root) => {
    for (const form of root.querySelectorAll("form[data-autosave]")) {
      if (!form.autosave) form.autosave = new Autosave(form);
    }
  };
  attach(document);
  document.addEventListener("htmx:load", (event) => attach(event.target.parentElement || document));
})();
