"""JupyterHub for a class on one machine, each student a system user of it; see hub/README.md.

    jupyterhub -f hub/jupyterhub_config.py

It has to run as root, which alone can start a process as somebody else.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from authenticator import ClassAuthenticator  # noqa: E402
from spawner import LimitedSpawner  # noqa: E402

STATE = Path("/srv/rnn-hub")  # of root alone: what lets one in lies here
NOTEBOOKS = Path("/srv/rnn-notebooks")  # the students' set of `make class`, readable for all

c = get_config()  # noqa: F821

# In front of it stands a server with a certificate, or put the files of one here.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
# c.JupyterHub.bind_url = "https://:443"
# c.JupyterHub.ssl_cert, c.JupyterHub.ssl_key = "/etc/…/fullchain.pem", "/etc/…/privkey.pem"
# With a name for each student, as NAME.hub.school.example, no student's page reaches another's.
# c.JupyterHub.subdomain_host = "https://hub.school.example"

c.JupyterHub.cookie_secret_file = str(STATE / "cookie_secret")
c.JupyterHub.db_url = f"sqlite:///{STATE}/jupyterhub.sqlite"
c.ConfigurableHTTPProxy.pid_file = str(STATE / "proxy.pid")
c.ConfigurableHTTPProxy.command = [str(HERE / "node_modules/.bin/configurable-http-proxy")]

# Who has a password on the machine and is of the class; nobody may do more than a student.
c.JupyterHub.authenticator_class = ClassAuthenticator
c.PAMAuthenticator.open_sessions = False
c.LocalAuthenticator.allowed_groups = {"rnn-class"}
c.Authenticator.admin_users = set()
c.JupyterHub.cookie_max_age_days = 1

# A hub that is started again finds the servers that went on without it.
c.JupyterHub.cleanup_servers = False
c.JupyterHub.active_server_limit = 60
c.JupyterHub.spawner_class = LimitedSpawner
c.LimitedSpawner.mem_limit = "2G"  # of addresses, of which NumPy asks for more than it uses
c.LimitedSpawner.cmd = [str(HERE / "start"), str(Path(sys.prefix) / "bin/jupyterhub-singleuser")]
c.LimitedSpawner.notebook_dir = "~/rnn"
c.LimitedSpawner.default_url = "/lab/tree/book/foundations/networks.ipynb"
c.LimitedSpawner.environment = {
    "RNN_NOTEBOOKS": str(NOTEBOOKS),
    # With more threads a class does not compute faster, and sums would come out differently.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
c.LimitedSpawner.start_timeout = c.LimitedSpawner.http_timeout = 180  # when all come at once

# A kernel that rests for an hour goes, then its server; what is saved stays.
c.LimitedSpawner.args = [
    "--HubOAuth.cache_max_age=10",  # seconds until a server hears of a log-out
    "--MappingKernelManager.cull_idle_timeout=3600",
    "--MappingKernelManager.cull_interval=300",
]
c.JupyterHub.services = [
    {
        "name": "culler",
        "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout=3600"],
    }
]
c.JupyterHub.load_roles = [
    {
        "name": "culler",
        "services": ["culler"],
        "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    }
]
