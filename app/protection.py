"""What guards every page: headers, and errors that say what happened and what to do."""

from __future__ import annotations

import logging

from flask import Flask, Response, current_app, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, ServiceUnavailable

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
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
    app.after_request(_guard)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _database_error)
    app.register_error_handler(Exception, _mistake)


def _guard(response: Response) -> Response:
    response.headers.extend(HEADERS)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers["Strict-Transport-Security"] = "max-age=31536000"
    return response


def error_page(status: int, headers: dict[str, str] | None = None) -> tuple[str, int, dict[str, str]]:
    """The page for an HTTP error, in the reader's language."""
    return render_template("error.html", status=status), status, headers or {}


def _http_error(error: HTTPException) -> Response | tuple[str, int, dict[str, str]]:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    kept = {name: value for name, value in error.get_headers() if name in ("Retry-After", "Allow")}
    return error_page(error.code, kept)


def _database_error(error: OperationalError) -> tuple[str, int, dict[str, str]]:
    """The database is locked, full or away: nothing was half done, for every write is one transaction."""
    log.error("the database did not answer on %s: %s", request.endpoint, error.orig)
    return error_page(ServiceUnavailable.code, {"Retry-After": "10"})


def _mistake(error: Exception) -> tuple[str, int, dict[str, str]]:
    """Our own mistake. Its place is logged; what the person typed, which is in the message, is not."""
    log.error("mistake on %s %s", request.method, request.endpoint, exc_info=error)
    return error_page(InternalServerError.code)
