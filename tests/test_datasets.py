"""The data sets: what is in them, that nothing was altered, and how they were cut."""

import bz2
import lzma
import re
import tomllib
import zlib

import numpy as np
import pytest

from rnncore import datasets
from tools import data, notebooks

LOADERS = {
    "weather.csv": datasets.weather,
    "eustock.csv": datasets.stocks,
    "margarine.csv": datasets.shopping,
    "splice.txt": datasets.dna,
    "elecdemand.csv": datasets.demand_victoria,
    "sentiment.tsv": datasets.sentences,
    "digits.txt": datasets.digits,
    "pride.txt": datasets.novel,
    "jigs.txt": datasets.jigs,
    "taylor.csv": datasets.demand_england,
    "pairs_cldr_fr.tsv": datasets.dates,
}


@pytest.mark.parametrize("place", ["Seattle", "New York"])
def test_weather_has_every_day_of_four_years(place):
    days = datasets.weather(place)
    assert {len(field) for field in days} == {1461}
    assert (np.diff(days.date) == np.timedelta64(1, "D")).all()
    assert str(days.date[-1]) == "2015-12-31"
    assert (days.temp_min <= days.temp_max).all()
    assert (days.precipitation >= 0).all()
    assert set(days.sky) == {"drizzle", "fog", "rain", "snow", "sun"}


def test_weather_names_its_places():
    with pytest.raises(ValueError, match="place must be one of Seattle, New York; got"):
        datasets.weather("Heidelberg")


def test_stocks_trend_and_stand_still_on_holidays():
    indices = datasets.stocks()
    assert indices.price.shape == (1860, 4)
    assert len(indices.year) == 1860
    assert 1991 < indices.year[0] < indices.year[-1] < 1999
    assert indices.price[:, 0].max() > 3 * indices.price[0, 0]
    still = (np.diff(indices.price, axis=0) == 0).sum(axis=0)
    assert (still.min(), still.max()) == (64, 87)


def test_shopping_keeps_households_together_and_in_order():
    purchases = datasets.shopping()
    assert purchases.price.shape == (4470, 10) == (4470, len(purchases.brands))
    assert (np.diff(purchases.household) >= 0).all()
    counts = np.bincount(purchases.household)
    assert len(counts) == 516
    assert (counts >= 2).sum() == 496
    assert set(purchases.choice) == set(range(10))
    assert (purchases.price > 0.1).all()
    assert (purchases.price < 3).all()
    # The nearer in time, the nearer the prices: the rows of a household are in order.
    change = np.abs(np.diff(purchases.price, axis=0)).sum(axis=1)[np.diff(purchases.household) == 0]
    shuffled = purchases.price[np.random.default_rng(0).permutation(4470)]
    assert change.mean() < 0.7 * np.abs(np.diff(shuffled, axis=0)).sum(axis=1).mean()


def test_dna_has_no_sequence_twice_and_no_stretch_in_two_genes():
    data = datasets.dna()
    assert len(set(data.sequences)) == len(data.sequences) == 3000
    assert {len(sequence) for sequence in data.sequences} == {60}
    assert set("".join(data.sequences)) == set("ACGT")
    assert np.bincount(data.label).tolist() == [1652, 679, 669]
    assert len(set(data.gene)) == 2664
    genes = {}
    for gene, sequence in zip(data.gene, data.sequences, strict=True):
        for start in range(41):
            genes.setdefault(sequence[start : start + 20], set()).add(gene)
    assert max(map(len, genes.values())) == 1


def test_linked_follows_chains_and_nothing_else():
    assert datasets.linked(["AACC", "TTGG", "CCGG", "ACCG"], 3).tolist() == [0, 1, 0, 0]
    assert datasets.linked(["AACC", "TTGG"], 3).tolist() == [0, 1]


def test_victoria_has_every_hour_of_a_year_and_its_holidays():
    hours = datasets.demand_victoria()
    assert {len(field) for field in hours} == {8760}
    assert str(hours.time[-1]) == "2014-12-31T23"
    assert (hours.demand > 2).all()
    assert (hours.demand < 10).all()
    assert (hours.temperature > 0).all()
    assert (hours.temperature < 45).all()
    days = hours.time.astype("datetime64[D]")[::24]
    free = ~hours.workday.reshape(-1, 24)
    assert (free == free[:, :1]).all()
    assert set(days[~np.is_busday(days)]) < set(days[free[:, 0]])
    holidays = days[free[:, 0] & np.is_busday(days)]
    assert {"2014-04-25", "2014-11-04", "2014-12-25"} < set(holidays.astype(str))
    assert (holidays >= np.datetime64("2014-01-15")).sum() == 9


def test_england_has_twelve_weeks_of_half_hours():
    halves = datasets.demand_england()
    assert len(halves.time) == len(halves.demand) == 12 * 7 * 48
    assert str(halves.time[-1]) == "2000-08-27T23:30"
    night, noon = halves.demand.reshape(-1, 48)[:, [8, 24]].mean(axis=0)
    assert night < noon
    week = halves.demand.reshape(12, 7, 48).mean(axis=(0, 2))
    assert week[5:].max() < week[:5].min(), "Saturday and Sunday are the last two of seven"


def test_sentences_are_rated_and_clear():
    reviews = datasets.sentences()
    assert len(set(reviews.text)) == len(reviews.text) == len(reviews.rating) == 1750
    assert (np.abs(reviews.rating) > 1).all()
    assert (np.abs(reviews.rating) <= 4).all()
    assert (reviews.rating > 0).sum() == 880


def test_digits_are_pictures():
    data = datasets.digits()
    assert data.image.shape == (1797, 8, 8)
    assert (data.image.min(), data.image.max()) == (0, 16)
    assert np.bincount(data.label).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    ink = [data.image[data.label == digit].mean(axis=0) for digit in (0, 1)]
    assert ink[0][3:5, 3:5].mean() < 4 < 10 < ink[1][3:5, 3:5].mean(), "a nought is hollow"


def test_novel_is_plain():
    text = datasets.novel()
    assert len(text) == 200_000
    assert len(set(text)) == 37
    assert "chapter 1\n" not in text
    assert "  " not in text


def length(bar):
    """Return the length of a bar in eighths; > and < take from one note and give to the next."""
    notes = re.findall(r"[A-Ga-gz][,']*(\d*)(/*)(\d*)", bar)
    return sum(int(a or 1) / (int(b) if b else 2 ** len(slash)) for a, slash, b in notes)


def test_jigs_are_in_six_eight():
    tunes = datasets.jigs()
    assert len(tunes) == 498
    assert {tune.key for tune in tunes} == {"G", "D", "A", "Am", "Em", "C", "Dmix", "Edor"}
    assert set("".join(tune.abc for tune in tunes)) <= set("ABCDEFGabcdefgz^_=,'1234/<>|")
    assert len({tune.abc[:30] for tune in tunes}) == 498
    lengths = [length(bar) for tune in tunes for bar in tune.abc.split("|")]
    assert max(lengths) <= 12
    assert 0.8 < np.mean(np.array(lengths) == 6) < 0.85, "the rest are upbeats and ends"


def test_dates_have_one_translation_each():
    pairs = datasets.dates()
    assert len(pairs) == len({english for english, _ in pairs}) == 3097
    assert ("in 9 weeks", "dans 9 semaines") in pairs
    words = [{word for side in pairs for word in side[k].split()} for k in (0, 1)]
    assert [len(words[0]), len(words[1])] == [155, 156]


def test_altered_file_is_refused_by_name(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "FILES", tmp_path)
    (tmp_path / "pride.txt").write_text("it is a truth")
    with pytest.raises(ValueError, match=r"data/pride\.txt was altered.*make data.*git checkout"):
        datasets.novel()


def test_missing_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(datasets, "FILES", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"data/jigs\.txt is missing.*git checkout"):
        datasets.jigs()


def test_files_are_small_and_each_has_its_source_its_loader_and_its_recipe():
    files = [path for path in data.DATA.rglob("*") if path.is_file()]
    named = {path.name for path in files if path.parent == data.DATA}
    assert named - {"README.md", "sources.json"} == set(datasets.SOURCES)
    assert set(datasets.SOURCES) == set(LOADERS) == set(data.RECIPES)
    assert max(path.stat().st_size for path in files) <= 200_000
    assert sum(path.stat().st_size for path in files) <= 1_500_000


@pytest.mark.parametrize("name", LOADERS)
def test_loader_says_whose_the_data_are(name):
    source, said = datasets.SOURCES[name], " ".join(LOADERS[name].__doc__.split())
    package = source["package"].removeprefix("r-cran-")
    licence = re.match(r"[^,;(]*\w", source["licence"])[0]
    assert f"From {package}; licence: {licence}" in said
    assert re.match(r"[^:(]*\w", source["citation"])[0] in said, "by whom"


def test_readme_has_the_sources_as_they_are():
    text = (data.DATA / "README.md").read_text(encoding="utf-8")
    assert data.readme(text, datasets.SOURCES) == text
    assert all(f"\n- **{name}** " in text for name in datasets.SOURCES), "what was read, and where"


def test_licences_are_shipped():
    project = tomllib.loads((notebooks.ROOT / "pyproject.toml").read_text())
    assert "rnncore/data/licenses/*" in project["project"]["license-files"]
    assert project["tool"]["setuptools"]["package-data"]["rnncore"] == ["data/*"]
    expression = set(project["project"]["license"].split(" AND "))
    spoken = " ".join(source["licence"] for source in datasets.SOURCES.values())
    stated = set(re.findall(r"GPL-[\w.-]+|MIT|Unicode-3\.0|CC BY 4\.0", spoken))
    assert {licence.replace(" ", "-") for licence in stated} == expression - {"BSD-3-Clause"}


def test_recipe_unpacks_what_r_packed():
    content = b"purchases " * 50
    raw = [{"id": lzma.FILTER_LZMA2}]
    length = len(content).to_bytes(4, "big")
    for packed in (
        b"Z" + lzma.compress(content, lzma.FORMAT_RAW, filters=raw),
        b"2" + bz2.compress(content),
        zlib.compress(content),
    ):
        assert data.inflated(length + packed) == content


def test_recipe_drops_what_has_two_labels():
    labels, sequences = ["n", "ei", "n", "ie"], ["AC", "GT", "AC", "GT"]
    assert data.unambiguous(labels, sequences) == ["n AC"]


def test_recipe_keeps_only_what_sounds():
    head = "X: 7\nT: The Jig\nT: Another Name\nM: 6/8\nK: G\n"
    body = '{c}"G"(BAG) ~A2d |1 ^c>de d3 :|2 % repeat\n=cz2 D/2E/2 .F2 |]\n'
    assert data.plain_tune(head + body) == ("G", "The Jig", "BAGA2d|^c>ded3|=cz2D/2E/2F2")
    assert data.plain_tune(head + "(3ABc d2 e|") is None
    assert data.plain_tune(head + "[GB]d2 e3|") is None
    assert data.plain_tune(head.replace("6/8", "2/4") + "ABc|") is None


def test_recipe_makes_paragraphs_lines():
    text = "P & P\n\nChapter 1\n\n\nIt is a truth universally\nknown.\n\nChapter 2\n\nMr. _B_"
    assert data.plain_text(text) == "it is a truth universally known.\nmr. b"


def test_recipe_splits_into_words():
    assert data.words("Friday, September 2, 2016") == "Friday , September 2 , 2016"
    assert data.words("aujourd’hui, 1\u202fan") == "aujourd’hui , 1 an"


def test_recipe_writes_tables():
    assert data.table(["a", "b"], np.array([1, 2]), np.array([0.5, 1.0])) == "a,b\n1,0.5\n2,1.0\n"


def test_file_that_differs_is_named_and_left_alone(monkeypatch, tmp_path, capsys):
    for path in data.DATA.iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(data, "DATA", tmp_path)
    monkeypatch.setattr(data, "made", lambda name, source: b"another")
    monkeypatch.setattr("sys.argv", ["data.py", "jigs.txt"])
    assert data.main() == 1
    assert "jigs.txt: 7 bytes, DIFFERENT" in capsys.readouterr().out
    assert (tmp_path / "jigs.txt").read_bytes() == (datasets.FILES / "jigs.txt").read_bytes()
    monkeypatch.setattr("sys.argv", ["data.py", "jigs.txt", "--accept"])
    assert data.main() == 0
    assert (tmp_path / "jigs.txt").read_bytes() == b"another"
    monkeypatch.setattr(datasets, "FILES", tmp_path)
    with pytest.raises(ValueError, match="altered"):
        datasets.jigs()
