// The chosen theme and density, before the first paint. The program takes over once it runs.
(() => {
  try {
    const root = document.documentElement;
    const theme = localStorage.getItem("tobit.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    if (localStorage.getItem("tobit.density") === "comfortable") root.dataset.density = "comfortable";
    const lang = localStorage.getItem("tobit.lang");
    if (lang === "ko" || lang === "en") root.lang = lang;
  } catch { /* no storage: the system decides */ }
})();
