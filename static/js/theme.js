// The switch between light, dark and the system's wish. The choice is kept in a cookie, so that
// the server writes it into the next page and nothing flashes.
(() => {
  const YEAR = 60 * 60 * 24 * 365;
  const root = document.documentElement;

  function choose(theme) {
    if (theme) root.dataset.bsTheme = theme;
    else delete root.dataset.bsTheme;
    show();
  }

  function show() {
    const chosen = root.dataset.bsTheme || "";
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    const theme = button.dataset.themeChoice;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${theme}; Path=/; Max-Age=${theme ? YEAR : 0}; SameSite=Lax${secure}`;
    choose(theme);
  });

  // A page that comes back from the browser's memory may carry an older choice.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    const kept = document.cookie.match(/(?:^|; )theme=(light|dark)/);
    choose(kept ? kept[1] : "");
  });

  for (const group of document.querySelectorAll("[data-theme-switch]")) group.hidden = false;
  show();
})();
