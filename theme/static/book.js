// Small things that every page needs.

// Header buttons.
const actions = { print: () => window.print() };
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) actions[button.dataset.action]();
});

// What scrolls sideways can be reached, and so scrolled, by keyboard.
const SCROLLERS = {
  ".equation": "Wide equation",
  ".pst-scrollable-table-container": "Wide table",
  ".highlight pre": "Wide code",
  ".cell_output .output pre": "Wide output",
  "figure.picture, .player > figure": null, // its caption names it
};
function markScrollers() {
  for (const [selector, name] of Object.entries(SCROLLERS)) {
    for (const element of document.querySelectorAll(selector)) {
      const wide = element.scrollWidth > element.clientWidth + 1;
      if (wide) element.tabIndex = 0;
      else element.removeAttribute("tabindex");
      if (!name) continue;
      if (wide) {
        element.role = "group";
        element.ariaLabel = name;
      } else {
        element.removeAttribute("role");
        element.removeAttribute("aria-label");
      }
    }
  }
}
addEventListener("load", markScrollers);
addEventListener("resize", markScrollers);
addEventListener("toggle", markScrollers, true); // a drop-down that opens
addEventListener("framechange", markScrollers);
document.fonts.addEventListener("loadingdone", markScrollers);

// On paper everything is open, and dark on white.
let restore = () => {};
addEventListener("beforeprint", () => {
  const page = document.documentElement.dataset;
  const { theme } = page;
  const closed = [...document.querySelectorAll("details:not([open])")];
  restore = () => {
    page.theme = theme;
    for (const details of closed) details.open = false;
  };
  page.theme = "light";
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => restore());

document.querySelector(".bd-search-container input")?.focus();
