"""Coming in without a password: asking for a link, and choosing a password by one."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

from flask import Flask, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import mail
from app.storage import users

from . import links, register, throttle
from .own import Errors, password_errors

_LONGEST_ADDRESS = 254
log = logging.getLogger(__name__)


def forgotten() -> Any:
    """Asks for an address, and sends a link to it if it has an account.

    The answer is the same, and takes the same time, whether or not it has one: the looking and the sending happen
    when the answer is on its way.
    """
    configured = mail.is_configured(current_app.extensions["settings"])
    if request.method in ("GET", "HEAD") or not configured:
        return _forgotten_page([])
    email = register.canonical(request.form.get("email", "")[:_LONGEST_ADDRESS])
    if "@" not in email:
        return _forgotten_page([("email", _("Enter your e-mail address."))]), 422
    throttle.count()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    answer = make_response(render_template("accounts/sent.html", email=email))
    answer.call_on_close(lambda: _send(app, email))
    return answer


def _send(app: Flask, email: str) -> None:
    with app.app_context():
        try:
            user = users.find_by_email(email)
            if user is not None and user.disabled_at is None:
                register.send_link(user, datetime.now(UTC), email)
        except Exception as error:  # Nobody waits for this any more.
            log.error("a link for another password was not sent: %s", type(error).__name__)


def set_password(token: str) -> Any:
    """Chooses a password by a link. Opening the page uses nothing up, for mail programs open links by themselves."""
    now = datetime.now(UTC)
    found = links.find(token, now)
    if found is None:
        return render_template("accounts/void_link.html"), 410
    user, purpose = found
    if request.method in ("GET", "HEAD"):
        return _password_page(user.email, purpose, [])
    typed = request.form.get("password", "")
    errors = password_errors(typed, request.form.get("again", ""), user.email)
    if errors:
        return _password_page(user.email, purpose, errors), 422
    if not links.use(token, typed, now):
        return render_template("accounts/void_link.html"), 410
    flash(_("Your password is set. Please sign in with it."))
    return redirect(url_for("accounts.sign_in"), 303)


def throttled(message: str) -> str:
    return _forgotten_page([("email", message)])


def _forgotten_page(errors: Errors) -> str:
    return render_template(
        "accounts/forgotten.html",
        email=request.form.get("email", "")[:_LONGEST_ADDRESS],
        errors=errors,
        told=dict(errors),
        configured=mail.is_configured(current_app.extensions["settings"]),
    )


def _password_page(email: str, purpose: str, errors: Errors) -> str:
    return render_template(
        "accounts/choose_password.html",
        email=email,
        purpose=purpose,
        errors=errors,
        told=dict(errors),
        shortest=register.SHORTEST_PASSWORD,
    )
