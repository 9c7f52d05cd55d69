"""A response that was acknowledged is stored exactly once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask

from .conftest import Kept
from .person import JAPAN, SURVEY, Person
from .test_paths import second_window

Read = Callable[[], list[Kept]]
Queued = Callable[[], list[int]]


def test_every_post_twice(person: Person, kept: Read, queued: Queued) -> None:
    """A double click, or a reply that was lost and a browser that sends again."""
    person.open()
    for _ in range(50):
        fields = person.filled({name: JAPAN[name] for name in person.asked() if name in JAPAN})
        here = person.here
        for _ in range(2):
            person.post([*fields, ("action", "next")], here)
        if person.place == "check":
            break
    fields = person.fields()
    codes = {person.post(fields, f"{SURVEY}/check").code() for _ in range(3)}
    assert len(codes) == 1
    assert ([k.state for k in kept()], queued()) == (["done"], [1])


def test_back_and_send_again(person: Person, kept: Read, queued: Queued) -> None:
    person.open().walk(JAPAN)
    check = person.fields()
    person.send()
    before = kept()
    assert person.open(f"{SURVEY}/check").place == "receipt"
    person.post(check, f"{SURVEY}/check")
    person.post([*check, ("q_favour", "1"), ("action", "next")], f"{SURVEY}/page/overall")
    assert person.place == "receipt"
    person.post([*check, ("q_consent", "no"), ("q_adult", "no"), ("action", "next")], SURVEY)
    assert person.status == 200
    assert (kept(), queued()) == (before, [1])


def test_sent_from_eight_windows_at_once(person: Person, app: Flask, kept: Read, queued: Queued) -> None:
    person.open().walk(JAPAN)
    windows = [second_window(person, app).open(f"{SURVEY}/check") for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        codes = {window.code() for window in pool.map(Person.send, windows)}
    assert codes == {person.token}
    assert ([k.state for k in kept()], queued()) == (["done"], [1])


def test_the_first_page_from_eight_windows_at_once(person: Person, app: Flask, kept: Read) -> None:
    person.open()
    windows = [second_window(person, app).open() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda window: window.press(consent="yes", adult="yes"), windows))
    assert {window.place for window in windows} == {"about_you"}
    assert len(kept()) == 1


def test_different_pages_at_once(person: Person, app: Flask, kept: Read) -> None:
    person.open().walk(JAPAN, "overall")
    given = {
        "overall": {"favour": "1"},
        "trust": {"trust_consult": "1", "trust_defend": "2"},
        "awareness": {"aware_guarantee": "3"},
        "explaining": {"DD1a": "2", "DD3a": "-8"},
        "consulting": {"DD2a": "4"},
        "exchanges": {"DD7c": "5"},
        "bases": {"DD6b": "3"},
        "closing": {"comment": "同時に"},
    }
    windows = [(second_window(person, app).open(f"{SURVEY}/page/{name}"), answers) for name, answers in given.items()]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda pair: pair[0].press(**pair[1]), windows))
    expected = {name: answer for answers in given.values() for name, answer in answers.items()}
    assert expected.items() <= kept()[0].answers.items()


def test_saving_and_sending_at_once(person: Person, app: Flask, kept: Read, queued: Queued) -> None:
    """Either the page came first and is in what was sent, or it is told that all was sent."""
    person.open().walk(JAPAN)
    saver = second_window(person, app).open(f"{SURVEY}/page/overall?from=check")
    sender = second_window(person, app).open(f"{SURVEY}/check")
    with ThreadPoolExecutor(2) as pool:
        saved, sent = pool.submit(saver.press, favour="1"), pool.submit(sender.send)
        saved.result()
        sent.result()
    assert sender.place == "receipt"
    assert (saver.place == "check") <= (kept()[0].answers["favour"] == "1")
    assert ([k.state for k in kept()], queued()) == (["done"], [1])
