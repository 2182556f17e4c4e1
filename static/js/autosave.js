// Saves a form as somebody writes, says so, and never loses what was typed.
//
//   <form method="post" data-autosave="/address/" data-status="#saved" data-keep="KEY">
//     <input type="hidden" name="revision" value="7">
//
// Answers: 200 {saved_at, revision}; 409 {detail}: stop; 409 {detail, revision, fields}: another
// tab was faster, its fields are merged into these; 400 or 422 {errors: {field: [sentence]}}: not
// saved until it is put right; 401, 403 or a redirect: signed out; 404 {detail}: it has ended;
// anything else: try again, each time after a longer wait.
//
// With data-keep what is not saved yet is also kept by this browser (unsaved.js), and comes back
// when the page is opened again.
const QUIET_MS = 1200;
const LONGEST_UNSAVED_MS = 2000; // also while somebody never stops typing
const SLOW_MS = 1500;
const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 15000;

export function start(form) {
  if ("autosaving" in form.dataset) return;
  form.dataset.autosaving = "";

  const address = form.dataset.autosave || form.getAttribute("action") || location.href;
  const line =
    (form.dataset.status && document.querySelector(form.dataset.status)) ||
    form.querySelector("[data-status-line]") ||
    document.querySelector("[data-status-line]");
  let isDirty = false;
  let isSaving = false;
  let isStopped = false;
  let isHeld = false; // until the next change: the server refused what is there now
  let timer = 0;
  let dirtySince = 0;
  let wait = FIRST_WAIT_MS;
  let pressed = null; // a button that waits for the saving under way
  let unsaved = null; // what this browser keeps, once its helper is there

  if (form.dataset.keep) {
    import(form.dataset.unsaved).then((helper) => {
      unsaved = helper.start(form, { changed, stop, go: saveNow, say });
    });
  }

  function say(text, state) {
    if (!line) return;
    if (line.textContent !== text) line.textContent = text;
    line.dataset.state = state;
  }

  function schedule(delay) {
    clearTimeout(timer);
    timer = setTimeout(save, delay);
  }

  function changed() {
    if (!isDirty) dirtySince = Date.now();
    isDirty = true;
    isHeld = false;
    unsaved?.keep();
    if (isStopped) return;
    schedule(Math.max(0, Math.min(QUIET_MS, dirtySince + LONGEST_UNSAVED_MS - Date.now())));
  }

  function stop() {
    isStopped = true;
    clearTimeout(timer);
    timer = 0;
  }

  function saveNow() {
    isStopped = false;
    isDirty = true;
    schedule(0);
  }

  // Files go their own way; everything else of the form is saved.
  function content() {
    const fields = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") fields.append(name, value);
    }
    return fields;
  }

  async function save({ keepalive = false } = {}) {
    timer = 0;
    if (!isDirty || isSaving || isStopped) return;
    isSaving = true;
    isDirty = false;
    form.dataset.saving = "";
    unsaved?.sending();
    const slow = setTimeout(() => say("Saving…", ""), SLOW_MS);
    try {
      const response = await fetch(address, {
        method: "POST",
        body: content(),
        headers: { "X-Requested-With": "autosave", Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive,
      });
      clearTimeout(slow);
      await take(response);
    } catch {
      clearTimeout(slow);
      tryAgain("No connection. Your text stays here; saving will be tried again.");
    } finally {
      isSaving = false;
      delete form.dataset.saving;
      if (pressed) {
        const button = pressed;
        pressed = null;
        form.requestSubmit(button);
        return;
      }
      if (isDirty && !isStopped && !isHeld && !timer) schedule(QUIET_MS);
    }
  }

  async function take(response) {
    clearTimeout(timer);
    timer = 0;
    if (response.ok) {
      saved(await response.json().catch(() => ({})));
    } else if (response.type === "opaqueredirect" || [401, 403].includes(response.status)) {
      await renewSecret();
      tryAgain(
        "Not saved: you are signed out. Your text stays here. Sign in again in another tab; " +
          "saving then goes on by itself.",
      );
    } else if (response.status === 409) {
      const answer = await response.json().catch(() => ({}));
      isDirty = true;
      if (answer.fields && unsaved) {
        form.elements.namedItem("revision").value = answer.revision;
        unsaved.merge(answer.fields);
        return;
      }
      isStopped = true;
      say(
        `Not saved: ${answer.detail || "this was changed in another tab."} Your text stays here; ` +
          "copy what you need and load the page again.",
        "failed",
      );
    } else if (response.status === 404 || response.status === 410) {
      isStopped = true;
      isDirty = true;
      say(
        "Not saved: this is no longer open to you, perhaps because it was ended meanwhile. Your " +
          "text stays on this page; copy what you want to keep.",
        "failed",
      );
    } else if (response.status === 400 || response.status === 422) {
      const answer = await response.json().catch(() => ({}));
      isHeld = !isDirty; // what was typed meanwhile deserves its own try
      isDirty = true;
      say(`Not saved: ${firstError(answer)}`, "failed");
    } else {
      tryAgain("Could not save; it will be tried again. Your text stays here.");
    }
  }

  // Whoever signs in again gets a new secret for forms; the old one would be refused for ever.
  async function renewSecret() {
    const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
    if (!page?.ok) return;
    const found = new DOMParser().parseFromString(await page.text(), "text/html");
    const secret = found.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (!secret) return;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = secret;
    wait = FIRST_WAIT_MS;
  }

  function saved(answer) {
    wait = FIRST_WAIT_MS;
    const revision = form.elements.namedItem("revision");
    if (revision && answer.revision !== undefined) revision.value = answer.revision;
    unsaved?.saved(isDirty);
    const at = answer.saved_at ? new Date(answer.saved_at) : new Date();
    const clock = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    say(`saved ${clock}`, "saved");
    form.dispatchEvent(new CustomEvent("autosave:saved", { bubbles: true, detail: answer }));
  }

  function tryAgain(sentence) {
    isDirty = true;
    say(sentence, "failed");
    schedule(wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  function firstError(answer) {
    const [field, sentences] = Object.entries(answer.errors ?? {})[0] ?? [];
    if (!field) return answer.detail || "something in the form cannot be stored yet.";
    const label = form.querySelector(`label[for="id_${field}"]`)?.firstChild?.textContent.trim();
    return `${label || field}: ${[sentences].flat()[0]}`;
  }

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    timer = 0;
    if (isSaving) {
      // Two savings at once would take each other for another tab.
      event.preventDefault();
      pressed = event.submitter;
      return;
    }
    isDirty = false;
    isStopped = true;
    // Where the browser keeps the page, as after a download, saving goes on.
    setTimeout(() => (isStopped = false), 5000);
  });
  window.addEventListener("online", () => isDirty && save());
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save({ keepalive: true });
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty || isSaving) event.preventDefault();
  });
}
