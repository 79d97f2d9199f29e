"""The probes see what is wrong: each is shown a page with one fault, and the same page without."""

import pytest
from probes import links, player, policy
from probes.axe import violations
from probes.keyboard import unreached
from probes.names import nameless
from probes.player import Player
from probes.server import Server
from probes.text import paragraphs, unseen
from probes.watch import use
from probes.width import too_wide

CSP = "default-src 'self'; script-src 'self'; object-src 'none'; base-uri 'self'"
STYLED = CSP + "; style-src 'unsafe-inline'"
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>
<meta http-equiv="Content-Security-Policy" content="{csp}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="icon.svg">
{head}</head><body><main><article><h1>A page</h1>{body}</article></main></body></html>"""
ICON = '<svg xmlns="http://www.w3.org/2000/svg"/>'

FRAMES = [
    f'<figure><svg aria-hidden="true" viewBox="0 0 9 9"><circle cx="{k}" cy="5" r="2"/></svg>'
    f"<figcaption>The circle at {k}.</figcaption></figure>"
    for k in range(5)
]
MOVE = """const player = document.querySelector(".player");
const [button, back, next, range] = player.querySelectorAll("button, input");
const frames = [player.querySelector("figure")];
for (const t of document.querySelectorAll("template")) frames.push(t.content.firstElementChild);
const live = player.appendChild(document.createElement("p"));
live.ariaLive = "polite";
let timer = 0;
const show = () => {
    if (!timer) live.textContent = frames[range.value].textContent;
    player.querySelector("figure").replaceWith(frames[range.value]);
    range.setAttribute("aria-valuetext", `${+range.value + 1} of ${frames.length}`);
};
const stop = () => { clearInterval(timer); timer = 0; button.textContent = "Play"; };
range.oninput = show;
back.onclick = () => { range.value--; show(); };
next.onclick = () => { range.value++; show(); };
button.onclick = () => {
    if (timer) return stop();
    if (range.value === range.max) range.value = 0;
    button.textContent = "Pause";
    const step = () => { range.value++; show(); if (range.value === range.max) stop(); };
    timer = setInterval(step, 100);
};
show();
document.querySelector(".player-bar").hidden = false;"""


@pytest.fixture
def show(visit, tmp_path):
    """Serve a page made of `body` (and other files), and open it."""
    with Server(tmp_path, age=0) as server:

        def open_page(body="", *, head="", csp=CSP, files=(), **options):
            page = PAGE.format(body=body, head=head, csp=csp)
            for name, text in {"page.html": page, "icon.svg": ICON, **dict(files)}.items():
                (tmp_path / name).write_text(text, encoding="utf-8")
            return visit("page.html", at=server, **options)

        yield open_page


def player_page(frames=FRAMES):
    rest = "".join(f"<template>{frame}</template>" for frame in frames[1:])
    return (
        '<div class="player" role="group" aria-label="A circle" data-interval="100">'
        '<div class="player-bar" hidden><button type="button">Play</button>'
        '<button type="button">Back</button><button type="button">Next</button>'
        f'<label>step <input type="range" min="0" max="{len(frames) - 1}" value="0"></label>'
        f'</div>{frames[0]}<script type="text/plain"></script></div>{rest}'
        '<script src="move.js"></script>'
    )


def test_a_sound_page_has_no_fault(show, tmp_path):
    body = '<p>Some words.</p><p><a href="#there">There</a></p><h2 id="there">There</h2>'
    page = show(body + player_page(), files={"move.js": MOVE})
    use(page)
    assert not page.watch.foreign + page.watch.complaints
    assert not policy.breaches((tmp_path / "page.html").read_text())
    assert not links.broken(tmp_path, "page.html")
    assert not [*violations(page), *nameless(page), *unseen(page), *too_wide(page)]
    assert not unreached(page)


def test_foreign_request(show):
    page = show('<img alt="a map" src="http://example.org/map.png">', bypass_csp=True)
    assert page.watch.foreign == ["http://example.org/map.png"]


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="a map" src="http://example.org/map.png">',
        '<img alt="a map" src="missing.png">',
        "<script>document.title = 'changed'</script>",
        '<script src="throws.js"></script>',
        '<script src="complains.js"></script>',
    ],
)
def test_complaints(show, body):
    files = {"throws.js": "missing.name", "complains.js": "console.error('no')"}
    assert show(body, files=files).watch.complaints


@pytest.mark.parametrize(
    ("policy_text", "body"),
    [
        (CSP.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"), ""),
        (CSP.replace("script-src 'self'", "script-src 'self' 'unsafe-eval'"), ""),
        (CSP.replace("script-src 'self'", "script-src 'self' https://example.org"), ""),
        (CSP.replace("default-src 'self'; ", ""), ""),
        (CSP + "; img-src *", ""),
        (CSP, "<script>1</script>"),
        (CSP, '<p onclick="go()">Go</p>'),
        (CSP, '<a href="javascript:go()">Go</a>'),
    ],
)
def test_lax_policy(policy_text, body):
    assert policy.breaches(PAGE.format(csp=policy_text, head="", body=body))


def test_policy_that_comes_too_late():
    assert policy.breaches("<script src='a.js'></script>" + PAGE.format(csp=CSP, head="", body=""))
    assert policy.breaches("<p>No policy</p>")


@pytest.mark.parametrize(
    "link",
    ["gone.html", "#gone", "page.html#gone", "../out.html", "style.css"],
)
def test_broken_link(tmp_path, link):
    (tmp_path / "style.css").write_text("p { background: url(gone.png) }")
    (tmp_path / "page.html").write_text(f'<a href="{link}">Go</a>')
    assert links.broken(tmp_path, "page.html")


def test_broken_reference(tmp_path):
    (tmp_path / "page.html").write_text('<label for="gone">A</label><rect fill="url(#lost)"/>')
    assert len(links.broken(tmp_path, "page.html")) == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_violation(show, scheme):
    head = "<style>@media (prefers-color-scheme: dark) { p { color: #ccc } }</style>"
    page = show("<p>Pale</p>", head=head, csp=STYLED, scheme=scheme)
    assert bool(violations(page)) == (scheme == "dark")


@pytest.mark.parametrize(
    "odd",
    [
        '<pre><span class="pale">odd</span></pre>',
        '<pre><span style="color: #ccc">odd</span></pre>',
        '<pre class="dark"><span>odd</span></pre>',
        '<div class="faint"><pre><span>odd</span></pre></div>',
        '<pre class="dark">' + 50 * "<span>(</span> " + "<span>odd</span></pre>",
    ],
)
def test_axe_violation_among_much_text_that_is_sound(show, odd):
    sound = "<pre>" + 50 * "<span>word</span> " + "</pre>"
    style = "pre { color: #000; background: #fff } pre.dark { background: #222 }"
    head = f"<style>{style} .pale {{ color: #ccc }} .faint {{ opacity: 0.2 }}</style>"
    assert not violations(show(sound, head=head, csp=STYLED))
    page = show(sound + odd, head=head, csp=STYLED)
    assert violations(page)
    assert not page.locator("[data-again]").count(), "a mark is left on the page"


def test_axe_violation_in_a_dropdown(show):
    page = show('<details open><summary>More</summary><img src="data:,"></details>')
    assert violations(page, within="details")


@pytest.mark.parametrize(
    "body",
    [
        '<div id="box">wide</div>',
        '<div id="clip"><p id="box">wide</p></div>',
        '<svg id="box" role="img" aria-label="wide"></svg>',
        '<svg viewBox="0 0 100 20"><text x="90" y="15">cut by its drawing</text></svg>',
        '<p id="left">outside on the left</p>',
    ],
)
def test_too_wide(show, body):
    style = "#box { width: 500px; text-align: right } #clip { overflow: hidden }"
    head = f"<style>{style} #left {{ margin-left: -40px }}</style>"
    assert too_wide(show(body, head=head, csp=STYLED, width=390))


def test_what_scrolls_in_its_own_box_is_not_too_wide(show):
    style = "#scroll { overflow-x: auto } #box { width: 500px; text-align: right }"
    page = show(
        '<div id="scroll"><p id="box">wide</p></div>',
        head=f"<style>{style}</style>",
        csp=STYLED,
        width=390,
    )
    assert not too_wide(page)


@pytest.mark.parametrize(
    "picture",
    [
        '<img src="data:,">',
        '<img src="data:," alt="figure-1.png">',
        '<svg role="img"></svg>',
        "<svg></svg>",
        '<div class="player"><script type="text/plain"><svg></svg></script>'
        '<ol hidden><li data-parts="0 1">A sentence.</li></ol></div>',
    ],
)
def test_nameless_picture(show, picture):
    assert nameless(show(picture))


def test_text_that_needs_javascript(show):
    body = '<p id="late">Some words.</p>'
    head = "<style>#late { display: none }</style>"
    page = show(body, head=head, csp=STYLED, java_script_enabled=False)
    assert unseen(page)
    body, files = (
        "<p></p><script src='write.js'></script>",
        {"write.js": "document.querySelector('p').textContent = 'Some words.'"},
    )
    with_script = paragraphs(show(body, files=files))
    assert with_script != paragraphs(show(body, files=files, java_script_enabled=False))


@pytest.mark.parametrize(
    "body", ['<a href="#x">x</a>', '<a href="#y">y</a><a href="#x" id="skipped">x</a>']
)
def test_keyboard(show, body):
    style = "a:focus { outline: none }" if "skipped" not in body else ""
    script = "addEventListener('focusin', (e) => { if (e.target.id) e.target.blur() })"
    page = show(
        body + '<script src="blur.js"></script>',
        head=f"<style>{style}</style>",
        csp=STYLED,
        files={"blur.js": script},
    )
    assert unreached(page)


WAYS = [
    player.by_keyboard,
    player.by_steps,
    player.by_mouse,
    player.by_touch,
    player.by_play,
    player.by_ear,
    player.every_frame,
]


def _try(way, show, frames=FRAMES, script=MOVE):
    touch = {"has_touch": True} if way is player.by_touch else {}
    clock = way in (player.by_play, player.by_ear)
    page = show(player_page(frames), files={"move.js": script}, clock=clock, **touch)
    way(Player(page))


@pytest.mark.parametrize("way", WAYS)
def test_player(show, way):
    _try(way, show)


@pytest.mark.parametrize("way", WAYS)
def test_dead_player(show, monkeypatch, way):
    monkeypatch.setattr(player, "PATIENCE", 200)
    dead = 'document.querySelector(".player-bar").hidden = false'
    with pytest.raises(AssertionError):
        _try(way, show, script=dead)


@pytest.mark.parametrize(
    ("poor", "complaint"),
    [
        (FRAMES[1], "the drawing stands still"),
        (FRAMES[2].replace("at 2", "at 1"), "the sentence stands still"),
        (FRAMES[2].replace("The circle at 2.", ""), "no sentence"),
        ("<figure><figcaption>No drawing.</figcaption></figure>", "no drawing"),
        (FRAMES[2].replace("2.<", "2.<br>And a line more.<"), "px high"),
        (FRAMES[2].replace(" at 2.<", "s" * 500 + "<").replace("The ", "The"), "does not fit"),
    ],
)
def test_poor_frame(show, monkeypatch, poor, complaint):
    monkeypatch.setattr(player, "PATIENCE", 200)
    with pytest.raises(AssertionError, match=complaint):
        _try(player.every_frame, show, [*FRAMES[:2], poor, *FRAMES[3:]])


@pytest.mark.parametrize(
    ("faulty", "complaint"),
    [
        (MOVE.replace("if (!timer) live", "live"), "it talks while it plays"),
        (MOVE.replace('live.ariaLive = "polite";', ""), "more than the sentence"),
        (MOVE.replace("frames[range.value].text", "frames[0].text"), "does not say the sentence"),
    ],
)
def test_player_that_talks_wrongly(show, faulty, complaint):
    with pytest.raises(AssertionError, match=complaint):
        _try(player.by_ear, show, script=faulty)


def test_player_that_does_not_rewind(show, monkeypatch):
    monkeypatch.setattr(player, "PATIENCE", 200)
    stuck = MOVE + "range.value = 3; range.onkeydown = (e) => e.preventDefault();"
    with pytest.raises(AssertionError, match="Home does nothing"):
        Player(show(player_page(), files={"move.js": stuck})).rewind()


def test_player_that_plays_on(show):
    with pytest.raises(AssertionError, match="paused"):
        _try(player.by_play, show, script=MOVE.replace("clearInterval(timer);", ""))
