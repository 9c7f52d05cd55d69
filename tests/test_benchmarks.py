"""The benchmarks can be run: what they measure is there."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from app.extensions import db
from benchmarks import sizes


def test_the_pages_that_must_not_grow_are_there(tmp_path: Path) -> None:
    stored = sizes._stored(tmp_path, 500, datetime.now(UTC))
    client = stored.app.test_client()
    assert [client.get(page).status_code for page in sizes.PAGES] == [200] * len(sizes.PAGES)
    with stored.app.app_context():
        db.engine.dispose()
