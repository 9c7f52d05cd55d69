"""The platform from one terminal: web server and scheduler, and nothing left running when it ends.

`make run` starts it. Where something else watches over processes, that starts the two lines of the Procfile instead.
It needs the standard library only, so that it hears the first Ctrl-C a moment after its start.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent
WEB = (str(BIN / "gunicorn"),)
JOBS = (str(BIN / "flask"), "jobs", "run")
HOST, PORT = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
ADDRESS = os.environ.get("BASE_URL") or f"http://127.0.0.1:{PORT}"
# Gunicorn gives requests under way four seconds.
GRACE = 6.0
LOOK_EVERY = 0.2
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


def start(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """A process in a group of its own: Ctrl-C reaches this process alone, which lets the others finish their work."""
    parent = os.getpid()

    def die_with_parent() -> None:
        if LIBC:
            LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

    return subprocess.Popen(command, cwd=ROOT, process_group=0, preexec_fn=die_with_parent)  # noqa: S603


def stop(*processes: subprocess.Popen[bytes]) -> None:
    """Asks them to end; kills what has not ended in time, with all that it started."""
    for process in processes:
        process.terminate()
    end = time.monotonic() + GRACE
    for process in processes:
        try:
            process.wait(max(0, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def listening() -> bool:
    try:
        socket.create_connection((HOST, int(PORT)), 1).close()
    except OSError:
        return False
    return True


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Serves until it is told to stop, its terminal is closed, or the web server ends. Returns the exit code."""
    asked: list[int] = []
    # A closed terminal tells its first process only, and make, being that, waits for us.
    terminal = os.isatty(0)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # As nohup leaves it.
            signal.signal(number, lambda number, _frame: asked.append(number))
    web, jobs, told = start(WEB), start(JOBS), False
    try:
        while not asked and web.poll() is None:
            if not told and listening():
                told = True
                say(f"\nAlliance Barometer is at {ADDRESS} (stop with Ctrl-C)\n")
            if jobs.poll() is not None:
                say(f"The scheduler ended with code {jobs.returncode}; starting it again.")
                time.sleep(1)
                jobs = start(JOBS)
            time.sleep(LOOK_EVERY)
            if terminal and not os.isatty(0):
                asked.append(signal.SIGHUP)
    finally:
        stop(web, jobs)
    return 0 if asked else web.returncode or 1


if __name__ == "__main__":
    sys.exit(main())
