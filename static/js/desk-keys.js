// Keys for people who live in a list: j and k move, Enter opens, x ticks, / searches, ? explains.
export function start(table) {
  if ("keyed" in table.dataset) return;
  table.dataset.keyed = "";
  const rows = () => [...table.tBodies].flatMap((body) => [...body.rows]);
  let current = -1;

  function go(step) {
    const all = rows();
    if (!all.length) return;
    all[current]?.classList.remove("is-current");
    current = Math.min(Math.max(current + step, 0), all.length - 1);
    const row = all[current];
    row.classList.add("is-current");
    row.scrollIntoView({ block: "nearest" });
    row.querySelector("a[href]")?.focus({ preventScroll: true });
  }

  const isWriting = (element) =>
    element.isContentEditable || ["TEXTAREA", "SELECT"].includes(element.tagName) ||
    (element.tagName === "INPUT" && !["checkbox", "radio", "button", "submit"].includes(element.type));

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    if (!table.isConnected || document.querySelector(":popover-open")) return;
    const row = rows()[current];
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x" && row) row.querySelector('input[type="checkbox"]')?.click();
    else if (event.key === "Enter" && row && event.target === document.body) {
      row.querySelector("a[href]")?.click();
    } else if (event.key === "/") {
      const search = document.querySelector("[data-search], .omni input");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?") {
      const help = document.querySelector("[data-keys-help]");
      help?.showPopover?.();
    }
  });

  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("tbody tr");
    if (!row) return;
    const all = rows();
    all[current]?.classList.remove("is-current");
    current = all.indexOf(row);
    row.classList.add("is-current");
  });
}
