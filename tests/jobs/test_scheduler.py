"""The scheduler's process waits for a database that is away, and says so in a line."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.site import free_port

FLASK = str(Path(sys.executable).parent / "flask")
PATIENCE = 60


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "complaint"),
    [
        ("postgresql://somebody:open-sesame@127.0.0.1:{port}/barometer", "cannot be reached"),
        ("sqlite:///{folder}/bare.sqlite", "has no tables yet"),
    ],
)
def test_it_goes_on_while_the_database_is_away(tmp_path: Path, address: str, complaint: str) -> None:
    log = tmp_path / "jobs.log"
    environment = {
        **os.environ,
        "DATABASE_URL": address.format(port=free_port(), folder=tmp_path),
        "INSTANCE_DIR": str(tmp_path),
        "SECRET_KEY": "kX9-test-only-wV3zQ7pL2mN8bR5tY1uC4",
        "JOBS_INTERVAL_SECONDS": "1",
    }
    with log.open("wb") as output:
        process = subprocess.Popen([FLASK, "jobs", "run"], cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        end = time.monotonic() + PATIENCE
        while log.read_text().count("roll_up: The database") < 2:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
    finally:
        process.terminate()
        code = process.wait(PATIENCE)
    assert code == 0
    said = log.read_text()
    assert complaint in said
    assert "Traceback" not in said
    assert "open-sesame" not in said
