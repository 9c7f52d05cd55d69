"""Answers by the survey's open address: slowed down where very many come from one place, never shut out."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from flask import current_app, request

from app.storage import traces

from .visit import Visit


def trace_of(visit: Visit) -> str:
    """The trace of this request: a digest of network and kind of browser, under the key of the day."""
    kind = (request.headers.get("User-Agent", ""), request.headers.get("Accept-Language", ""))
    said = "\0".join((str(visit.wave_id), _network(request.remote_addr or ""), *kind))
    key = traces.key_of(visit.now.date())
    return hashlib.blake2b(said.encode("utf-8", "replace"), key=key, digest_size=16).hexdigest()


def _network(address: str) -> str:
    """The address; of IPv6, where one line has very many, their common part."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else str(found)


def seconds_to_wait(visit: Visit, trace: str) -> int:
    """0, or how long is to be waited before another answer is taken from this place."""
    settings = current_app.extensions["settings"]
    pause = timedelta(seconds=settings.crowd_pause_seconds)
    if not settings.crowd_free or traces.may_send(visit.wave_id, trace, visit.now, settings.crowd_free, pause):
        return 0
    return int(settings.crowd_pause_seconds)
