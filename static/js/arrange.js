// The list of authors in its order: buttons without leaving the place, and dragging by the handle
// with mouse, pen or finger. Every move is the form's own button, pressed; without this file the
// buttons load the page anew.
//
//   <form data-arrange> with rows [data-author="0"], each with a handle [data-drag]
const EDGE = 60; // px from the window's edge where dragging scrolls
const ACT = /^(add|paste|(up|down|remove)-\d+|move-\d+-\d+)$/;

export function start(form) {
  if ("arranging" in form.dataset) return;
  form.dataset.arranging = "";

  form.addEventListener("submit", (event) => {
    const act = event.submitter?.value || "";
    if (event.defaultPrevented || "saving" in form.dataset || !ACT.test(act)) return;
    event.preventDefault();
    arrange(form, event.submitter, act);
  });
  for (const handle of form.querySelectorAll("[data-drag]")) {
    handle.addEventListener("pointerdown", (event) => event.button === 0 && drag(form, handle, event));
  }
}

const rows = (form) => [...form.querySelectorAll("[data-author]")];
const nameOf = (row) => row?.querySelector("[data-author-name]")?.textContent.trim() || "New author";

async function arrange(form, button, act) {
  if ("busy" in form.dataset) return;
  form.dataset.busy = "";
  const before = rows(form).map(nameOf);
  const content = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  content.set("act", act);
  const answer = await fetch(form.action, { method: "POST", body: content }).catch(() => null);
  const text = await answer?.text();
  const page = text && new DOMParser().parseFromString(text, "text/html");
  const fresh = page?.querySelector("#screen");
  delete form.dataset.busy;
  if (!fresh) {
    // The plain way, which tells by itself what is wrong; nothing typed is lost by it.
    plainly(form, act);
    return;
  }
  const top = button.isConnected ? button.getBoundingClientRect().top : null;
  const parts = answer.ok ? ["#screen", "#missing", ".steps", "[data-messages]"] : ["#main"];
  for (const selector of parts) {
    const place = document.querySelector(selector);
    const part = page.querySelector(selector);
    if (!place || !part) continue;
    place.replaceWith(part);
    part.dispatchEvent(new CustomEvent("page:changed", { bubbles: true }));
    window.htmx?.process(part);
  }
  if (answer.ok) settle(act, before, top);
  else document.querySelector("#main")?.focus();
}

function plainly(form, act) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "act";
  field.value = act;
  form.append(field);
  form.submit();
}

// Focus goes with the author who was moved, and the move is said aloud.
function settle(act, before, top) {
  const form = document.querySelector("form[data-arrange]");
  const now = rows(form);
  const [verb, from, to] = act.split("-");
  const place = Number(from);
  if (verb === "add") {
    focus(now.at(-1)?.querySelector("input:not([type=hidden])"));
    tell(`Author ${now.length} added.`);
  } else if (verb === "paste") {
    const added = now.slice(before.length);
    const empty = added.flatMap((row) => [...row.querySelectorAll(".body > .row input")]).find((input) => !input.value);
    focus(empty || added[0]?.querySelector("input:not([type=hidden])") || document.querySelector("#pasted"));
    tell(document.querySelector("[data-messages]")?.textContent.trim().replace(/\s+/g, " ") || "");
  } else if (verb === "remove") {
    const next = now[Math.min(place, now.length - 1)];
    focus(next?.querySelector(`[value^="remove-"]`) || form.querySelector(`[value="add"]`));
    tell(`${before[place]} removed; ${now.length} left.`);
  } else {
    const target = verb === "move" ? Number(to) : place + (verb === "up" ? -1 : 1);
    const row = now[target];
    const way = verb === "down" ? "down" : "up";
    const button = row?.querySelector(`[value^="${way}-"]:not([disabled])`) || row?.querySelector(`[name="act"]:not([disabled])`);
    focus(button);
    if (top !== null && button && verb !== "move") scrollBy({ top: button.getBoundingClientRect().top - top, behavior: "instant" });
    else row?.scrollIntoView({ block: "nearest" });
    tell(`${nameOf(row)} is now author ${target + 1} of ${now.length}.`);
  }
}

function focus(element) {
  element?.closest("details")?.setAttribute("open", "");
  element?.focus({ preventScroll: false });
}

function tell(sentence) {
  const line = document.querySelector("[data-arranged]");
  if (line) line.textContent = sentence;
}

// --- Dragging -------------------------------------------------------------------------------

function drag(form, handle, event) {
  event.preventDefault();
  const row = handle.closest("[data-author]");
  const listed = rows(form);
  const from = listed.indexOf(row);
  let target = from;
  let y = event.clientY;
  let frame = 0;
  const top = row.getBoundingClientRect().top;
  document.activeElement?.blur?.();
  form.classList.add("is-dragging");
  row.classList.add("is-dragged");
  // The cards fold to their names; the one that is held stays under the pointer.
  scrollBy({ top: row.getBoundingClientRect().top - top, behavior: "instant" });

  function look() {
    const over = listed.filter((other) => {
      const box = other.getBoundingClientRect();
      return other !== row && y > box.top + box.height / 2;
    });
    target = over.length;
    listed.forEach((other, number) => {
      other.classList.toggle("drop-before", target < from && number === target);
      other.classList.toggle("drop-after", target > from && number === target);
    });
  }
  function scroll() {
    const step = y < EDGE ? -8 : y > innerHeight - EDGE ? 8 : 0;
    if (step) {
      scrollBy({ top: step, behavior: "instant" });
      look();
    }
    frame = requestAnimationFrame(scroll);
  }
  function move(moved) {
    y = moved.clientY;
    look();
  }
  function end(ended) {
    cancelAnimationFrame(frame);
    form.classList.remove("is-dragging");
    for (const other of listed) other.classList.remove("drop-before", "drop-after", "is-dragged");
    handle.removeEventListener("pointermove", move);
    handle.removeEventListener("pointerup", end);
    handle.removeEventListener("pointercancel", end);
    document.removeEventListener("keydown", escape);
    if (ended?.type === "pointerup" && target !== from) press(form, `move-${from}-${target}`);
  }
  function escape(key) {
    if (key.key === "Escape") end();
  }
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
  document.addEventListener("keydown", escape);
  frame = requestAnimationFrame(scroll);
}

function press(form, act) {
  const button = document.createElement("button");
  button.type = "submit";
  button.name = "act";
  button.value = act;
  button.hidden = true;
  form.append(button);
  form.requestSubmit(button); // kept: it may have to wait for a saving under way
}
