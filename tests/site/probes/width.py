"""Narrow screens: nothing makes the page scroll sideways, and nothing is cut off."""


def too_wide(page, part=None):
    """Say what of the page, or of a part, does not fit and cannot be scrolled to in its own box."""
    return (part or page.locator("body")).evaluate(_CUT_OFF)


# Each run of text and each picture or control must lie inside the screen and inside every box
# around it that clips; a box that scrolls sideways is a way to reach what is in it, so the search
# ends there. Text that is clipped to nothing is meant for screen readers and stands elsewhere too.
_CUT_OFF = """(part) => {
    const wrong = [], slack = 1.5, wide = document.documentElement.scrollWidth;
    if (wide > innerWidth)
        wrong.push(`the page is ${wide} px wide on a screen of ${innerWidth} px`);
    const beyond = (rect, left, right) => rect.left < left - slack || rect.right > right + slack;
    const forScreenReaders = (style, box) =>
        style.clip !== "auto" || style.clipPath !== "none" || box.width <= 1 || box.height <= 1;
    const clip = (box) => {
        const style = getComputedStyle(box), edge = box.getBoundingClientRect();
        if (style.position === "absolute" && forScreenReaders(style, edge)) return { hides: true };
        if (box === document.documentElement || box === document.body) return null;
        if (style.display === "inline" || style.overflowX === "visible") return null;
        if (box instanceof SVGElement && box.tagName !== "svg") return null;
        return { box, edge, scrolls: /auto|scroll/.test(style.overflowX) };
    };
    const known = new Map([[null, []]]);
    const clips = (element) => {  // all around the element, from the inside out
        if (!known.has(element))
            known.set(element, [clip(element) ?? [], clips(element.parentElement)].flat());
        return known.get(element);
    };
    const look = (element, rects, what) => {
        for (const { box, edge, scrolls, hides } of clips(element)) {
            if (hides) return;
            const cut = rects.some((r) => beyond(r, edge.left, edge.right));
            if (scrolls) {
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
