"""Make the virtual environment .venv and install what requirements.txt asks for.

Run by the Makefile with the Python that the machine has, which may be any: keep the syntax plain.
The stamp says that .venv is whole and where it was made; without it, .venv is made anew.
"""

from __future__ import print_function

import os
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)
HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(HOME, ".venv")
STAMP = os.path.join(VENV, "complete")


def obstacle():
    """Return one sentence on what this machine lacks, or None."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        need = "The book needs Python %d.%d to %d.%d" % (OLDEST + NEWEST)
        have = "%s is %d.%d" % ((sys.executable,) + sys.version_info[:2])
        return need + ", but " + have + ": name another, as in `make PYTHON=python3.12`."
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return "Python's venv module is missing; on Debian and Ubuntu, python3-venv has it."
    return None


def whole():
    """Say whether .venv was made to its end, at this place, and its Python still runs."""
    try:
        with open(STAMP) as stamp:
            here = stamp.read() == HOME
        python = os.path.join(VENV, "bin", "python")
        return here and subprocess.call([python, "-c", "import pip"]) == 0
    except OSError:
        return False


def main():
    """Make or mend .venv; return the exit status."""
    sentence = obstacle()
    if sentence:
        print(sentence, file=sys.stderr)
        return 1
    try:
        if whole():
            os.remove(STAMP)
        else:
            print("Making the environment in .venv (about a minute)", flush=True)
            shutil.rmtree(VENV, ignore_errors=True)
            subprocess.check_call([sys.executable, "-m", "venv", VENV])
        python = os.path.join(VENV, "bin", "python")
        install = [python, "-m", "pip", "install", "-q", "-r", "requirements.txt"]
        subprocess.check_call(install, cwd=HOME)
    except subprocess.CalledProcessError as error:
        print("No environment: `%s` failed." % " ".join(error.cmd), file=sys.stderr)
        return 1
    with open(STAMP, "w") as stamp:
        stamp.write(HOME)
    return 0


if __name__ == "__main__":
    sys.exit(main())
