// Sends chosen or dropped files in parts, with progress, a way to stop, and resuming: after a
// broken connection by itself, after a reload when the same file is chosen again. The form works
// without this file; then it sends one file at a time.
//
//   <form data-upload data-begin="/address/" data-kind="main" data-max-bytes="20971520">
//
// Without `data-kind` the form's own list of kinds says what a file may be; it is guessed for each
// file and can be changed until the file is taken in. Rows appear in [data-upload-list].
//
// With `data-start` there is no draft yet: the form's own address begins one for the first file, and
// the page of that draft follows.
const MEGABYTE = 1024 * 1024;
const LEAST_PART = 256 * 1024;
const PART_SECONDS = 3; // a part should take about so long, so that a break loses little
const WAITS = [1, 2, 4, 8, 15, 30, 60]; // seconds between tries
const EDGE = 64 * 1024;

const size = (bytes) =>
  bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

class Stop extends Error {} // for good: the server's sentence, or the person's wish
class Break extends Error {} // for now: try again

let token = "";
let lane = Promise.resolve(); // one file is sent at a time; the others wait
const running = new Map(); // fingerprint -> row
const ongoing = new Set(); // public ids, so that the page does not call them interrupted

export function start(form) {
  const input = form.querySelector('input[type="file"]');
  if (!input || "uploading" in form.dataset) return;
  form.dataset.uploading = "";
  token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  hideOngoing();
  form.closest("[data-with-script]")?.removeAttribute("hidden");
  const zone = form.querySelector(".drop-zone") || form;
  input.classList.add("visually-hidden");
  input.multiple = !form.dataset.kind;
  input.required = false;
  zone.querySelectorAll(".without-script").forEach((part) => (part.hidden = true));

  const take = (files) => {
    let here = new Set((form.dataset.here || "").split(" "));
    for (const row of running.values()) here.add(row.kind());
    for (const file of files) here.add(add(form, file, here));
    input.value = "";
  };
  input.addEventListener("change", () => take([...input.files]));
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("is-over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = [...event.dataTransfer.files];
    take(form.dataset.kind ? files.slice(0, 1) : files);
  });
}

// A file dropped beside the zone must not replace the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => {
    if (event.dataTransfer?.types.includes("Files")) event.preventDefault();
  });
}
window.addEventListener("beforeunload", (event) => {
  if ([...running.values()].some((row) => row.isSending)) event.preventDefault();
});

// --- What a file probably is ----------------------------------------------------------------

const NAMES = [
  [/response|rebuttal|repl(y|ies)|answer/i, "response_to_reviewers"],
  [/mark|diff|track|chang/i, "marked_up_copy"],
  [/cover/i, "cover_letter"],
  [/conf|isbi|miccai|cvpr|midl|neurips|proceeding/i, "conference_paper"],
];
const ENDINGS = {
  "png jpg jpeg tif tiff": "graphical_abstract",
  "mp4 webm avi mov mkv": "video",
  "mp3 wav": "media",
  "csv tsv xlsx h5 hdf5 npy npz nii dcm": "dataset",
  "docx tex": "sources",
  "py ipynb r m c cpp jl": "code",
};

export function guess(name, here, kinds) {
  const ending = name.toLowerCase().split(".").pop();
  const allowed = (kind) => (kinds.includes(kind) ? kind : "");
  if (ending === "pdf") {
    for (const [pattern, kind] of NAMES) if (pattern.test(name) && kinds.includes(kind)) return kind;
    return here.has("main") ? "" : allowed("main");
  }
  if (/\.(zip|gz|tgz)$/i.test(name)) {
    if (/code|src|software/i.test(name)) return allowed("code");
    if (/tex|source/i.test(name)) return allowed("sources");
    return "";
  }
  for (const [endings, kind] of Object.entries(ENDINGS)) {
    if (!endings.split(" ").includes(ending)) continue;
    if (kind === "graphical_abstract" && here.has(kind)) return allowed("media");
    return allowed(kind);
  }
  return "";
}

// --- One row of the list --------------------------------------------------------------------

let rowNumber = 0;

function add(form, file, here) {
  const list = document.querySelector("[data-upload-list]");
  const fixed = form.dataset.kind || "";
  const row = document.createElement("li");
  row.innerHTML =
    '<span class="upload-name"><bdi></bdi></span>' +
    '<progress value="0" max="100" hidden></progress><span class="progress-told num"></span>' +
    '<span class="upload-acts"><button class="btn btn-quiet btn-sm" type="button" hidden>Try again</button>' +
    '<button class="btn btn-link btn-sm" type="button"></button></span>' +
    '<p class="upload-error" role="alert" hidden></p>';
  const [label, bar, told, acts, problem] = row.children;
  const [again, cancel] = acts.children;
  label.firstChild.textContent = file.name;
  bar.setAttribute("aria-label", `Uploading ${file.name}`);
  cancel.innerHTML = 'Cancel<span class="visually-hidden"></span>';
  cancel.lastChild.textContent = ` ${file.name}`;
  again.append(hidden(` with ${file.name}`));
  const select = fixed ? null : choice(form, file, here);
  if (select) label.after(select.parentElement);
  list.hidden = false;
  list.append(row);

  const state = {
    row, file, form, told, bar, again,
    isSending: false,
    isStopped: false,
    request: null,
    session: null,
    kind: () => fixed || select.value,
    limit: () => Number(form.dataset.maxBytes || select?.selectedOptions[0]?.dataset.maxBytes || Infinity),
    fail(sentence) {
      state.isSending = false;
      bar.hidden = true;
      told.textContent = "";
      problem.textContent = sentence;
      problem.hidden = false;
    },
    clear() {
      problem.hidden = true;
      again.hidden = true;
    },
  };
  const go = async () => {
    state.clear();
    if (!state.kind()) {
      told.textContent = "What kind of file is it?";
      return;
    }
    const sentence = refusal(state);
    if (sentence) {
      state.fail(sentence);
      return;
    }
    await upload(state);
  };
  again.addEventListener("click", () => {
    cancel.focus();
    go();
  });
  cancel.addEventListener("click", () => giveUp(state));
  select?.addEventListener("change", () => !state.isSending && go());
  go();
  return state.kind();
}

function hidden(text) {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = text;
  return span;
}

function choice(form, file, here) {
  const select = form.querySelector('select[name="kind"]').cloneNode(true);
  select.id = `upload-kind-${(rowNumber += 1)}`;
  select.classList.add("form-select-sm");
  const kinds = [...select.options].map((option) => option.value);
  const guessed = guess(file.name, here, kinds);
  if (!guessed) select.prepend(new Option("Choose the kind", ""));
  select.value = guessed;
  const label = document.createElement("label");
  label.className = "upload-kind";
  label.append(hidden(`Kind of ${file.name}`), select);
  return select;
}

function refusal({ file, limit }) {
  if (file.size === 0) return `“${file.name}” is empty (0 bytes). Check it on your disk and choose it once more.`;
  if (file.size > limit()) {
    return `“${file.name}” has ${size(file.size)}; the limit is ${size(limit())}. Choose a smaller file.`;
  }
  return "";
}

async function giveUp(state) {
  state.isStopped = true;
  state.request?.abort();
  running.delete(state.fingerprint);
  if (state.session) {
    ongoing.delete(state.session.upload);
    const { cancel_url } = state.session;
    state.session = null;
    await post(cancel_url, {}).catch(() => {}); // what stays is swept after a day
  }
  tell(`The upload of ${state.file.name} was given up. Nothing of it is kept.`);
  leave(state.row);
}

function leave(row) {
  const list = row.parentElement;
  const hadFocus = row.contains(document.activeElement);
  row.remove();
  if (list && !list.children.length) list.hidden = true;
  if (hadFocus) document.querySelector("form[data-upload] input[type=file]")?.focus();
}

function tell(sentence) {
  const line = document.querySelector("[data-upload-told]");
  if (line) line.textContent = sentence;
}

// --- Sending --------------------------------------------------------------------------------

async function upload(state) {
  const { file, form, told, bar } = state;
  state.fingerprint = await fingerprint(file);
  if (running.has(state.fingerprint)) {
    state.fail(`“${file.name}” is in the list already.`);
    return;
  }
  running.set(state.fingerprint, state);
  state.isSending = true;
  bar.hidden = false;
  bar.value = 0;
  told.textContent = "waiting";
  const before = lane;
  let free;
  lane = new Promise((resolve) => (free = resolve));
  try {
    await before;
    await persist(state, () => begin(state));
    await persist(state, () => send(state));
    free(); // the next file is sent while the server checks this one
    bar.removeAttribute("value");
    told.textContent = "The file is here; it is being checked…";
    state.isSending = false;
    const done = await persist(state, () => finish(state));
    ongoing.delete(state.session?.upload);
    told.textContent = "Taken in.";
    state.session = null; // nothing is left to give up
    state.row.querySelectorAll(".upload-acts, .upload-kind").forEach((part) => (part.hidden = true));
    running.delete(state.fingerprint);
    if (form.dataset.draft) {
      location.assign(form.dataset.draft);
      return;
    }
    await persist(state, refresh);
    tell(`${done.told} is here.`);
    leave(state.row);
  } catch (error) {
    running.delete(state.fingerprint);
    if (state.isStopped) return;
    state.isSending = false;
    if (!(error instanceof Stop)) state.again.hidden = false;
    if (error instanceof Stop && state.session) ongoing.delete(state.session.upload);
    state.fail(error.message);
  } finally {
    free();
  }
}

// Tries again after a break, each time after a longer wait; asks the server where to go on.
async function persist(state, act) {
  for (let tries = 0; ; tries += 1) {
    if (state.isStopped) throw new Stop("");
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Break) || state.isStopped) throw error;
      if (tries >= WAITS.length) throw new Error(`${error.message} Press “Try again”: it goes on from there.`);
      state.told.textContent = `${error.message} Trying again…`;
      await Promise.race([pause(WAITS[tries] * 1000), new Promise((resolve) => window.addEventListener("online", resolve, { once: true }))]);
      await freshToken();
    }
  }
}

async function begin(state) {
  if (!state.form.dataset.begin) await startDraft(state.form);
  state.session = await post(state.form.dataset.begin, {
    kind: state.kind(),
    name: state.file.name,
    byte_count: state.file.size,
    fingerprint: state.fingerprint,
  });
  ongoing.add(state.session.upload);
  hideOngoing();
}

// The answer is the first screen of the new draft, which says where its files go.
async function startDraft(form) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token }) }).catch(() => {
    throw new Break("No connection.");
  });
  if (answer.status === 403 || answer.url.includes("login")) throw new Break("You are signed out. Sign in again in another tab; the upload then goes on.");
  if (answer.status >= 500) throw new Break("The server does not answer well.");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const begin = page.querySelector(".drop-form")?.dataset.begin;
  if (!begin) throw new Stop(page.querySelector("main p")?.textContent || "No draft could be begun.");
  form.dataset.begin = begin;
  form.dataset.draft = answer.url;
}

async function send(state) {
  const { file, session } = state;
  let part = LEAST_PART;
  while (session.received < file.size) {
    if (state.isStopped) throw new Stop("");
    const offset = session.received;
    const began = performance.now();
    try {
      const answer = await sendPart(state, offset, file.slice(offset, offset + part));
      session.received = answer.received;
    } catch (error) {
      if (error.code === "wrong_offset" || error instanceof Break) {
        await ask(state); // another tab, or the answer was lost: the server knows
        if (session.received === offset) throw error instanceof Break ? error : new Break(error.message);
        continue;
      }
      throw error;
    }
    const seconds = Math.max(0.01, (performance.now() - began) / 1000);
    part = Math.min(session.part_bytes_most, Math.max(LEAST_PART, (part / seconds) * PART_SECONDS));
    part = Math.floor(part);
  }
}

async function ask(state) {
  const answer = await fetch(state.session.part_url, { headers: { Accept: "application/json" }, redirect: "manual" })
    .catch(() => null);
  if (answer?.ok) state.session.received = (await answer.json()).received;
  else if (answer?.status === 404) await begin(state); // swept, or given up elsewhere
}

function sendPart(state, offset, content) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    state.request = request;
    request.open("POST", state.session.part_url);
    request.setRequestHeader("X-Requested-With", "upload");
    request.setRequestHeader("X-CSRFToken", token);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("Upload-Offset", offset);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.timeout = 90000;
    request.upload.addEventListener("progress", (event) => show(state, offset + event.loaded));
    request.addEventListener("load", () => {
      try {
        resolve(judged(request.status, request.responseText, request.responseURL));
      } catch (error) {
        reject(error);
      }
    });
    const broken = () => reject(new Break(`The connection broke at ${state.bar.value} %.`));
    for (const name of ["error", "timeout", "abort"]) request.addEventListener(name, broken);
    request.send(content);
  });
}

function show({ bar, told, file }, sent) {
  const share = Math.min(99, Math.floor((100 * sent) / file.size));
  bar.value = share;
  told.textContent = `${share} % · ${size(sent)} of ${size(file.size)}`;
}

async function finish(state) {
  try {
    return await post(state.session.finish_url, { kind: state.kind() });
  } catch (error) {
    // Gone: taken in by an answer that was lost on its way, or by another tab.
    if (["not_found", "upload_ended"].includes(error.code)) return { told: `“${state.file.name}”` };
    throw error;
  }
}

async function post(address, values) {
  const answer = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(values),
    headers: { "X-Requested-With": "upload", "X-CSRFToken": token, Accept: "application/json" },
    redirect: "manual",
  }).catch(() => {
    throw new Break("No connection.");
  });
  return judged(answer.type === "opaqueredirect" ? 401 : answer.status, await answer.text());
}

// What an answer means: go on, try again, or stop with the server's sentence.
function judged(status, text, address = "") {
  if (status === 204) return {};
  let content = {};
  try {
    content = JSON.parse(text);
  } catch {
    if (status < 400 && !address.includes("login")) throw new Break("The server's answer could not be read.");
  }
  if (status < 400 && content.upload) return content;
  if (status < 400 && content.told) return content;
  if (status === 401 || status === 403 || status < 400) {
    throw new Break("You are signed out. Sign in again in another tab; the upload then goes on.");
  }
  if (status >= 500 || content.code === "part_cut") throw new Break(content.detail || "The server does not answer well.");
  const error = new Stop(content.detail || `The file was not taken (answer ${status}).`);
  error.code = content.code || (status === 404 ? "not_found" : "");
  throw error;
}

// Somebody who signed in again has a new secret for forms.
async function freshToken() {
  const page = await fetch(location.href, { redirect: "manual" }).catch(() => null);
  if (!page?.ok) return;
  const found = new DOMParser().parseFromString(await page.text(), "text/html");
  token = found.querySelector("[name=csrfmiddlewaretoken]")?.value || token;
}

// The same file gives the same answer after a reload; a file saved anew does not.
async function fingerprint(file) {
  const described = `${file.name}\n${file.size}\n${file.lastModified}`;
  if (!crypto.subtle) return described.slice(-64);
  const edges = new Blob([described, file.slice(0, EDGE), file.slice(-EDGE)]);
  const digest = await crypto.subtle.digest("SHA-256", await edges.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- The page after a file has come in ------------------------------------------------------

async function refresh() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) throw new Break("The file is taken in, but this page could not be refreshed.");
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.id;
  for (const selector of ["#files", "#missing", ".steps"]) {
    const fresh = page.querySelector(selector);
    const place = document.querySelector(selector);
    if (!fresh || !place) continue;
    place.replaceWith(fresh);
    fresh.dispatchEvent(new CustomEvent("page:changed", { bubbles: true }));
    window.htmx?.process(fresh);
  }
  const zone = document.querySelector(".drop-form");
  const freshZone = page.querySelector(".drop-form");
  if (zone && freshZone) {
    zone.dataset.here = freshZone.dataset.here;
    zone.querySelector("label b").textContent = freshZone.querySelector("label b").textContent;
  }
  hideOngoing();
  if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus({ preventScroll: true });
}

function hideOngoing() {
  for (const line of document.querySelectorAll("[data-interrupted]")) {
    if (ongoing.has(line.dataset.interrupted)) line.remove();
  }
  const card = document.querySelector("#interrupted");
  if (card && !card.querySelector("[data-interrupted]")) card.remove();
}
