"""The door: every request passes it, and the table of rules says who goes on."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, abort, after_this_request, redirect, request, url_for

from . import account
from .account import Account
from .kept import kept_page
from .rules import RULES, Rule

# A form that was opened in time may be sent a while later.
FRESH_FOR = timedelta(minutes=15)
FRESH_FOR_SENDING = timedelta(minutes=45)
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Binds the door. Before anything else that looks at a request but its language."""
    app.before_request(_door)


def current() -> Account:
    """The account of this request, on a page that needs one."""
    return account.signed_in() or abort(403)


def demand(survey: str, roles: frozenset[str]) -> None:
    """Ends the request with 403 unless the person has one of the roles on a survey that the address does not name."""
    if not current().grants.on(survey, roles):
        abort(403)


def _door() -> Any:
    if request.endpoint is None:
        return None
    rule = RULES.get(request.endpoint)
    if rule is None:
        log.error("no rule says who may open %s", request.endpoint)
        abort(403)
    if rule.public:
        return None
    after_this_request(_keep_nothing)
    person = account.signed_in()
    if person is None:
        return kept_page() or redirect(url_for("accounts.sign_in", next=_here()), 303)
    if not _may(person, rule, request.view_args or {}):
        abort(403)
    if rule.fresh and not _is_fresh():
        return redirect(url_for("accounts.confirm", next=_here()), 303)
    return None


def _may(person: Account, rule: Rule, parts: dict[str, Any]) -> bool:
    if rule.roles is None:
        return True
    if rule.survey:
        return person.grants.on(str(parts[rule.survey]), rule.roles)
    return person.grants.anywhere(rule.roles)


def _is_fresh() -> bool:
    since = datetime.now(UTC) - account.confirmed_at()
    return since < (FRESH_FOR if request.method in ("GET", "HEAD") else FRESH_FOR_SENDING)


def _here() -> str:
    return request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else request.path


def _keep_nothing(response: Response) -> Response:
    """Pages behind the door stay in no cache."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


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
