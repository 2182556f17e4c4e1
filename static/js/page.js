// What every page may need: a form is sent once, dates in the reader's own zone, small comforts.
// The larger helpers are fetched only where a page asks for them by an attribute.
(() => {
  const addresses = document.currentScript.dataset;
  const HELPERS = [
    ["form[data-autosave]", addresses.autosave],
    ["form[data-upload]", addresses.upload],
    ["form[data-arrange]", addresses.arrange],
    ["[data-min-words], [data-max-words], [data-min-chars], [data-max-chars]", addresses.wordCounter],
    ["section[data-reader]", addresses.reader],
    ["div[data-remarks]", addresses.remarks],
    ["table[data-keys]", addresses.deskKeys],
    ["input[data-search-ways]", addresses.search],
  ];

  function enhance(root) {
    for (const [selector, address] of HELPERS) {
      const found = [...root.querySelectorAll(selector)];
      if (root.matches?.(selector)) found.push(root);
      if (found.length) import(address).then((helper) => found.forEach(helper.start));
    }
    showOwnZone(root);
    root.querySelectorAll(".table-scroll:not([tabindex])").forEach(letKeysScroll);
  }

  // A table wider than the window can be moved by the arrow keys, not only by a finger.
  function letKeysScroll(frame) {
    if (frame.scrollWidth <= frame.clientWidth) return;
    const heading = frame.closest("section")?.querySelector("h2, h3");
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", `Table: ${heading?.textContent.trim() || "scrolls sideways"}`);
  }

  // --- Send a form once -------------------------------------------------------------------

  const SENT_FOR_MS = 15000;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || "many" in form.dataset) return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    const buttons = [...form.elements].filter((element) => element.type === "submit");
    // After the browser has gathered the form: a disabled button would lose its own value.
    setTimeout(() => buttons.forEach((button) => (button.disabled = true)));
    // A download leaves the page standing; its button must live again.
    setTimeout(() => release(form), SENT_FOR_MS);
  });

  function release(form) {
    if (!("sent" in form.dataset)) return;
    delete form.dataset.sent;
    for (const element of form.elements) if (element.type === "submit") element.disabled = false;
  }

  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });

  // --- The reader's own zone beside an official date ---------------------------------------

  function showOwnZone(root) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!zone) return;
    const format = new Intl.DateTimeFormat("en-GB", {
      day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    });
    for (const time of root.querySelectorAll("time[data-moment]")) {
      const moment = time.parentElement;
      const waiting = moment.querySelector(".moment-own");
      if (waiting?.textContent) continue;
      const instant = new Date(time.dateTime);
      const place = zone.includes("/") ? `in ${zone.split("/").pop().replaceAll("_", " ")}` : zone;
      const text = `${format.format(instant)} ${place}`;
      // The official hour is already the reader's: nothing to add.
      const hour = text.match(/\d\d:\d\d/)?.[0];
      if (hour && time.textContent.includes(hour) && zone.startsWith("Etc/")) continue;
      const own = waiting || document.createElement("span");
      own.className = "moment-own";
      own.textContent = text;
      if (!waiting) moment.append(" ", own);
    }
  }

  // --- Small comforts ---------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("[data-menu][open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier);
    if (event.target.closest("[data-print]")) window.print();
  });

  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest?.("[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  async function copy(button) {
    const before = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Press Ctrl-C";
    }
    setTimeout(() => (button.textContent = before), 2000);
  }

  document.addEventListener("change", (event) => {
    const element = event.target;
    if (element.matches("select[data-submit]")) element.form.requestSubmit();
    if (element.matches("input[data-select-all]")) {
      const boxes = element.form ? element.form.elements : document.querySelectorAll("input");
      for (const box of boxes) {
        if (box.type === "checkbox" && box.name === element.dataset.selectAll && !box.disabled) {
          box.checked = element.checked;
        }
      }
    }
  });

  // What was fetched into a panel is shown as one.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target.matches("[popover]")) event.detail.target.showPopover?.();
  });

  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
  document.addEventListener("page:changed", (event) => enhance(event.target));
  enhance(document);

  // The box of errors speaks first after a form came back.
  document.querySelector(".form-errors")?.focus();
})();
