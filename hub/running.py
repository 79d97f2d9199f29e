"""Runs the hub of jupyterhub_config.py on loopback, with ports and a folder of its own."""

import os
import pwd
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent

# What the trial changes of the configuration: where things lie, ports, who may come in, and a limit
# that one can reach within the trial.
CONFIG = """
load_subconfig({config!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{ports[1]}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.JupyterHub.cookie_secret_file = "{state}/cookie_secret"
c.JupyterHub.db_url = "sqlite:///{state}/jupyterhub.sqlite"
c.ConfigurableHTTPProxy.pid_file = "{state}/proxy.pid"
c.LocalAuthenticator.allowed_groups = {{"{group}"}}
c.LimitedSpawner.environment = dict(c.LimitedSpawner.environment, RNN_NOTEBOOKS="{notebooks}")
c.LimitedSpawner.cpu_seconds = {cpu_seconds}
c.LimitedSpawner.args = [
    one.replace("max_age=10", "max_age={remembered}") for one in c.LimitedSpawner.args
]
"""


class Hub:
    """A hub with its proxy: started, killed and started again.

    Parameters
    ----------
    folder : Path
        Where it keeps what it has to remember; of root alone.
    notebooks : Path
        The notebooks of the class, readable for all.
    group : str
        The system group whose members may come in.
    cpu_seconds : int
        After how many a student's process is ended.
    remembered : int
        After how many seconds a student's server hears of a log-out.
    """

    def __init__(self, folder, *, notebooks, group, cpu_seconds, remembered):
        self.folder, self.process, self.ports = folder, None, _free_ports(3)
        self.remembered = remembered
        self.url = f"http://127.0.0.1:{self.ports[0]}"
        (folder / "config.py").write_text(
            CONFIG.format(
                config=str(HERE / "jupyterhub_config.py"), ports=self.ports, state=folder,
                notebooks=notebooks, group=group, cpu_seconds=cpu_seconds,
                remembered=remembered,
            )
        )  # fmt: skip

    def start(self):
        """Start it; return how many seconds it took until it answered."""
        begun = time.perf_counter()
        command = [str(Path(sys.prefix) / "bin/jupyterhub"), "-f", str(self.folder / "config.py")]
        # What a shell has set for this repository is not for the students' servers.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        env["PATH"] = f"{sys.prefix}/bin:{env['PATH']}"
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=env, stdout=log, stderr=log, start_new_session=True
            )
        while not self._answers():
            if self.process.poll() is not None or time.perf_counter() - begun > 60:
                raise RuntimeError(f"the hub did not start:\n{self.log()[-3000:]}")
            time.sleep(0.1)
        return time.perf_counter() - begun

    def _answers(self):
        try:
            return urlopen(f"{self.url}/hub/health", timeout=5).status == 200
        except OSError:
            return False

    def own(self):
        """Return the processes of the hub itself: it, its proxy, what else it started as root."""
        return [pid for pid in descendants(self.process.pid) if uid_of(pid) == os.getuid()]

    def kill(self):
        """End hub and proxy at once, as a machine does that is out of memory; servers stay."""
        for pid in self.own():
            end(pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """End hub and proxy in good order."""
        if self.process and self.process.poll() is None:
            own = self.own()
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
            for pid in own:
                end(pid, signal.SIGKILL)

    def forget_sessions(self):
        """Make the hub forget who is logged in, as one does after a theft; servers stay."""
        self.stop()
        (self.folder / "cookie_secret").unlink()
        with sqlite3.connect(self.folder / "jupyterhub.sqlite") as database:
            database.execute("DELETE FROM api_tokens WHERE session_id IS NOT NULL")
        self.start()

    def log(self):
        """Return what the hub, its proxy and the servers said."""
        return (self.folder / "log").read_text(errors="replace")


def _free_ports(count):
    """Return ports that are free now."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def end(pid, by=signal.SIGTERM):
    """Send a signal to a process that may have ended already."""
    with suppress(ProcessLookupError):
        os.kill(pid, by)


def processes():
    """Yield the numbers of all processes."""
    yield from (int(name) for name in os.listdir("/proc") if name.isdecimal())


def uid_of(pid):
    """Return whose process it is, None where it has ended."""
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except FileNotFoundError:
        return None


def descendants(pid):
    """Return a process and all that came of it."""
    parents = {}
    for other in processes():
        try:
            parents[other] = int(_stat(other)[1])
        except FileNotFoundError:
            continue
    found = [pid]
    for parent in found:  # which grows
        found += [child for child, its in parents.items() if its == parent]
    return found


def owned(name, word=""):
    """Return the processes of a user in whose command a word stands."""
    uid = pwd.getpwnam(name).pw_uid
    return {pid for pid in processes() if uid_of(pid) == uid and word in command(pid)}


def is_kernel(pid):
    """Tell whether a process computes what stands in a notebook."""
    return "ipykernel" in command(pid)


def command(pid):
    """Return how a process was started, as one line; nothing where it has ended."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    return ""


def variable(pid, name):
    """Return a variable of the environment that a process was started with."""
    pairs = Path(f"/proc/{pid}/environ").read_text().split("\0")
    return dict(pair.partition("=")[::2] for pair in pairs)[name]


def used(pids):
    """Return the MB and the seconds of the processor that some processes take together."""
    return sum(map(memory, pids)), sum(map(seconds, pids))


def seconds(pid):
    """Return how long a process has had a processor."""
    user, system = _stat(pid)[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def memory(pid):
    """Return the MB of a process, what it shares with others counted in parts (PSS)."""
    with open(f"/proc/{pid}/smaps_rollup") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("Pss:")) / 1024


def _stat(pid):
    """Return the fields of /proc/PID/stat behind the name, which may hold blanks."""
    with open(f"/proc/{pid}/stat") as file:
        return file.read().rpartition(")")[2].split()
