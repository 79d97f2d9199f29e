"""What pictures are called, for those who cannot see them; in the frames still to come, too."""

_NAMELESS = """() => {
    const pictures = "svg, img, [role=img]", wrong = [];
    const file = /^\\S*\\.(png|svg|jpe?g|gif|webp|avif)$/i;
    const frames = [...document.querySelectorAll(".player")].flatMap((player) => {
        const parts = player.querySelector("script").textContent.match(/[^>]*>/g);
        return [...player.querySelectorAll("[data-parts]")].map(({ dataset }) => {
            const frame = document.createElement("template");
            frame.innerHTML = dataset.parts.split(" ").map((k) => parts[k]).join("");
            return frame.content;
        });
    });
    const roots = [document, ...frames];
    for (const element of roots.flatMap((root) => [...root.querySelectorAll(pictures)])) {
        const around = element.parentElement;
        if (element.closest("[aria-hidden=true]") || around?.closest("svg")) continue;
        // What is in a button or a link with words goes by these.
        const control = element.closest("a, button");
        if (control && (control.textContent.trim() || control.ariaLabel)) continue;
        const what = element.outerHTML.slice(0, 80), by = element.getAttribute("aria-labelledby");
        const label = by ? element.getRootNode().getElementById(by)?.textContent
            : element.matches("img") ? element.alt : element.getAttribute("aria-label");
        const name = (label || "").trim();
        if (!name) wrong.push(`no name: ${what}`);
        else if (file.test(name)) wrong.push(`named after its file: ${what}`);
        if (element.matches("svg:not([role=img])")) wrong.push(`not said to be a picture: ${what}`);
    }
    return wrong;
}"""


def nameless(page):
    """Say which pictures of the page have no name, or only the name of a file."""
    return page.evaluate(_NAMELESS)
