"""The bibliography: what is cited is there, what is there is cited, and can be found."""

import re

import pytest

from tools import notebooks

TEXT = (notebooks.ROOT / "book" / "references.bib").read_text("utf-8")
ENTRIES = {
    key: dict(re.findall(r"^\s*(\w+)\s*=\s*\{(.*)\},?$", fields, re.M))
    for key, fields in re.findall(r"^@\w+\{(\w+),\n(.*?)^\}$", TEXT, re.M | re.S)
}
# Books, reports, data, and proceedings that give no DOI, or none that could be checked.
WITHOUT = {
    "behera2009", "jordan1986", "oppenheim1989", "lashley1951", "mikolov2012", "nagao1984",
    "hyndman2021", "austen1813", "oneill1903", "eustock", "noaacdo", "unicodecldr", "elhihi1995",
    "hochreiter1996", "noordewier1991", "jozefowicz2015", "sutskever2011", "srivastava2014",
    "wang2012", "malhotra2015", "eck2002",
}  # fmt: skip


def cited():
    """Return the keys that the pages cite."""
    text = "\n".join(path.read_text("utf-8") for path in notebooks.documents())
    groups = re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", text)
    return {key.strip() for group in groups for key in group.split(",")}


def test_every_entry_is_read():
    assert len(ENTRIES) == TEXT.count("\n@") + TEXT.startswith("@")
    assert ENTRIES.keys() >= WITHOUT


def test_what_is_cited_is_there_and_what_is_there_is_cited():
    assert cited() == set(ENTRIES)


@pytest.mark.parametrize("key", ENTRIES)
def test_entry_has_what_finds_it(key):
    fields = ENTRIES[key]
    assert fields["title"]
    assert fields["author"]
    assert re.fullmatch(r"\d{4}|n\.d\.", fields["year"])
    assert ("doi" in fields) == (key not in WITHOUT), "give its DOI, or say that it has none"
    if doi := fields.get("doi"):
        assert re.fullmatch(r"10\.\d{4,9}/[\w.;()/:-]+", doi), "10.registrant/name, and no address"
    if eprint := fields.get("eprint"):
        assert re.fullmatch(r"\d{4}\.\d{4,5}", eprint)
        assert doi == f"10.48550/arXiv.{eprint}"


def test_no_work_stands_there_twice():
    dois = [fields["doi"].lower() for fields in ENTRIES.values() if "doi" in fields]
    titles = [re.sub(r"\W", "", fields["title"]).lower() for fields in ENTRIES.values()]
    assert len(set(dois)) == len(dois)
    assert len(set(titles)) == len(titles)
