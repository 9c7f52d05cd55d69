"""Whether a posted form is this reader's own. Asked before the form is read, so that nothing typed is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from flask import current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from .place import is_form_token, token_in

_BEYOND_ASCII = re.compile(rb"%[89A-Fa-f]")


def forgery(survey: str, token: str) -> str | None:
    """Why a form of this response is not trusted, in the reader's language; None if it is."""
    return _why_not(token_in(survey) is not None, lambda: is_form_token(request.form.get("csrf_token"), token))


def forgery_without_place() -> str | None:
    """The same for a reader who may have no response in this browser: the session's token decides."""
    return _why_not(current_app.config["SESSION_COOKIE_NAME"] in request.cookies, _of_session)


def _of_session() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _why_not(has_cookie: bool, is_genuine: Callable[[], bool]) -> str | None:
    if not _readable():
        return _("What was sent could not be read. Please check what you typed and press the button again.")
    if not has_cookie:
        return _(
            "Your browser did not send back this site's cookie, which holds your place."
            " Please allow it and press the button again."
        )
    if not is_genuine():
        return _("This page had been open for long, or in two windows. Nothing is lost: please press the button again.")
    return None


def _readable() -> bool:
    """Whether the body is UTF-8. What is not would be read, and stored, as a row of percent signs."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return True
    body = request.get_data()
    if body.isascii() and not _BEYOND_ASCII.search(body):
        return True
    try:
        unquote_to_bytes(body).decode()
    except UnicodeDecodeError:
        return False
    return True
