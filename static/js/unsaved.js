// Keeps in this browser what a form has not saved yet, and merges it with what another tab saved.
//
// For each field there are three texts: the one both began with (base), mine, and theirs. Where
// one side alone changed, that side counts; where both did, both are shown and the writer chooses.
// Rows of remarks are joined, since one too many is less bad than one lost.
// The store is IndexedDB with strict durability: what it has taken is on the disk, also when the
// browser is killed in the next moment; localStorage may wait a minute.
const KEPT_DAYS = 30;
const KEEP_AFTER_MS = 400;
const ROW = /^(.+)-(\d+)-(place|page|quote|text|optional|gone)$/;

export function start(form, autosave) {
  const key = form.dataset.keep;
  let base = gathered(form);
  let sent = null;
  let timer = 0;
  let order = Promise.resolve(); // one after the other, so that the last one counts
  store("readonly", (texts) => texts.get(key)).then(giveBack, () => {});
  forgetOld();

  function keep() {
    timer ||= setTimeout(write, KEEP_AFTER_MS);
  }

  function write() {
    timer = 0;
    const kept = { at: Date.now(), base, fields: gathered(form) };
    inOrder((texts) => texts.put(kept, key));
  }

  function forget() {
    clearTimeout(timer);
    timer = 0;
    inOrder((texts) => texts.delete(key));
  }

  // A browser that keeps nothing still saves to the server.
  function inOrder(act) {
    order = order.then(() => store("readwrite", act)).catch(() => {});
  }

  // What an earlier page could not save any more, because its browser or its connection died.
  function giveBack(kept) {
    if (!kept) return;
    const there = base;
    if (same(kept.fields, there)) {
      forget();
      return;
    }
    const emptied = Object.fromEntries(Object.keys(there).map((name) => [name, []]));
    put(form, { ...emptied, ...kept.fields });
    base = kept.base;
    const clock = new Date(kept.at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    merge(there, `Brought back what this browser kept at ${clock}.`);
  }

  function merge(theirs, sentence = "Merged with what you saved in another tab.") {
    const mine = gathered(form);
    const disputed = [];
    for (const name of new Set([...Object.keys(base), ...Object.keys(mine), ...Object.keys(theirs)])) {
      const [was, here, there] = [base[name], mine[name], theirs[name]].map((one) => JSON.stringify(one ?? []));
      if (here === there || there === was) continue;
      if (here === was) put(form, { [name]: theirs[name] ?? [] });
      else if (isRows(theirs[name] ?? mine[name])) put(form, { [name]: joined(mine[name], theirs[name]) });
      else disputed.push(name);
    }
    base = theirs;
    write();
    if (!disputed.length) {
      autosave.say(sentence, "saved");
      autosave.go();
      return;
    }
    autosave.stop();
    autosave.say("Not saved: the same field was changed in another tab too. Choose which text stays.", "failed");
    let left = disputed.length;
    for (const name of disputed) {
      ask(form, name, theirs[name] ?? [], () => {
        left -= 1;
        if (!left) autosave.go();
      });
    }
  }

  return {
    keep,
    merge,
    sending: () => (sent = gathered(form)),
    saved(isDirty) {
      base = sent;
      if (isDirty) write();
      else forget();
    },
  };
}

// --- A form as plain values: {name: [values]}, rows of remarks as {name: [[page, …], …]} -------

export function gathered(form) {
  const pairs = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string") pairs.push([name, value]);
  }
  return grouped(pairs);
}

function grouped(pairs) {
  const fields = {};
  const rows = {};
  for (const [name, value] of pairs) {
    if (["csrfmiddlewaretoken", "revision"].includes(name)) continue;
    const text = value.replaceAll("\r\n", "\n");
    const row = ROW.exec(name);
    if (row) ((rows[row[1]] ??= {})[row[2]] ??= {})[row[3]] = text;
    else if (text) (fields[name] ??= []).push(text);
  }
  for (const [name, byIndex] of Object.entries(rows)) {
    const listed = Object.values(byIndex)
      .filter((row) => (row.page || row.quote || row.text) && !row.gone)
      .sort((one, other) => Number(one.place) - Number(other.place))
      .map((row) => [row.page ?? "", row.quote ?? "", row.text ?? "", Boolean(row.optional)]);
    if (listed.length) fields[name] = listed;
  }
  return fields;
}

function put(form, fields) {
  for (const [name, values] of Object.entries(fields)) {
    const box = form.querySelector(`[data-remarks="${CSS.escape(name)}"]`);
    if (box) {
      box.dispatchEvent(new CustomEvent("remarks:set", { detail: { rows: values } }));
      continue;
    }
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (["radio", "checkbox"].includes(field.type)) field.checked = values.includes(field.value);
      else field.value = values[0] ?? "";
    }
  }
}

function isRows(values) {
  return Array.isArray(values?.[0]);
}

function joined(mine = [], theirs = []) {
  const known = new Set(mine.map((row) => JSON.stringify(row)));
  return [...mine, ...theirs.filter((row) => !known.has(JSON.stringify(row)))];
}

function same(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => JSON.stringify(one[name] ?? []) === JSON.stringify(other[name] ?? []));
}

// --- Two texts for one field --------------------------------------------------------------------

function ask(form, name, theirs, chosen) {
  const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
  const place = field.closest("fieldset, .field") ?? field.parentElement;
  const words = document.createElement("p");
  words.className = "both-texts-other";
  words.textContent = worded(form, name, theirs) || "(nothing)";
  const box = document.createElement("div");
  box.className = "both-texts";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "The same field from another tab");
  const heading = document.createElement("p");
  heading.className = "small";
  heading.textContent = "Changed in another tab too. There it says:";
  const buttons = document.createElement("p");
  buttons.className = "acts";
  const choices = [
    ["Keep what is here", () => null],
    ["Take the other", () => theirs],
  ];
  if (field.matches("textarea")) {
    choices.push(["Keep both, one after the other", () => [`${field.value}\n\n${theirs[0] ?? ""}`]]);
  }
  for (const [label, result] of choices) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-quiet btn-sm";
    button.textContent = label;
    button.addEventListener("click", () => {
      const values = result();
      if (values) put(form, { [name]: values });
      box.remove();
      field.focus();
      chosen();
    });
    buttons.append(button);
  }
  box.append(heading, words, buttons);
  place.after(box);
}

function worded(form, name, values) {
  return values
    .map((value) => {
      const choice = form.querySelector(`[type=radio][name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);
      return choice?.closest("label")?.textContent.trim() || form.querySelector(`label[for="${choice?.id}"]`)?.textContent.trim() || value;
    })
    .join("\n");
}

// --- The store ------------------------------------------------------------------------------------

let opened = null;

async function store(mode, act) {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("unsaved", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("texts");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  const transaction = (await opened).transaction("texts", mode, { durability: "strict" });
  const request = act(transaction.objectStore("texts"));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

function forgetOld() {
  const oldest = Date.now() - KEPT_DAYS * 24 * 3600 * 1000;
  store("readwrite", (texts) => {
    const cursors = texts.openCursor();
    cursors.onsuccess = () => {
      const cursor = cursors.result;
      if (!cursor) return;
      if (!(cursor.value.at > oldest)) cursor.delete();
      cursor.continue();
    };
    return cursors;
  }).catch(() => {});
}
