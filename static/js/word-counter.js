// Counts words or characters while somebody writes. The line itself is in the page already and
// says the limits; here it gets the number.
export function start(area) {
  const line = document.querySelector(`[data-counter-for="${area.id}"]`);
  if (!line || line.dataset.started !== undefined) return;
  line.dataset.started = "";
  line.id ||= `${area.id}_counter`;
  const described = area.getAttribute("aria-describedby");
  area.setAttribute("aria-describedby", described ? `${described} ${line.id}` : line.id);

  const { minWords, maxWords, minChars, maxChars } = area.dataset;
  const byWords = minWords !== undefined || maxWords !== undefined;
  const least = Number(minWords ?? minChars ?? 0);
  const most = Number(maxWords ?? maxChars ?? Infinity);
  const noun = byWords ? "word" : "character";
  const rule = line.textContent;

  function count() {
    const text = area.value.trim();
    if (!byWords) return [...text].length;
    return text ? text.split(/\s+/u).length : 0;
  }

  function show() {
    const number = count();
    let told = `${number} ${noun}${number === 1 ? "" : "s"}`;
    if (number > most) told += `, ${number - most} too many`;
    else if (number && number < least) told += `, ${least - number} to go`;
    else if (!number) told = rule;
    line.textContent = told;
    line.dataset.state = number > most ? "bad" : number && number >= least ? "ok" : "";
  }

  area.addEventListener("input", show);
  show();
}
