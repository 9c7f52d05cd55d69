"""Signing in and out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import g, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired

from app.storage import users

from . import account, register
from .access import local_path
from .passwords import is_password

_HOME = {account.ORGANIZER: "/organize", account.RESEARCHER: "/research"}


class SignInForm(FlaskForm):
    """What somebody types to sign in."""

    email = StringField(validators=[InputRequired()])
    password = PasswordField(validators=[InputRequired()])


def sign_in() -> Any:
    """Asks for address and password, and leads on to `next`."""
    here = account.signed_in()
    if here is not None:
        return redirect(_destination(here.role), 303)
    form = _form()
    if request.method in ("GET", "HEAD"):
        return _page(form)
    if not form.validate():
        asked = {"email": _("Enter your e-mail address."), "password": _("Enter your password.")}
        return _page(form, [(name, asked[name]) for name in asked if name in form.errors]), 422
    user = users.find_by_email(register.canonical(form.email.data or ""))
    if not is_password(form.password.data or "", user.password_hash if user else None) or user is None:
        g.sign_in_failed = True
        return _page(form, [("email", _("There is no account with this e-mail address and password."))]), 422
    account.begin(account.account_of(user), datetime.now(UTC))
    return redirect(_destination(user.role), 303)


def sign_out() -> Any:
    """Ends the session."""
    account.end()
    return redirect("/", 303)


def throttled_page(reset_at: int) -> Any:
    """In place of a try too many: when the next one counts again. `reset_at` is in seconds since 1970."""
    seconds = max(1, reset_at - int(datetime.now(UTC).timestamp()))
    minutes = -(-seconds // 60)
    message = _("Too many tries failed. Please try again in %(minutes)s min.", minutes=minutes)
    return _page(_form(), [("email", message)]), 429, {"Retry-After": str(seconds)}


def _form() -> SignInForm:
    return SignInForm()  # type: ignore[no-untyped-call]


def _page(form: SignInForm, errors: list[tuple[str, str]] | None = None) -> str:
    return render_template(
        "accounts/sign_in.html", email=form.email.data or "", errors=errors or [], told=dict(errors or [])
    )


def _destination(role: str) -> str:
    return local_path(request.args.get("next")) or _HOME[role]
