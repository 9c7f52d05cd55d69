"""The real site as processes: gunicorn with two workers, and the scheduler; on 127.0.0.1 and a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil
import requests

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent


@dataclass
class Site:
    """A running site. `environment` is what its commands see."""

    address: str
    environment: dict[str, str]
    log: Path
    web: subprocess.Popen[bytes] | None = None
    jobs: subprocess.Popen[bytes] | None = None
    spare: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def flask(self, *arguments: str, check: bool = True, input: str | None = None) -> subprocess.CompletedProcess[str]:
        """Runs a `flask` command on the site's database."""
        done = subprocess.run(
            [str(BIN / "flask"), *arguments],
            env=self.environment,
            cwd=ROOT,
            check=False,
            capture_output=True,
            text=True,
            input=input,
        )
        assert not check or done.returncode == 0, f"flask {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
        return done

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(command, env=self.environment, cwd=ROOT, stdout=log, stderr=log)

    def start_web(self, *application: str) -> None:
        self.web = self._start(str(BIN / "gunicorn"), *application)
        self.wait()

    def start_jobs(self) -> None:
        self.jobs = self._start(str(BIN / "flask"), "jobs", "run")

    def wait(self, seconds: float = 120) -> None:
        """Until the site answers."""
        end = time.monotonic() + seconds
        while True:
            try:
                if requests.get(self.address + "/healthz", timeout=5).ok:
                    return
            except requests.RequestException:
                pass
            if time.monotonic() > end:
                raise TimeoutError(self.log.read_text()[-3000:])
            time.sleep(0.1)

    def workers(self) -> list[psutil.Process]:
        """The web worker processes."""
        return psutil.Process(self.web.pid).children() if self.web else []

    def kill_jobs(self) -> None:
        """kill -9 on the scheduler."""
        if self.jobs:
            self.jobs.send_signal(signal.SIGKILL)
            self.jobs.wait()
            self.jobs = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def stop(self) -> None:
        for process in (self.jobs, self.web, *self.spare):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_site(database: str, folder: Path, environment: dict[str, str]) -> Site:
    """Prepares the database with the repository's surveys, and starts web and scheduler."""
    port = str(free_port())
    values = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "COV_"))},
        "DATABASE_URL": database,
        "INSTANCE_DIR": str(folder),
        "SECRET_KEY": "kX9-test-only-wV3zQ7pL2mN8bR5tY1uC4",
        "PORT": port,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "MINIMUM_GROUP": "5",
        "JOBS_INTERVAL_SECONDS": "1",
        "LEASE_SECONDS": "3",
        "CROWD_FREE": "0",
        **environment,
    }
    site = Site(f"http://127.0.0.1:{port}", values, folder / "site.log")
    site.flask("prepare")
    try:
        site.start_web()
    except BaseException:
        site.stop()
        raise
    site.start_jobs()
    return site
