"""Make the virtual environment .venv and install what requirements.txt asks for.

Run by the Makefile with the Python that the machine has, which may be any: keep the syntax plain.
The stamp in .venv says that it was made here and, once it is whole, where.
A .venv without one is somebody's own and is left alone; ours stays until a new one stands.
"""

from __future__ import print_function

import os
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HOME, ".venv")
ASIDE = VENV + "-being-replaced"
STAMP = os.path.join(VENV, "complete")
UNFINISHED = HOME + " (unfinished)"


def obstacle():
    """Return one sentence on what stands in the way, or None."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        need = "The book needs Python %d.%d to %d.%d" % (OLDEST + NEWEST)
        have = "%s is %d.%d" % ((sys.executable,) + sys.version_info[:2])
        return need + ", but " + have + ": name another, as in `make PYTHON=python3.12`."
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "Python's venv module is missing; on Debian and Ubuntu, python3-venv has it."
    if os.path.lexists(VENV) and not os.path.isfile(STAMP):
        return "There is a .venv that `make` did not make, and leaves alone: move or remove it."
    return None


def sign(text):
    """Write the stamp."""
    with open(STAMP, "w") as stamp:
        stamp.write(text)


def sound():
    """Say whether .venv was made at this place, and its Python still runs."""
    try:
        with open(STAMP) as stamp:
            here = stamp.read() in (HOME, UNFINISHED)
        return here and run("-c", "import pip", stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def run(*arguments, **settings):
    """Run the Python of .venv and return its exit status."""
    python = os.path.join(VENV, "bin", "python")
    return subprocess.call((python,) + arguments, cwd=HOME, **settings)


def create():
    """Make an empty environment; the old one, if there is one, stands aside."""
    import venv  # not every Python has it

    print("Making the environment in .venv (about a minute)", flush=True)
    if os.path.lexists(ASIDE):  # from a time when this was broken off
        shutil.rmtree(VENV, ignore_errors=True)
    elif os.path.lexists(VENV):
        os.rename(VENV, ASIDE)
    os.mkdir(VENV)
    sign(UNFINISHED)
    venv.create(VENV, symlinks=True, with_pip=True)


def main():
    """Make or mend .venv; return the exit status."""
    sentence = obstacle()
    if sentence:
        print(sentence, file=sys.stderr)
        return 1
    whole = False
    try:
        if not sound():
            create()
        sign(UNFINISHED)
        whole = run("-m", "pip", "install", "-q", "-r", "requirements.txt") == 0
    except (OSError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
    finally:
        if whole:
            sign(HOME)
            shutil.rmtree(ASIDE, ignore_errors=True)
        elif os.path.lexists(ASIDE):
            shutil.rmtree(VENV, ignore_errors=True)
            os.rename(ASIDE, VENV)
    if not whole:
        print("No environment: what requirements.txt asks for cannot be had.", file=sys.stderr)
    return 0 if whole else 1


if __name__ == "__main__":
    sys.exit(main())
