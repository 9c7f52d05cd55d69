"""Responses: started, saved page by page, submitted once, withdrawn.

The respondent's token is the only key to a response. Only its hash is stored; the row's id is made of it.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

import msgspec
from sqlalchemy import Insert, bindparam, delete, select, text, update
from sqlalchemy import insert as insert_core

from app.questionnaire.kept import Kept
from app.questionnaire.kinds.base import Answers

from . import endings, quotas, surveys
from .base import insert, looking, rows_changed, touching, writing
from .fieldwork_tables import ResponseTrace
from .models import OPEN, QueuedResponse, Response, Survey, Wave

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to misread.
_TOKEN_LENGTH = 20  # 100 random bits.
_encode = msgspec.json.encode


@dataclass(frozen=True)
class Stored:
    """A response as it stands, with the wave that it belongs to."""

    kept: Kept
    id: int
    state: str
    revision: int
    language: str
    started_at: datetime
    submitted_at: datetime | None
    wave_id: int
    survey: str
    opens_at: datetime
    closes_at: datetime | None
    time_zone: str
    languages: str
    finish_hours: int | None
    invited_only: bool

    @property
    def answers(self) -> Answers:
        """All of them, by name."""
        return self.kept.answers


def new_token() -> str:
    """An unguessable token, as the respondent sees it on the receipt: K3QF-9ZT2-M4XA-71WC-8DRE."""
    raw = "".join(secrets.choice(_ALPHABET) for _ in range(_TOKEN_LENGTH))
    return "-".join(raw[i : i + 4] for i in range(0, _TOKEN_LENGTH, 4))


def read_token(text: str) -> str | None:
    """The token in what a person typed (full width, lower case, spaces, O for 0), or in a link with the full stop or
    bracket that stood behind it; None if it cannot be one."""
    raw = unicodedata.normalize("NFKC", text).upper().translate(_TYPED)
    if len(raw) != _TOKEN_LENGTH or not set(raw) <= set(_ALPHABET):
        return None
    return "-".join(raw[i : i + 4] for i in range(0, _TOKEN_LENGTH, 4))


_TYPED = str.maketrans(
    {"O": "0", "I": "1", "L": "1", **dict.fromkeys("-‐‑–—−ー－_ \t\n\r\u3000.,;:!?<>()[]\"'。、」』】", "")}
)


def _hash(token: str) -> tuple[int, str]:
    digest = hashlib.sha256(token.encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1, digest.hex()


def response_id(token: str) -> int:
    """The first 63 bits of the token's SHA-256: uniform, and needs no sequence."""
    return _hash(token)[0]


_UNSENT = text(OPEN)

_COLUMNS = (
    Response.token_hash,
    Wave.questionnaire_hash,
    Response.answers,
    Response.id,
    Response.state,
    Response.revision,
    Response.language,
    Response.started_at,
    Response.submitted_at,
    Wave.id.label("wave_id"),
    Survey.key.label("survey"),
    Wave.opens_at,
    Wave.closes_at,
    Wave.time_zone,
    Wave.languages,
    Wave.finish_hours,
    Wave.invited_only,
)


# Statements of every page are made once: making one costs as much as executing it.
_FIND = (
    select(*_COLUMNS)
    .join(Wave, Wave.id == Response.wave_id)
    .join(Survey, Survey.id == Wave.survey_id)
    .where(Response.id == bindparam("key"))
)
_QUEUE = insert_core(QueuedResponse)
_TRACE = insert_core(ResponseTrace)
_SAVE = update(Response).where(
    Response.id == bindparam("key"), Response.state == "open", Response.revision == bindparam("seen")
)


def find(token: str) -> Stored | None:
    """The response of a token; None when there is none, or it was withdrawn."""
    key, token_hash = _hash(token)
    with looking() as connection:
        row = connection.one(_FIND, {"key": key})
    if row is None:
        return None
    stored_hash, version, answers, *fields = row
    stored = Stored(Kept(surveys.questionnaire(version), answers), *fields)
    if stored.state == "withdrawn" or not secrets.compare_digest(stored_hash, token_hash):
        return None
    return stored


def start(token: str, wave_id: int, language: str, answers: Answers, now: datetime, page: str | None = None) -> bool:
    """Begins a response with the answers of its first `page`; False when the token has one already."""
    key, token_hash = _hash(token)
    values = {
        "id": key,
        "token_hash": token_hash,
        "wave_id": wave_id,
        "language": language,
        "state": "open",
        "revision": 0,
        "answers": _encode(answers).decode(),
        "started_at": now,
        "saved_at": now,
        "page": page,
    }
    with touching(is_draft=True) as connection:
        return bool(connection.change(_start_on(connection.dialect), values))


@lru_cache
def _start_on(dialect: str) -> Insert:
    begun: Insert = insert(Response).on_conflict_do_nothing(index_elements=["id"])
    return begun


def save(
    token: str, stored: Stored, answers: Answers, language: str, now: datetime, page: str | None = None
) -> Stored | None:
    """Lays the answers of one page over those stored. Returns the response as it now stands.

    page: its name, where it becomes the last page that was sent.
    A save that lost a race is made again on top of the other; a response that was submitted stays as it is.
    """
    seen: Stored | None = stored
    while seen is not None and seen.state == "open":
        kept = seen.kept.over(answers)
        values: dict[str, object] = {"answers": kept.text, "language": language, "saved_at": now}
        if page is not None:
            values["page"] = page
        if _update(seen, values):
            return replace(seen, kept=kept, language=language, revision=seen.revision + 1)
        seen = find(token)
    return seen


def _update(seen: Stored, values: dict[str, object]) -> bool:
    values = {"key": seen.id, "seen": seen.revision, "revision": seen.revision + 1, **values}
    with touching(is_draft=True) as connection:
        return bool(connection.change(_SAVE, values))


def submit(
    token: str,
    stored: Stored,
    finish: Callable[[Answers], Answers | None],
    now: datetime,
    trace: str | None = None,
) -> Stored | None:
    """Submits a response, once: the row and its place in the queue in one transaction.

    `finish` gives the answers to keep, or None when they are not complete; it is asked again when another page
    was saved meanwhile. Returns the response as it now stands: `done`, or still `open` when not complete.
    `trace`: kept beside it, where it came by an open link.
    Raises QuotaFull when a group is full that the person belongs to: nothing was submitted then.
    """
    seen: Stored | None = stored
    while seen is not None and seen.state == "open":
        final = finish(seen.answers)
        if final is None:
            return seen
        values = {"key": seen.id, "seen": seen.revision, "revision": seen.revision + 1, "state": "done"}
        kept = Kept.of(seen.kept.questionnaire, final)
        values |= {"answers": kept.text, "saved_at": now, "submitted_at": now}
        if _submit(seen, values, final, trace):
            return replace(seen, state="done", kept=kept, revision=seen.revision + 1, submitted_at=now)
        seen = find(token)
    return seen


def _submit(seen: Stored, values: dict[str, object], final: Answers, trace: str | None) -> bool:
    """Whether the response was still as it was seen, and is submitted now."""
    traced = {"response_id": seen.id, "wave_id": seen.wave_id, "trace": trace}
    queued = {"response_id": seen.id, "delta": 1}
    with touching() as connection:
        if not connection.change(_SAVE, values):
            return False
        # Asked after the response is written: a quota that is new waits for that, and counts it.
        if connection.one(quotas.HAS_QUOTAS, {"wave_id": seen.wave_id}) is None:
            connection.change(_QUEUE, queued)
            if trace is not None:
                connection.change(_TRACE, traced)
            return True
        connection.undo()
    with writing() as session:
        whole = session.connection()
        if not whole.execute(_SAVE, values).rowcount:
            return False
        quotas.take_places(session, seen.wave_id, final)
        whole.execute(_QUEUE, queued)
        if trace is not None:
            whole.execute(_TRACE, traced)
        return True


def withdraw(token: str) -> bool:
    """Removes a response for good; False when there is none under the token.

    What no tally holds yet is deleted at once. What was tallied is hidden at once and queued, and the next
    roll-up takes it out of the tallies and deletes it in one transaction.
    """
    key, token_hash = _hash(token)
    at = Response.id == key
    with writing() as session:
        known = session.execute(select(Response.token_hash).where(at)).scalar_one_or_none()
        if known is None or not secrets.compare_digest(known, token_hash):
            return False
        # Out of the queue first, in the order of a roll-up, which may write the response after that: else the two could
        # wait for one another.
        waiting = delete(QueuedResponse).where(QueuedResponse.response_id == key, QueuedResponse.delta == 1)
        waited = rows_changed(session, waiting)
        # Locked, so that nothing is submitted between what is read here and what is deleted.
        state = session.execute(select(Response.state).where(at).with_for_update()).scalar_one_or_none()
        if state in (None, "withdrawn"):
            return False
        if state == "open" or waited or rows_changed(session, waiting):
            session.execute(delete(ResponseTrace).where(ResponseTrace.response_id == key))
            session.execute(delete(Response).where(at))
        else:
            session.execute(update(Response).where(at).values(state="withdrawn"))
            session.execute(insert(QueuedResponse).values(response_id=key, delta=-1))
        return True


def screen_out(token: str, wave_id: int, page: str, how: str) -> bool:
    """Ends a response by a screening rule on a page: it is counted, and what was stored of it, unsent, is deleted.

    how: DECLINED or SCREENED_OUT, of `endings`.
    One that was sent stays, and is not counted. Returns whether it ended. Who is screened out on the first page has
    nothing stored yet.
    """
    key = response_id(token)
    with writing() as session:
        session.execute(delete(Response).where(Response.id == key, _UNSENT))
        if session.execute(select(Response.id).where(Response.id == key)).first():
            return False
        endings.note(session, how, [(wave_id, page)])
        return True


def forget_unfinished(before: datetime, limit: int = 1000) -> int:
    """Deletes responses that were not submitted and not touched since `before`, and counts them as left. Returns how
    many."""
    old = (_UNSENT, Response.saved_at < before)
    with writing() as session:
        found = select(Response.id).where(*old).limit(limit)
        # Said twice, for one of those found may be saved or submitted before it is deleted.
        gone = delete(Response).where(Response.id.in_(found), *old).returning(Response.wave_id, Response.page)
        places = [(wave_id, page) for wave_id, page in session.execute(gone)]
        endings.note(session, endings.LEFT, places)
        return len(places)
