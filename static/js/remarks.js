// Remarks at places in the manuscript: add, move and remove rows; the form saves them.
//
//   <div data-remarks="NAME"> <ol> <li data-remark>… </ol> <template>…</template> </div>
export function start(box) {
  if ("started" in box.dataset) return;
  box.dataset.started = "";
  const list = box.querySelector("ol");
  const blank = box.querySelector("template");
  const said = box.querySelector("[data-remark-said]");
  let next = list.children.length;

  for (const part of box.querySelectorAll(".on-script")) part.hidden = false;
  for (const part of box.querySelectorAll(".off-script")) part.remove();
  // The empty row is for those without a script.
  const unused = list.querySelector("[data-new]");
  if (unused && !contentOf(unused)) unused.remove();
  number();

  function contentOf(row) {
    return ["page", "quote", "text"].map((part) => row.querySelector(`.remark-${part}`).value).join("").trim();
  }

  function add({ page = "", quote = "", text = "", optional = false } = {}) {
    const row = document.importNode(blank.content, true).firstElementChild;
    for (const part of row.querySelectorAll("[name]")) {
      part.name = part.name.replace("__index__", next);
    }
    next += 1;
    for (const part of row.querySelectorAll(".on-script")) part.hidden = false;
    for (const part of row.querySelectorAll(".off-script")) part.remove();
    row.querySelector(".remark-page").value = page;
    row.querySelector(".remark-quote").value = quote;
    row.querySelector(".remark-text").value = text;
    row.querySelector("[name$='-optional']").checked = optional;
    list.append(row);
    number();
    return row;
  }

  // The order on the page is the order that is kept.
  function number() {
    [...list.children].forEach((row, index) => {
      row.querySelector(".remark-place").value = index + 1;
      row.setAttribute("aria-label", `Remark ${index + 1}`);
    });
    box.dataset.count = list.children.length;
  }

  function changed(sentence) {
    number();
    if (sentence) said.textContent = sentence;
    list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function tell() {
    const remarks = [...list.children].map((row) => ({
      page: Number(row.querySelector(".remark-page").value) || 0,
      quote: row.querySelector(".remark-quote").value,
    }));
    document.dispatchEvent(new CustomEvent("remarks:changed", { detail: { remarks } }));
  }

  // All rows anew, from what was kept or saved elsewhere: [[page, quote, text, optional], …].
  box.addEventListener("remarks:set", (event) => {
    list.replaceChildren();
    for (const [page, quote, text, optional] of event.detail.rows) add({ page, quote, text, optional });
    tell();
  });

  box.addEventListener("input", tell);
  document.addEventListener("remarks:wanted", tell);
  document.addEventListener("reader:comment", (event) => {
    const row = add(event.detail);
    changed(`Remark ${list.children.length} added.`);
    row.scrollIntoView({ block: "center" });
    row.querySelector(".remark-text").focus({ preventScroll: true });
  });

  box.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const row = button?.closest("[data-remark]");
    if (!button) return;
    if ("remarkAdd" in button.dataset) {
      const added = add();
      changed();
      added.querySelector(".remark-page").focus();
    } else if ("remarkRemove" in button.dataset) {
      const neighbour = row.nextElementSibling ?? row.previousElementSibling;
      const place = row.querySelector(".remark-place").value;
      row.remove();
      changed(`Remark ${place} removed.`);
      (neighbour?.querySelector("[data-remark-remove]") ?? box.querySelector("[data-remark-add]")).focus();
    } else if ("remarkMove" in button.dataset) {
      const up = button.dataset.remarkMove === "-1";
      const other = up ? row.previousElementSibling : row.nextElementSibling;
      if (!other) return;
      if (up) other.before(row);
      else other.after(row);
      changed();
      said.textContent = `Now remark ${row.querySelector(".remark-place").value}.`;
      button.focus();
    } else if ("remarkShow" in button.dataset) {
      const detail = {
        page: Number(row.querySelector(".remark-page").value),
        quote: row.querySelector(".remark-quote").value,
      };
      document.dispatchEvent(new CustomEvent("reader:go", { detail }));
    }
  });

  // A number typed by hand moves the row there.
  box.addEventListener("change", (event) => {
    if (!event.target.matches(".remark-place")) return;
    const row = event.target.closest("[data-remark]");
    const wanted = Math.min(Math.max(Number.parseInt(event.target.value, 10) || 1, 1), list.children.length);
    const others = [...list.children].filter((one) => one !== row);
    if (wanted > others.length) list.append(row);
    else others[wanted - 1].before(row);
    changed(`Now remark ${wanted}.`);
    event.target.focus();
  });
}
