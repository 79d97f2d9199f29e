"""Starts each student's server as the student's own system user, under limits of its own."""

import os
import resource

from jupyterhub.spawner import LocalProcessSpawner
from traitlets import Integer


class LimitedSpawner(LocalProcessSpawner):
    """Set the limits of the system (setrlimit) before the server becomes the student's.

    `mem_limit` and `cpu_seconds` hold for each process of a student, `processes` for all together;
    files that a student makes are nobody else's to read.
    """

    cpu_seconds = Integer(
        4 * 3600, config=True, help="Seconds of the processor after which a process is ended."
    )
    processes = Integer(
        256, config=True, help="How many processes and threads a student may have at once."
    )

    def make_preexec_fn(self, name):
        """Return what the new process does to itself, before it is the student's server."""
        become_student = super().make_preexec_fn(name)
        limits = {
            resource.RLIMIT_CPU: self.cpu_seconds,
            resource.RLIMIT_NPROC: self.processes,
            resource.RLIMIT_CORE: 0,
        }
        if self.mem_limit:
            limits[resource.RLIMIT_AS] = self.mem_limit

        def prepare():
            for limit, most in limits.items():
                resource.setrlimit(limit, (most, most))  # the second: they cannot be raised again
            os.nice(5)  # hub and proxy come first: one can always log in
            os.umask(0o077)
            become_student()

        return prepare
