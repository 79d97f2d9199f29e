"""Where the Tab key leads, and whether one sees where it has led."""

_PREPARE = """() => {
    const still = new CSSStyleSheet();  // a transition would hide what it is on the way to
    still.replaceSync("*, ::before, ::after { transition: none !important }");
    document.adoptedStyleSheets.push(still);
    const all = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    const controls = [...document.querySelectorAll(all)].filter((e) =>
        !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }));
    const name = (e) =>
        `<${e.tagName.toLowerCase()}> ${(e.ariaLabel || e.textContent).trim().slice(0, 60)}`;
    const look = (e) => [e, e.parentElement].flatMap((part) =>
        [null, "::before", "::after"].map((pseudo) => {
            const s = getComputedStyle(part, pseudo);
            return [s.outline, s.boxShadow, s.border, s.background, s.textDecoration, s.opacity,
                s.transform, s.clipPath].join();
        })).join();
    const reached = new Set(), wrong = [];
    let last = null, focused = "";
    const state = { wrong, round: false };
    addEventListener("keyup", ({ key }) => {
        if (key !== "Tab" || state.round) return;
        if (last && look(last) === focused) wrong.push(`focus does not show on ${name(last)}`);
        const e = document.activeElement;
        state.round = reached.has(e);
        [last, focused] = e === document.body ? [null, ""] : [e, look(e)];
        if (last) reached.add(e);
    });
    const group = (e) => e.type === "radio" ? e.name : null;  // Tab comes to one, arrows to all
    const groups = () => new Set([...reached].map(group).filter(Boolean));
    state.missed = () => controls.filter((e) => !reached.has(e) && !groups().has(group(e)))
        .map((e) => `Tab does not come to ${name(e)}`);
    window.tabbing = state;
    return controls.length;
}"""


def unreached(page):
    """Press Tab through the page; say what it does not come to, and where the focus is not seen."""
    for pressed in range(page.evaluate(_PREPARE) + 10):
        page.keyboard.press("Tab")
        if pressed % 20 == 0 and page.evaluate("tabbing.round"):  # Tab has come round
            break
    return page.evaluate("[...tabbing.wrong, ...tabbing.missed()]")
