"""The decks in a browser: every slide whole, in letters that one can read, its playthings alive."""

import pytest
from playwright.sync_api import expect
from probes.server import Server

from tools import slides

LEGIBLE = 0.7  # of the size of the letters of a slide that is not full

SLIDES = """() => Array.from({length: Reveal.getTotalSlides()}, (_, k) => {
  Reveal.slide(k);
  const slide = Reveal.getCurrentSlide();
  const wide = [...slide.children].some((part) => part.scrollWidth > part.clientWidth + 1);
  return {
    slide: k + 1,
    title: slide.querySelector("h1, h2, h3").textContent,
    high: slide.scrollHeight,
    fit: Number(slide.style.getPropertyValue("--fit") || 1),
    wide,
  };
})"""


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    slides.main(folder)
    with Server(folder) as running:
        yield running, sorted(path.stem for path in folder.glob("*.html") if path.stem != "index")


def test_every_slide_is_whole_and_legible(visit, decks, subtests):
    at, names = decks
    assert names
    for name in names:
        page = visit(f"{name}.html", at=at)
        page.wait_for_function("window.Reveal && Reveal.isReady()")
        for slide in page.evaluate(SLIDES):
            with subtests.test(name, **slide):
                assert slide["title"]
                assert slide["high"] <= 700
                assert slide["fit"] >= LEGIBLE
                assert not slide["wide"]
        assert not page.watch.complaints


def test_playthings_move(visit, decks):
    page = visit("weather.html", at=decks[0])
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    player = page.locator(".player")
    page.evaluate("Reveal.slide(Reveal.getSlides().findIndex((s) => s.querySelector('.player')))")
    before = player.locator("figcaption").first.inner_text()
    player.get_by_role("button", name="Next").click()
    expect(player.locator("figcaption").first).not_to_have_text(before)
