"""What a class needs beyond config.yaml; goes to /opt/tljh/config/jupyterhub_config.d/rnn.py."""

c = get_config()  # noqa: F821
c.JupyterHub.cookie_max_age_days = 0.5
c.SystemdSpawner.cmd = ["/srv/rnn/hub/start", "/opt/tljh/user/bin/jupyterhub-singleuser"]
c.SystemdSpawner.notebook_dir = "~/rnn"
c.SystemdSpawner.default_url = "/lab/tree/book/foundations/networks.ipynb"
c.SystemdSpawner.environment = {
    "RNN_NOTEBOOKS": "/srv/rnn-notebooks",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
c.SystemdSpawner.isolate_tmp = True
c.SystemdSpawner.isolate_devices = True
