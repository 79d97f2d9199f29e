"""Makes the system users of a class, from a list of names, and says each one's password.

python -m hub.roster < names.txt > passwords.txt
"""

import re
import secrets
import subprocess
import sys

GROUP = "rnn-class"


def add(name, group=GROUP):
    """Make a user whose home nobody else can enter; return the password.

    Raises
    ------
    ValueError
        Where the name is none that a system user may have.
    subprocess.CalledProcessError
        Where the system refuses, as it does when there is such a user.
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", name):
        raise ValueError(f"name must be small letters, digits and hyphens, got {name!r}")
    password = secrets.token_urlsafe(12)
    _run("groupadd", "--force", group)
    make = ["--create-home", "--key", "HOME_MODE=0700", "--shell", "/bin/bash", "--groups", group]
    _run("useradd", *make, name)
    _run("chpasswd", input=f"{name}:{password}\n")
    return password


def remove(name):
    """Remove a user and their home, which nothing can bring back."""
    _run("userdel", "--remove", name)


def _run(*command, **more):
    subprocess.run(command, check=True, capture_output=True, text=True, **more)


def main():
    """Read names, a line each; write each name and its password, which is kept nowhere else."""
    for name in sys.stdin.read().split():
        print(name, add(name), flush=True)


if __name__ == "__main__":
    main()
