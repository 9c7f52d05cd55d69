"""Which role may open which page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from flask import abort, make_response, redirect, request, url_for

from .account import signed_in

View = Callable[..., Any]


def require(*roles: str) -> Callable[[View], View]:
    """A view for these roles only: whoever is not signed in is led to sign in and back, another role gets 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **values: Any) -> Any:
            account = signed_in()
            if account is None:
                here = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else request.path
                return redirect(url_for("accounts.sign_in", next=here), 303)
            if account.role not in roles:
                abort(403)
            response = make_response(view(*args, **values))
            response.headers.setdefault("Cache-Control", "no-store")
            return response

        return guarded

    return guard


def local_path(address: str | None) -> str | None:
    """The address if it is a path of this site, else None. Browsers read \\ as / and drop tabs and line breaks."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return None
    if "\\" in address or not address.isprintable():
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return None if parts.scheme or parts.netloc else address
