"""What was typed outlives its session: whoever was signed out meanwhile signs in beside it, and sends it again.

Pages behind the door stay in no cache, so a browser that goes back has nothing of what was typed any more.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import RequestEntityTooLarge

from app.protection import error_page

from . import account

_ROOM = "organize."
# It is shown within another page, and has nothing that would be lost.
_WITHIN = "organize.preview_frame"
_LARGEST, _MOST_FIELDS = 1_048_576, 5_000
_OWN = ("csrf_token",)


def register(app: Flask) -> None:
    """Binds the answer to forms whose token does not hold."""
    app.register_error_handler(CSRFError, _token_is_void)


def kept_page() -> tuple[str, int] | None:
    """The page that carries what was sent, with a button that sends it again; None where there is nothing to keep, or
    nobody can tell that a page of this site has sent it: then the button could send what another site wants."""
    if request.method != "POST" or not (request.endpoint or "").startswith(_ROOM) or request.endpoint == _WITHIN:
        return None
    if request.headers.get("Origin") != request.host_url.rstrip("/"):
        return None
    if account.signed_in() is None:
        request.max_content_length = request.max_form_memory_size = _LARGEST
        request.max_form_parts = _MOST_FIELDS
    try:
        fields = [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]
        has_file = any(file.filename for file in request.files.values())
    except RequestEntityTooLarge:
        return None
    signed_in = account.signed_in() is not None
    page = render_template("accounts/kept.html", fields=fields, has_file=has_file, signed_in=signed_in)
    return page, 400 if signed_in else 401


def _token_is_void(error: CSRFError) -> Any:
    return kept_page() or error_page(error.code or 400)
