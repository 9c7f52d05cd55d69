"""How often proving who one is may fail: with a password, with a code, with a request for another password.

Three limits hold at once, each by settings.sign_in_limit times a factor:
- one account from one address: 1. Whoever guesses here shuts out nobody but themselves.
- one address, all accounts: 4. Stops trying one password on many accounts, and leaves room for an office
  behind one address.
- one account, all addresses: 10. Slows guessing from many machines. Its owner could be kept out by that, but
  only by an attack from ten addresses or more that goes on.

Only what failed counts; for requests for another password, which cannot fail, all of them. With
RATELIMIT_STORAGE_URI=memory:// every process counts for itself, so that two web workers allow up to twice as many
tries, and a restart forgets them; a Redis address makes the count common.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Response, current_app, g, make_response, request
from flask_babel import gettext as _
from flask_limiter import RequestLimit
from limits import parse_many

from app.extensions import limiter

View = Callable[..., Any]
FACTOR_PLACE, FACTOR_ACCOUNT = 4, 10


def limited(view: View, whose: Callable[[], str], page: Callable[[str], str]) -> View:
    """A view with its limits. whose: the account that a request is about; page: the form again, with a message."""

    def place_and_account() -> str:
        return f"{_place()} {whose()}"

    for name, key, factor in (
        ("account-here", place_and_account, 1),
        ("place", _place, FACTOR_PLACE),
        ("account", whose, FACTOR_ACCOUNT),
    ):
        view = limiter.limit(
            partial(_limits, factor),
            key_func=key,
            scope=f"{view.__name__} {name}",
            methods=["POST"],
            deduct_when=_counts,
            on_breach=partial(_breach, page),
        )(view)
    return view


def count() -> None:
    """Says that this try failed, or counts anyway."""
    g.try_counts = True


def _limits(factor: int) -> str:
    wanted: Any = current_app.extensions["settings"].sign_in_limit
    return ";".join(
        f"{limit.amount * factor} per {limit.multiples} {limit.GRANULARITY.name}" for limit in parse_many(wanted)
    )


def _counts(_response: Response) -> bool:
    return bool(g.get("try_counts", False))


def _breach(page: Callable[[str], str], limit: RequestLimit) -> Response:
    """In place of a try too many: the form, and when the next try counts again."""
    seconds = max(1, limit.reset_at - int(datetime.now(UTC).timestamp()))
    message = _("Too many tries failed. Please try again in %(minutes)s min.", minutes=-(-seconds // 60))
    return make_response(page(message), 429, {"Retry-After": str(seconds)})


def _place() -> str:
    """The network of the sender: for IPv6 the /64, which one person has whole. Kept for as long as the limit only."""
    address = ip_address(request.remote_addr or "127.0.0.1")
    return f"place {address.packed[:8].hex() if isinstance(address, IPv6Address) else address}"
