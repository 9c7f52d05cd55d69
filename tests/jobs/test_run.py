"""One scheduler acts in a slot; a dead one is taken over; every run is written down."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Flask

from app.jobs.run import Run, run_asked, run_due, slot_of
from app.jobs.schedule import Job
from app.storage import jobs as storage

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = timedelta(seconds=30)


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def job(act: Callable[[Run], int]) -> Job:
    return Job("test", MINUTE, act, "for the test")


def test_a_slot_is_done_once(app: Flask) -> None:
    done: list[int] = []
    with app.app_context():

        def count(run: Run) -> int:
            done.append(1)
            return 7

        counting = job(count)
        settings = app.extensions["settings"]
        assert run_due(counting, settings, at(NOON), "a") == 7
        assert run_due(counting, settings, at(NOON + timedelta(seconds=30)), "b") is None
        assert run_due(counting, settings, at(NOON + MINUTE), "b") == 7
        last = storage.last_of("test")
        assert last is not None
        assert (last.state, last.worker, last.work, last.slot) == ("done", "b", 7, slot_of(NOON + MINUTE, MINUTE))
    assert len(done) == 2


def test_four_schedulers_at_once_never_do_a_slot_twice(app: Flask) -> None:
    done: list[str] = []
    barrier = threading.Barrier(4)

    def scheduler(worker: str) -> None:
        def note(run: Run) -> int:
            done.append(worker)
            return 1

        with app.app_context():
            for slot in range(5):
                barrier.wait()
                run_due(job(note), app.extensions["settings"], at(NOON + slot * MINUTE), worker)

    threads = [threading.Thread(target=scheduler, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 5


def test_a_dead_scheduler_is_taken_over_when_its_lease_is_over(app: Flask) -> None:
    with app.app_context():
        slot = slot_of(NOON, MINUTE)
        assert storage.claim("test", slot, "dead", NOON, LEASE)
        settings = app.extensions["settings"]
        assert run_due(job(lambda run: 1), settings, at(NOON + timedelta(seconds=20)), "b") is None
        assert run_due(job(lambda run: 1), settings, at(NOON + MINUTE), "b") == 1
        last = storage.last_of("test")
        assert last is not None
        assert (last.slot, last.worker, last.attempts, last.state) == (slot, "b", 2, "done")


def test_no_slot_begins_while_another_of_the_job_is_alive(app: Flask) -> None:
    with app.app_context():
        held = storage.claim("test", 1, "a", NOON, LEASE)
        assert held
        assert storage.claim("test", 2, "b", NOON + timedelta(seconds=10), LEASE) is None
        assert storage.renew(held, NOON + timedelta(seconds=20), LEASE)
        assert storage.claim("test", 2, "b", NOON + timedelta(seconds=40), LEASE) is None
        storage.finish(held, NOON + timedelta(seconds=41), 0)
        assert storage.claim("test", 2, "b", NOON + timedelta(seconds=42), LEASE)


def test_a_worker_that_lost_its_lease_stops(app: Flask) -> None:
    went_on: list[int] = []

    def slow(run: Run) -> int:
        taken = storage.claim("test", 0, "other", NOON + timedelta(hours=1), LEASE)
        assert taken
        run.alive()
        went_on.append(1)
        return 1

    with app.app_context():
        assert run_due(job(slow), app.extensions["settings"], at(NOON), "slow") is None
        last = storage.last_of("test")
        assert last is not None
        assert (last.worker, last.state) == ("other", "running")
    assert went_on == []


def test_a_failure_is_written_down_and_the_next_slot_runs(app: Flask) -> None:
    def fail(run: Run) -> int:
        raise ValueError("the disk is full")

    with app.app_context():
        settings = app.extensions["settings"]
        assert run_due(job(fail), settings, at(NOON), "a") == 0
        last = storage.last_of("test")
        assert last is not None
        assert (last.state, last.error) == ("failed", "ValueError: the disk is full")
        assert run_due(job(lambda run: 3), settings, at(NOON + MINUTE), "a") == 3


def test_what_was_asked_for_waits_for_a_run_under_way(app: Flask) -> None:
    with app.app_context():
        settings = app.extensions["settings"]
        held = storage.claim("test", slot_of(NOON, MINUTE), "a", NOON, LEASE)
        assert held
        assert storage.ask("test", "o@example.org", NOON)
        later = NOON + timedelta(seconds=10)
        assert run_asked(job(lambda run: 5), settings, at(later), "b") is None
        assert set(storage.asked()) == {"test"}
        storage.finish(held, later, 0)
        assert run_asked(job(lambda run: 5), settings, at(later), "b") == 5
        assert storage.asked() == {}
        newest, in_slot = storage.newest_of("test"), storage.last_of("test")
        assert newest is not None
        assert in_slot is not None
        assert (newest.state, newest.work, newest.slot) == ("done", 5, -int(later.timestamp()))
        assert in_slot.slot == slot_of(NOON, MINUTE)


def test_a_run_that_was_asked_for_and_died_is_taken_over_by_the_next_slot(app: Flask) -> None:
    with app.app_context():
        assert storage.ask("test", "o@example.org", NOON)
        assert storage.claim_asked("test", "dead", NOON, LEASE)
        assert storage.asked() == {}
        assert run_due(job(lambda run: 1), app.extensions["settings"], at(NOON + MINUTE), "b") == 1
        newest = storage.newest_of("test")
        assert newest is not None
        assert (newest.worker, newest.attempts, newest.state, newest.slot < 0) == ("b", 2, "done", True)


def test_of_many_schedulers_one_takes_what_was_asked_for(app: Flask) -> None:
    done: list[str] = []
    barrier = threading.Barrier(4)

    def scheduler(worker: str) -> None:
        def note(run: Run) -> int:
            done.append(worker)
            return 1

        with app.app_context():
            barrier.wait()
            run_asked(job(note), app.extensions["settings"], at(NOON), worker)

    with app.app_context():
        assert storage.ask("test", "o@example.org", NOON)
        assert not storage.ask("test", "p@example.org", NOON)
    threads = [threading.Thread(target=scheduler, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
