"""How often signing in may fail. Only tries with a wrong address or password count.

Three limits hold at once, each by settings.sign_in_limit times a factor:
- one account from one address: 1. Whoever guesses here shuts out nobody but themselves.
- one address, all accounts: 4. Stops trying one password on many accounts, and leaves room for an office
  behind one address.
- one account, all addresses: 10. Slows guessing from many machines. Its owner could be kept out by that, but
  only by an attack from ten addresses or more that goes on.

With RATELIMIT_STORAGE_URI=memory:// every process counts for itself, so that two web workers allow up to twice as
many tries, and a restart forgets them; a Redis address makes the count common.
"""

from __future__ import annotations

from functools import partial
from ipaddress import IPv6Address, ip_address
from typing import Any

from flask import Response, current_app, g, make_response, request
from flask_limiter import RequestLimit
from limits import parse_many

from app.extensions import limiter

from .access import View
from .register import canonical
from .signing import throttled_page

_LONGEST_ADDRESS = 254
FACTOR_PLACE, FACTOR_ACCOUNT = 4, 10


def limited(view: View) -> View:
    """The sign-in view with its limits."""
    for name, key, factor in (
        ("account-here", _account_here, 1),
        ("place", _place, FACTOR_PLACE),
        ("account", _account, FACTOR_ACCOUNT),
    ):
        view = limiter.limit(
            partial(_limits, factor),
            key_func=key,
            scope=name,
            methods=["POST"],
            deduct_when=_failed,
            on_breach=_breach,
        )(view)
    return view


def _limits(factor: int) -> str:
    wanted: Any = current_app.extensions["settings"].sign_in_limit
    return ";".join(
        f"{limit.amount * factor} per {limit.multiples} {limit.GRANULARITY.name}" for limit in parse_many(wanted)
    )


def _failed(_response: Response) -> bool:
    return bool(g.get("sign_in_failed", False))


def _breach(limit: RequestLimit) -> Response:
    return make_response(throttled_page(limit.reset_at))


def _account() -> str:
    return "account " + canonical(request.form.get("email", "")[:_LONGEST_ADDRESS])


def _place() -> str:
    """The network of the sender: for IPv6 the /64, which one person has whole. Kept for as long as the limit only."""
    address = ip_address(request.remote_addr or "127.0.0.1")
    return f"place {address.packed[:8].hex() if isinstance(address, IPv6Address) else address}"


def _account_here() -> str:
    return f"{_place()} {_account()}"
