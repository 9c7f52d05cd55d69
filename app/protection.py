"""What guards every page: headers, and errors that say what happened and what to do."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from traceback import format_tb
from typing import TYPE_CHECKING, Any

from flask import Flask, redirect, render_template, request
from werkzeug import Response as BaseResponse
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, ServiceUnavailable

from app.incoming import page_without_slash
from app.storage.trouble import trouble_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Of a page that shows another one of this site in a frame, and of the one that is shown.
FRAMING = f"{POLICY}; frame-src 'self'"
FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Binds headers and error pages."""
    headers = [*HEADERS.items()]
    if app.config["SESSION_COOKIE_SECURE"]:
        headers.append(("Strict-Transport-Security", "max-age=31536000"))
    app.wsgi_app = _guarded(app.wsgi_app, headers)  # type: ignore[assignment, method-assign]
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)


def _guarded(site: WSGIApplication, guard: list[tuple[str, str]]) -> WSGIApplication:
    """The site with the same headers on whatever it answers; where a page brings a policy of its own, that holds."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            own = any(name == "Content-Security-Policy" for name, _ in headers)
            return start_response(status, headers + (guard[1:] if own else guard), *error)

        return site(environ, start)

    return answer


def error_page(status: int, headers: dict[str, str] | None = None) -> tuple[str, int, dict[str, str]]:
    """The page for an HTTP error, in the reader's language."""
    answers = request.blueprint == "respond"
    return render_template("error.html", status=status, answers=answers), status, headers or {}


def _http_error(error: HTTPException) -> BaseResponse | tuple[str, int, dict[str, str]]:
    page = page_without_slash() if isinstance(error, NotFound) else ""
    if page:
        return redirect(page, 308)
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    kept = {name: value for name, value in error.get_headers() if name in ("Retry-After", "Allow")}
    return error_page(error.code, kept)


def _failure(error: Exception) -> tuple[str, int, dict[str, str]]:
    """The database is locked, full, away or not ready; else our own mistake. Every write is one transaction.

    The place of a mistake is logged; what the person typed, which is in the message, is not.
    """
    trouble = trouble_of(error)
    if trouble:
        log.error("%s (met on %s)", trouble, request.endpoint)
        return error_page(ServiceUnavailable.code, {"Retry-After": "10"})
    place = "".join(format_tb(error.__traceback__))
    log.error("%s on %s %s\n%s", type(error).__name__, request.method, request.endpoint, place)
    return error_page(InternalServerError.code)
