"""Where a reader stands: the response's token in a cookie of its own, and the form token made of it.

The token is its own proof, a hundred random bits, so the cookie needs no signature. The form token is a keyed digest
of it: a page of another site cannot know it, and a page that was open for long still has the right one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from functools import lru_cache

from flask import Response, current_app, g, request

_TOKEN = re.compile(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}")
_COOKIE = "answering-"


def token_in(survey: str) -> str | None:
    """The token that this browser holds for a survey, if any."""
    token = request.cookies.get(_COOKIE + survey)
    return token if token and _TOKEN.fullmatch(token) else None


def remember(survey: str, token: str) -> str:
    """Keeps a token in this browser, so that the next page finds its response."""
    _changes()[survey] = token
    return token


def forget(survey: str) -> None:
    """Takes a survey's token out of this browser."""
    _changes()[survey] = None


def forget_token(token: str) -> None:
    """Takes a token out of this browser, whichever survey it is of."""
    for name, value in request.cookies.items():
        if name.startswith(_COOKIE) and value == token:
            forget(name.removeprefix(_COOKIE))


def form_token(token: str) -> str:
    """What a form of the response with this token carries."""
    key = _form_key(current_app.config["SECRET_KEY"])
    return hashlib.blake2b(token.encode(), key=key, digest_size=20).hexdigest()


@lru_cache
def _form_key(secret: str) -> bytes:
    """A key for this purpose only, of a length that the digest takes."""
    return hashlib.blake2b(secret.encode(), digest_size=64, person=b"form token").digest()


def is_form_token(given: str | None, token: str) -> bool:
    return given is not None and hmac.compare_digest(given.encode(), form_token(token).encode())


def _changes() -> dict[str, str | None]:
    changes: dict[str, str | None] = g.setdefault("places", {})
    return changes


def keep(response: Response) -> Response:
    """Sends the browser what changed. Answers, codes and links stay in no cache."""
    response.headers["Cache-Control"] = "no-store"
    if "places" not in g:
        return response
    config = current_app.config
    for survey, token in g.pop("places").items():
        response.set_cookie(
            _COOKIE + survey,
            token or "",
            max_age=config["PERMANENT_SESSION_LIFETIME"] if token else 0,
            httponly=True,
            secure=config["SESSION_COOKIE_SECURE"],
            samesite=config["SESSION_COOKIE_SAMESITE"],
        )
    return response
