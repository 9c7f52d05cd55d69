"""What `make run` starts ends with it: however it is told to stop, and even when it is killed."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import requests

from tests.conftest import ROOT
from tests.site import free_port

MAKE = ("make", "--no-print-directory", "-o", "install", "run")
SERVE = (sys.executable, "serve.py")
PATIENCE = 60


@dataclass
class Running:
    """A platform started as from a terminal: a process group of its own, which Ctrl-C and a closed window reach."""

    process: subprocess.Popen[bytes]
    address: str
    log: Path

    def wait(self) -> None:
        """Until it says its address."""
        end = time.monotonic() + PATIENCE
        while f"is at {self.address}" not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    def said(self) -> str:
        return self.log.read_text()

    def family(self) -> list[psutil.Process]:
        me = psutil.Process(self.process.pid)
        return [me, *me.children(recursive=True)]

    def to_group(self, number: int) -> None:
        os.killpg(self.process.pid, number)


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def none_left(family: list[psutil.Process]) -> bool:
    end = time.monotonic() + PATIENCE
    while any(map(alive, family)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(alive, family))


def schedulers(family: list[psutil.Process]) -> list[psutil.Process]:
    return [process for process in family if alive(process) and process.cmdline()[-2:] == ["jobs", "run"]]


def supervisor(family: list[psutil.Process]) -> psutil.Process:
    (found,) = [process for process in family if process.cmdline()[-1].endswith("serve.py")]
    return found


def as_in_a_terminal() -> None:
    """Signals as a terminal leaves them, however the tests were started; and the terminal, if there is one."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if os.isatty(0):
        fcntl.ioctl(0, termios.TIOCSCTTY)


@pytest.fixture
def run(new_database: Callable[[str], str], tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Starts the platform on a migrated database; ends what is left of it after the test."""
    started: list[Running] = []
    seen: list[psutil.Process] = []

    def start(command: tuple[str, ...], port: int | None = None, terminal: int | None = None) -> Running:
        port = port or free_port()
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "COV_", "MAKE"))},
            "DATABASE_URL": new_database("sqlite"),
            "INSTANCE_DIR": str(tmp_path),
            "PORT": str(port),
        }
        log = tmp_path / f"run-{len(started)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL if terminal is None else terminal,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=as_in_a_terminal,
            )
        started.append(Running(process, f"http://127.0.0.1:{port}", log))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            seen += running.family()
        for process in seen:
            if alive(process):
                process.kill()
        running.process.wait()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_with_all_it_started(run: Callable[..., Running], number: int) -> None:
    running = run(SERVE)
    running.wait()
    assert requests.get(running.address + "/healthz", timeout=PATIENCE).ok
    family = running.family()
    assert len(family) >= 4  # Itself, the web server and at least one worker of it, the scheduler.
    running.to_group(number)
    assert running.process.wait(PATIENCE) == 0
    assert none_left(family)
    assert "Traceback" not in running.said()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_make_ends_with_all_it_started(run: Callable[..., Running], number: int) -> None:
    running = run(MAKE)
    running.wait()
    family = running.family()
    running.to_group(number)
    running.process.wait(PATIENCE)
    assert none_left(family)
    assert "Traceback" not in running.said()


@pytest.mark.slow
def test_make_that_is_told_alone_ends_with_all_it_started(run: Callable[..., Running]) -> None:
    running = run(MAKE)
    running.wait()
    family = running.family()
    running.process.terminate()
    running.process.wait(PATIENCE)
    assert none_left(family)


@pytest.mark.slow
def test_a_closed_terminal_ends_it_though_make_alone_is_told(run: Callable[..., Running]) -> None:
    ours, terminal = os.openpty()
    running = run(MAKE, terminal=terminal)
    os.close(terminal)
    running.wait()
    family = running.family()
    os.close(ours)
    running.process.wait(PATIENCE)
    assert none_left(family)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_killed_it_leaves_nothing(run: Callable[..., Running]) -> None:
    running = run(MAKE)
    running.wait()
    family = running.family()
    supervisor(family).kill()
    running.process.wait(PATIENCE)
    assert none_left(family)


@pytest.mark.slow
@pytest.mark.parametrize(("started", "after"), [(1, 0.0), (2, 0.0), (2, 0.2), (2, 0.8), (2, 1.6)])
def test_an_early_ctrl_c(run: Callable[..., Running], started: int, after: float) -> None:
    """Of what it starts, so many processes are there, for so many seconds. Before the first, Python still reads it."""
    running = run(SERVE)
    end = time.monotonic() + PATIENCE
    while len(running.family()) <= started:
        assert time.monotonic() < end, running.said()
        time.sleep(0.001)
    time.sleep(after)
    family = running.family()
    running.to_group(signal.SIGINT)
    running.process.wait(PATIENCE)
    assert none_left(family)
    assert "Traceback" not in running.said()


@pytest.mark.slow
def test_a_request_under_way_is_answered_after_ctrl_c(run: Callable[..., Running]) -> None:
    running = run(SERVE)
    running.wait()
    assert requests.get(running.address + "/healthz", timeout=PATIENCE).ok
    with socket.create_connection(("127.0.0.1", int(running.address.rpartition(":")[2])), PATIENCE) as connection:
        connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n")
        connection.sendall(b"Content-Type: application/x-www-form-urlencoded\r\n\r\na=")
        time.sleep(1)
        running.to_group(signal.SIGINT)
        time.sleep(1)
        connection.sendall(b"bc")
        assert connection.recv(65536).startswith(b"HTTP/1.1 4")
    assert running.process.wait(PATIENCE) == 0


@pytest.mark.slow
def test_a_scheduler_that_died_is_started_again(run: Callable[..., Running]) -> None:
    running = run(SERVE)
    running.wait()
    (dead,) = schedulers(running.family())
    dead.kill()
    end = time.monotonic() + PATIENCE
    while "starting it again" not in running.said() or not schedulers(running.family()):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert dead not in schedulers(running.family())
    assert requests.get(running.address + "/healthz", timeout=PATIENCE).ok


@pytest.mark.slow
def test_it_does_not_outlive_the_web_server(run: Callable[..., Running]) -> None:
    running = run(SERVE)
    running.wait()
    family = running.family()
    web = next(process for process in family if "gunicorn" in str(process.cmdline()))
    web.kill()
    assert running.process.wait(PATIENCE) != 0
    assert none_left(family)


@pytest.mark.slow
def test_a_busy_port_is_told(run: Callable[..., Running]) -> None:
    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        running = run(MAKE, port)
        assert running.process.wait(PATIENCE) != 0
    assert f"Port {port} cannot be used" in running.said()
    assert "Traceback" not in running.said()
