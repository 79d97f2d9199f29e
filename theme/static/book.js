// Small things that every page needs.

// Header buttons.
const actions = {
  print: () => window.print(),
  // To the first cell in sight that runs.
  run() {
    const first = document.querySelector(".run-bar .run:not(details:not([open]) *)");
    first?.scrollIntoView({ block: "center" });
    first?.focus({ preventScroll: true });
  },
  // Where a browser does not copy by itself, the command is selected at least.
  copy(button) {
    const command = button.previousElementSibling;
    getSelection().selectAllChildren(command);
    const copied = navigator.clipboard?.writeText(command.textContent);
    copied?.then(() => (button.textContent = "Copied")).catch(() => {});
  },
};
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-action]");
  if (button) actions[button.dataset.action](button);
});

// A menu of the header closes when one looks elsewhere.
const closeMenu = ({ target, key, type }) => {
  const menu = document.querySelector(".header-menu[open]");
  if (!menu || (type === "keydown" ? key !== "Escape" : menu.contains(target))) return;
  if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  menu.open = false;
};
for (const type of ["click", "focusin", "keydown"]) document.addEventListener(type, closeMenu);

// The theme takes the focus from a button that was pressed; who pressed it by keyboard needs it.
document.addEventListener("click", (event) => {
  const byKeyboard = event.detail === 0;
  if (byKeyboard && document.activeElement === document.body) event.target.closest("button")?.focus();
});

// An equation is its TeX, once.
const withTex = (root, inline = "", display = inline) => {
  for (const equation of root.querySelectorAll("math")) {
    const mark = equation.hasAttribute("display") ? display : inline;
    equation.replaceWith(mark + equation.getAttribute("alttext") + mark);
  }
  return root;
};
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (selection.isCollapsed) return;
  const range = selection.getRangeAt(0).cloneRange();
  const around = (node) => (node.closest ? node : node.parentElement).closest("math");
  const [first, last] = [around(range.startContainer), around(range.endContainer)];
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const copy = document.createElement("div");
  copy.append(range.cloneContents());
  if (!copy.querySelector("math")) return;
  withTex(copy, "$", "$$");
  event.clipboardData.setData("text/plain", copy.textContent);
  event.clipboardData.setData("text/html", copy.innerHTML);
  event.preventDefault();
});

// What scrolls sideways can be reached, and so scrolled, by keyboard.
const SCROLLERS = {
  ".equation": "Wide equation",
  ".pst-scrollable-table-container": "Wide table",
  ".highlight pre": "Wide code",
  ".cell_output .output pre": "Wide output",
  "figure.picture, .player > figure": null, // its caption names it
};
function markScroller(element) {
  const wide = element.scrollWidth > element.clientWidth + 1;
  if (wide === (element.tabIndex === 0)) return;
  if (wide) element.tabIndex = 0;
  else element.removeAttribute("tabindex");
  const name = Object.entries(SCROLLERS).find(([selector]) => element.matches(selector))[1];
  if (!name) return;
  element.role = wide ? "group" : null;
  element.ariaLabel = wide ? name : null;
}
// An observer reports when the page has been laid out, so that reading a width costs nothing.
const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) markScroller(target);
});
const all = Object.keys(SCROLLERS).join(", ");
const watchScrollers = (within) => {
  for (const one of within.querySelectorAll(all)) {
    widths.unobserve(one); // it may be the same box with other contents
    widths.observe(one);
  }
};
watchScrollers(document);
for (const change of ["framechange", "newoutput"]) {
  addEventListener(change, ({ target }) => watchScrollers(target));
}
document.fonts.addEventListener("loadingdone", () => watchScrollers(document));
// Sections that are not laid out yet (book.css) have told nothing: the first Tab asks them all.
const askAll = ({ key }) => {
  if (key !== "Tab") return;
  removeEventListener("keydown", askAll);
  document.querySelectorAll(all).forEach(markScroller);
};
addEventListener("keydown", askAll);

// On paper everything is open but the hints, and dark on white.
let restore = () => {};
addEventListener("beforeprint", () => {
  const page = document.documentElement.dataset;
  const { theme } = page;
  const closed = [...document.querySelectorAll("article details:not([open], .hint)")];
  restore = () => {
    page.theme = theme;
    for (const details of closed) details.open = false;
  };
  page.theme = "light";
  for (const details of closed) details.open = true;
});
addEventListener("afterprint", () => restore());

document.querySelector(".bd-search-container input")?.focus();
