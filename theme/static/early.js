// Before the first paint, and before any other script.

// Where storage is denied, the scripts have one that lasts as long as the page.
for (const name of ["localStorage", "sessionStorage"]) {
  try {
    window[name].setItem("tried", "");
    window[name].removeItem("tried");
  } catch {
    const kept = new Map();
    const value = {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, item) => kept.set(key, String(item)),
      removeItem: (key) => kept.delete(key),
      clear: () => kept.clear(),
    };
    Object.defineProperty(window, name, { value });
  }
}

// The reader's colours, which the theme keeps; a page that a back step shows again may have others.
const wearColours = () => {
  const page = document.documentElement.dataset;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  page.mode = localStorage.getItem("mode") || "auto";
  page.theme = page.mode === "auto" ? (dark ? "dark" : "light") : page.mode;
};
wearColours();
addEventListener("pageshow", wearColours);
