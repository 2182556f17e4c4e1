// Offers ways to go on with a search while it is typed. Without this file the search works as well.
const PAUSE = 150;

export function start(field) {
  if ("offering" in field.dataset) return;
  field.dataset.offering = "";
  let timer = 0;

  async function offer() {
    const asked = field.value;
    const address = `${field.dataset.searchWays}?q=${encodeURIComponent(asked)}`;
    let options = "";
    try {
      const answer = await fetch(address, { credentials: "same-origin" });
      if (answer.ok) options = await answer.text();
    } catch {
      // Offline: nothing is offered.
    }
    if (field.value !== asked) return;
    const read = new DOMParser().parseFromString(`<datalist>${options}</datalist>`, "text/html");
    field.list.replaceChildren(...read.querySelectorAll("option"));
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(offer, PAUSE);
  });
}
