"""Drafts are kept state by state; of two people who add the same one, one has it."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Barrier, Thread

from flask import Flask

from app.extensions import db
from app.storage import drafts

NOW = datetime(2026, 11, 28, tzinfo=UTC)


def add(after: int, source: str, by: str = "a@example.org", before: int | None = None) -> bool:
    return drafts.add("small", after, source, by, NOW, "question.added", {"name": "質問"}, before)


def test_every_state_is_kept(app: Flask) -> None:
    with app.app_context():
        assert drafts.newest("small") is None
        assert add(0, "one")
        assert add(1, "二", before=1)
        newest = drafts.newest("small")
        assert newest is not None
        assert (newest.number, newest.before, newest.source, newest.detail) == (2, 1, "二", {"name": "質問"})
        first = drafts.state("small", 1)
        assert first is not None
        assert (first.source, first.at, first.actor) == ("one", NOW, "a@example.org")
        assert [deed.number for deed in drafts.history("small", 10)] == [2, 1]
        assert [deed.number for deed in drafts.history("small", 10, up_to=1)] == [1]
        assert drafts.newest_of_all()["small"].number == 2
        assert drafts.remove("small", "a@example.org", NOW)
        assert not drafts.remove("small", "a@example.org", NOW)
        assert drafts.newest("small") is None


def test_of_many_who_add_the_same_state_one_has_it(app: Flask) -> None:
    with app.app_context():
        add(0, "one")
    start, taken = Barrier(6), []

    def work(name: str) -> None:
        with app.app_context():
            start.wait()
            if add(1, name, by=name):
                taken.append(name)
            db.session.remove()

    threads = [Thread(target=work, args=(f"p{n}@example.org",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        newest = drafts.newest("small")
        assert newest is not None
        assert (newest.number, [newest.actor]) == (2, taken)
