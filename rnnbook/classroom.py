"""What a class got wrong: one page from the records that it handed in.

    python -m rnnbook.classroom FOLDER [--book ADDRESS] [--page FILE]

It reads every record in FOLDER and the folders in it, and asks nobody anything.
A record is what a stranger wrote: it is checked (`rnnbook.records.parsed`), and what it says is
escaped.  What is no record is named on the page, and does no harm.
"""

import argparse
import os
import stat
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import NamedTemporaryFile

from rnnbook import classpage, records

LARGEST = 4 * records.MOST["characters"]  # bytes


@dataclass
class Class:
    """The records of a class, one for each learner, and what is to be said of the files."""

    records: list = field(default_factory=list)
    remarks: list = field(default_factory=list)  # of (file, what is the matter with it)
    doubled: int = 0

    @property
    def versions(self):
        """Count the records by the version of the book."""
        return Counter(record["book"] for record in self.records)


def read(folder):
    """Return the `Class` of all records in a folder, and in the folders inside it.

    Of several with one id, the one that counts most is kept: counts only grow.
    """
    found, latest = Class(), {}
    for path in _files(Path(folder), found.remarks):
        name = os.fsencode(path.relative_to(folder)).decode("utf-8", "replace")
        try:
            record = _record(path)
        except records.Damaged as damage:
            found.remarks.append((name, str(damage)))
        except OSError as error:
            found.remarks.append((name, f"cannot be read: {error.strerror}"))
        else:
            before = latest.get(record["id"])
            found.doubled += before is not None
            if before is None or _counted(record) > _counted(before):
                latest[record["id"]] = record
    found.records = list(latest.values())
    return found


def _files(folder, remarks):
    """Yield what may be a record, in the order of the names; links are not followed."""

    def refused(error):
        name = os.path.relpath(error.filename, folder)
        remarks.append((name, f"cannot be read: {error.strerror}"))

    for place, folders, names in os.walk(folder, onerror=refused):
        folders.sort()
        links = [Path(place, name) for name in folders if Path(place, name).is_symlink()]
        yield from links
        yield from (
            Path(place, name)
            for name in sorted(names)
            if not name.startswith(".") and name != classpage.FILE
        )


def _record(path):
    """Return the record in a file."""
    about = path.lstat()
    if stat.S_ISLNK(about.st_mode):
        raise records.Damaged("a link to another file, which is not followed")
    if not stat.S_ISREG(about.st_mode):
        raise records.Damaged("not a file that one can read")
    if path.suffix.lower() != ".json":
        raise records.Damaged("not a record: its name does not end in .json")
    if about.st_size > LARGEST:
        raise records.Damaged(f"larger than the {LARGEST:,} bytes of any record")
    try:
        return records.parsed(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        raise records.Damaged("not text") from None


def _counted(record):
    return sum(sum(told.values()) for told in record["exercises"].values())


def _replace(page, text):
    """Write a file anew; a link of its name, which may lead anywhere, is replaced."""
    with NamedTemporaryFile("w", dir=page.parent, delete=False, encoding="utf-8") as draft:
        draft.write(text)
    os.chmod(draft.name, 0o644)
    os.replace(draft.name, page)


def main(arguments=None):
    """Read a folder, write the page; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m rnnbook.classroom", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", type=Path, help="where the records are")
    parser.add_argument("--book", help="address of the book's pages, for the links")
    parser.add_argument("--page", type=Path, help=f"what to write: FOLDER/{classpage.FILE}")
    given = parser.parse_args(arguments)
    if not given.folder.is_dir():
        parser.error(f"FOLDER must be a folder, got {given.folder}")
    if given.book and not given.book.startswith(("https://", "http://", "file://")):
        parser.error(f"ADDRESS must begin with https://, got {given.book}")
    found, page = read(given.folder), given.page or given.folder / classpage.FILE
    try:
        _replace(page, classpage.page(found, given.book))
    except OSError as error:
        print(f"{page} cannot be written: {error.strerror}", file=sys.stderr)
        return 1
    print(f"{len(found.records)} learners, {len(found.remarks)} files set aside: {page}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
