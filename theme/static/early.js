// Before the first paint: the reader's colours, which the theme keeps in localStorage.
(() => {
  const page = document.documentElement.dataset;
  let mode = "auto";
  try {
    mode = localStorage.getItem("mode") || mode;
  } catch {
    // A browser that keeps nothing: the system's colours then.
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  page.mode = mode;
  page.theme = mode === "auto" ? (dark ? "dark" : "light") : mode;
})();
