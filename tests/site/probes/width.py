"""Narrow screens: nothing makes the page scroll sideways, and nothing is cut off."""


def too_wide(page, within="body"):
    """Say what of the page does not fit, and cannot be scrolled to within its own box."""
    wrong = []
    wide, width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    if wide > width:
        wrong.append(f"the page is {wide} px wide on a screen of {width} px")
    return wrong + page.evaluate(_CUT_OFF, within)


# Each run of text and each picture or control must lie inside the screen and inside every box
# around it that clips; a box that scrolls sideways is a way to reach what is in it, so the search
# ends there. Text that is clipped to nothing is meant for screen readers and stands elsewhere too.
_CUT_OFF = """(within) => {
    const part = document.querySelector(within), wrong = [], slack = 1.5;
    const beyond = (rect, left, right) => rect.left < left - slack || rect.right > right + slack;
    const forScreenReaders = (style, box) =>
        style.clip !== "auto" || style.clipPath !== "none" || box.width <= 1 || box.height <= 1;
    const look = (element, rects, what) => {
        for (let box = element; box; box = box.parentElement) {
            const style = getComputedStyle(box), edge = box.getBoundingClientRect();
            if (style.position === "absolute" && forScreenReaders(style, edge)) return;
            if (box === document.documentElement || box === document.body) continue;
            if (style.display === "inline" || style.overflowX === "visible") continue;
            if (box instanceof SVGElement && box.tagName !== "svg") continue;
            const cut = rects.some((r) => beyond(r, edge.left, edge.right));
            if (/auto|scroll/.test(style.overflowX)) {
                rects = [edge];
            } else if (cut) {
                wrong.push(`cut off by <${box.tagName}> .${box.getAttribute("class")}: ${what}`);
                return;
            }
        }
        if (rects.some((r) => beyond(r, 0, innerWidth)))
            wrong.push(`outside the screen: ${what}`);
    };
    const visible = (element) =>
        element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
    const walk = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walk.nextNode()) {
        const node = walk.currentNode, parent = node.parentElement;
        if (!node.data.trim() || !visible(parent)) continue;
        range.selectNodeContents(node);
        const rects = [...range.getClientRects()].filter((r) => r.width > 0);
        if (rects.length) look(parent, rects, node.data.trim().slice(0, 60));
    }
    const things = "svg, img, input, select, button, table, canvas, video, iframe";
    for (const element of part.querySelectorAll(things)) {
        const rect = element.getBoundingClientRect();
        if (visible(element) && rect.width > 0)
            look(element.parentElement, [rect], `<${element.tagName.toLowerCase()}>`);
    }
    return [...new Set(wrong)];
}"""
