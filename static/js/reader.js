// The manuscript beside the score sheet, drawn by pdf.js in a worker of its own.
//
//   <section data-reader="/file/" data-library="pdf.mjs" data-worker="worker.mjs" data-parts="/pdf/">
//
// Nothing is fetched before the section can be seen, and then only the parts of the PDF that are
// looked at. Pages are drawn as they come near and let go when they are far away.
// Tells the page "reader:comment" {page, quote}; listens to "reader:go" {page, quote} and to
// "remarks:changed" {remarks: [{page, quote}]}, whose words it marks.
const NEAR = "120% 0px";
const ZOOMS = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3];
const DENSITY_MAX = 2;
const QUOTE_MAX = 300;

export function start(frame) {
  if ("reading" in frame.dataset) return;
  frame.dataset.reading = "";
  showOnScript(frame);
  toggle(frame);
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    observer.disconnect();
    read(frame).catch(() => {
      say(frame, "The manuscript cannot be shown here just now. Open it by the link instead.");
    });
  }).observe(frame);
}

function showOnScript(root) {
  for (const part of root.querySelectorAll(".on-script")) part.hidden = false;
}

function say(frame, text) {
  frame.querySelector("[data-reader-said]").textContent = text;
}

// On a narrow screen either the sheet or the manuscript is shown.
function toggle(frame) {
  const split = frame.closest("[data-shown]");
  const group = document.querySelector(".paper-toggle");
  if (!split || !group) return;
  group.hidden = false;
  const buttons = [...group.querySelectorAll("[data-show]")];
  const show = (what) => {
    split.dataset.shown = what;
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.show === what));
    }
  };
  group.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) show(button.dataset.show);
  });
  // Before anybody else hears of it: what is hidden takes no focus.
  document.addEventListener("reader:comment", () => show("sheet"), { capture: true });
  document.addEventListener("reader:go", () => show("paper"), { capture: true });
}

async function read(frame) {
  const { reader: url, library, worker, parts } = frame.dataset;
  const area = frame.querySelector("[data-reader-pages]");
  say(frame, "Opening the manuscript…");
  const pdf = await import(library);
  pdf.GlobalWorkerOptions.workerSrc = worker;
  const loaded = await pdf.getDocument({
    url,
    cMapUrl: `${parts}cmaps/`,
    standardFontDataUrl: `${parts}standard_fonts/`,
    wasmUrl: `${parts}wasm/`,
    iccUrl: `${parts}iccs/`,
    isEvalSupported: false,
    enableXfa: false,
    // By ranges: of a long manuscript only what is looked at.
    disableAutoFetch: true,
    disableStream: true,
  }).promise;

  const count = loaded.numPages;
  const pageInput = frame.querySelector("[data-reader-page]");
  const comment = frame.querySelector("[data-reader-comment]");
  frame.querySelector("[data-reader-count]").textContent = count;
  const sheets = [];
  let zoom = 1;
  let current = 1;
  let selected = null;
  let remarks = [];

  const marks = globalThis.Highlight && CSS.highlights ? new Highlight() : null;
  if (marks) CSS.highlights.set("remark", marks);

  const first = await loaded.getPage(1);
  for (let number = 1; number <= count; number += 1) {
    const sheet = document.createElement("div");
    sheet.className = "reader-sheet";
    sheet.dataset.page = number;
    sheet.setAttribute("role", "group");
    sheet.setAttribute("aria-label", `Page ${number}`);
    area.append(sheet);
    sheets.push({ element: sheet, number, page: number === 1 ? first : null, size: null, task: null });
  }
  layOut();
  say(frame, "");

  // Fits the width; a page that was not fetched yet has the size of the first.
  function layOut() {
    const wide = area.clientWidth - 32;
    const plain = first.getViewport({ scale: 1 });
    for (const sheet of sheets) {
      const own = sheet.page ? sheet.page.getViewport({ scale: 1 }) : plain;
      const scale = Math.max(0.2, (wide / own.width) * zoom);
      sheet.scale = scale;
      sheet.element.style.setProperty("--total-scale-factor", scale);
      sheet.element.style.width = `${Math.floor(own.width * scale)}px`;
      sheet.element.style.height = `${Math.floor(own.height * scale)}px`;
    }
  }

  async function draw(sheet) {
    if (sheet.drawnAt === sheet.scale || sheet.task) return;
    sheet.page ??= await loaded.getPage(sheet.number);
    if (!sheet.isNear || sheet.task) return;
    const viewport = sheet.page.getViewport({ scale: sheet.scale });
    sheet.element.style.height = `${Math.floor(viewport.height)}px`;
    const density = Math.min(devicePixelRatio || 1, DENSITY_MAX);
    const canvas = document.createElement("canvas");
    canvas.width = Math.floor(viewport.width * density);
    canvas.height = Math.floor(viewport.height * density);
    canvas.setAttribute("aria-hidden", "true");
    sheet.task = sheet.page.render({
      canvas,
      viewport,
      transform: density === 1 ? null : [density, 0, 0, density, 0, 0],
    });
    try {
      await sheet.task.promise;
    } catch {
      sheet.task = null; // it went away meanwhile
      return;
    }
    sheet.task = null;
    const layer = document.createElement("div");
    layer.className = "textLayer";
    sheet.element.replaceChildren(canvas, layer);
    sheet.drawnAt = sheet.scale;
    await new pdf.TextLayer({
      textContentSource: sheet.page.streamTextContent(),
      container: layer,
      viewport,
    }).render();
    sheet.element.dataset.drawn = "";
    mark();
  }

  function letGo(sheet) {
    sheet.task?.cancel();
    sheet.task = null;
    sheet.drawnAt = 0;
    delete sheet.element.dataset.drawn;
    sheet.element.replaceChildren();
    sheet.page?.cleanup();
  }

  const nearness = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const sheet = sheets[entry.target.dataset.page - 1];
        sheet.isNear = entry.isIntersecting;
        if (sheet.isNear) draw(sheet);
        else if (!holdsSelection(sheet.element)) letGo(sheet);
      }
    },
    { root: area, rootMargin: NEAR },
  );
  for (const sheet of sheets) nearness.observe(sheet.element);

  function holdsSelection(element) {
    const selection = document.getSelection();
    return !selection.isCollapsed && selection.containsNode(element, true);
  }

  // --- Where the reader is ---------------------------------------------------------------

  area.addEventListener("scroll", follow, { passive: true });
  function follow() {
    const middle = area.scrollTop + area.clientHeight / 3;
    const sheet = sheets.findLast((one) => one.element.offsetTop <= middle) ?? sheets[0];
    if (sheet.number === current) return;
    current = sheet.number;
    if (document.activeElement !== pageInput) pageInput.value = current;
    offer();
  }

  function go(number) {
    const sheet = sheets[Math.min(Math.max(number, 1), count) - 1];
    area.scrollTop = sheet.element.offsetTop - 8;
    return sheet;
  }

  pageInput.addEventListener("change", () => {
    const wanted = Number.parseInt(pageInput.value, 10);
    if (wanted) go(wanted);
    pageInput.value = Math.min(Math.max(wanted || current, 1), count);
  });
  pageInput.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    pageInput.dispatchEvent(new Event("change"));
  });

  frame.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reader-zoom]");
    if (!button) return;
    const step = ZOOMS.indexOf(zoom) + Number(button.dataset.readerZoom);
    if (!ZOOMS[step]) return;
    zoom = ZOOMS[step];
    say(frame, `${Math.round(zoom * 100)} % of the width`);
    redraw();
  });

  function redraw() {
    const at = current;
    layOut();
    for (const sheet of sheets) {
      if (sheet.isNear) {
        letGo(sheet);
        draw(sheet);
      }
    }
    go(at);
  }

  let resizing = 0;
  let width = area.clientWidth;
  new ResizeObserver(() => {
    if (area.clientWidth === width || !area.clientWidth) return;
    width = area.clientWidth;
    clearTimeout(resizing);
    resizing = setTimeout(redraw, 200);
  }).observe(area);

  // --- Comments on places ----------------------------------------------------------------

  document.addEventListener("selectionchange", () => {
    selected = selection();
    offer();
  });

  function selection() {
    const chosen = document.getSelection();
    if (chosen.isCollapsed || !chosen.rangeCount) return null;
    const range = chosen.getRangeAt(0);
    const from = range.startContainer.parentElement?.closest(".reader-sheet");
    if (!from || !area.contains(from)) return null;
    const quote = inOneLine(chosen.toString());
    return quote && { page: Number(from.dataset.page), quote };
  }

  function offer() {
    comment.textContent = selected ? "Comment on these words" : `Comment on page ${current}`;
  }

  // The button must not take the selection away before it is read.
  comment.addEventListener("pointerdown", (event) => event.preventDefault());
  comment.addEventListener("click", () => {
    const detail = selected ?? { page: current, quote: "" };
    document.getSelection().removeAllRanges();
    document.dispatchEvent(new CustomEvent("reader:comment", { detail }));
  });

  document.addEventListener("remarks:changed", (event) => {
    remarks = event.detail.remarks;
    mark();
  });
  document.addEventListener("reader:go", (event) => {
    const sheet = go(event.detail.page || 1);
    const range = sheet.element.dataset.drawn === undefined ? null : find(sheet.element, event.detail.quote);
    range?.startContainer.parentElement.scrollIntoView({ block: "center" });
    area.focus({ preventScroll: true });
  });
  document.dispatchEvent(new CustomEvent("remarks:wanted"));

  function mark() {
    if (!marks) return;
    marks.clear();
    for (const { page, quote } of remarks) {
      const sheet = sheets[page - 1];
      const range = sheet?.drawnAt && quote && find(sheet.element, quote);
      if (range) marks.add(range);
    }
  }
}

// One line, words joined that the end of a line had cut, not longer than is kept.
function inOneLine(text) {
  const line = text.replace(/(\p{Ll})-\s*\n\s*(?=\p{Ll})/gu, "$1").replace(/\s+/g, " ").trim();
  if (line.length <= QUOTE_MAX) return line;
  return `${line.slice(0, QUOTE_MAX - 1).replace(/\s\S*$/, "").replace(/[ ,;:]+$/, "")}…`;
}

// The place of a quotation on a drawn page, whatever its spaces and hyphens.
function find(sheet, quote) {
  const needle = bare(quote.replace(/…$/, ""));
  if (!needle) return null;
  const walker = document.createTreeWalker(sheet.querySelector(".textLayer") ?? sheet, NodeFilter.SHOW_TEXT);
  let text = "";
  const places = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    for (let offset = 0; offset < node.data.length; offset += 1) {
      const sign = bare(node.data[offset]);
      for (let n = 0; n < sign.length; n += 1) places.push([node, offset]);
      text += sign;
    }
  }
  const at = text.indexOf(needle);
  if (at < 0) return null;
  const range = document.createRange();
  range.setStart(...places[at]);
  const [node, offset] = places[at + needle.length - 1];
  range.setEnd(node, offset + 1);
  return range;
}

function bare(text) {
  return text.replace(/[\s\u00ad‐-]+/gu, "").toLowerCase();
}
