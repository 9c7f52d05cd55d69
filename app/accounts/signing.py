"""Signing in and out: a password, then the code of the second factor where the account has one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.storage import audit, users
from app.storage.models import User

from . import account, register, second_factor, throttle
from .access import local_path
from .passwords import is_password

_LONGEST_ADDRESS = 254
_LONGEST_CODE = 60
Errors = list[tuple[str, str]]


def sign_in() -> Any:
    """Asks for address and password, and leads on to `next`, or to the second step before it."""
    here = account.signed_in()
    if here is not None:
        return redirect(destination(here.home), 303)
    if request.method in ("GET", "HEAD"):
        return _page([])
    typed, password = request.form.get("email", ""), request.form.get("password", "")
    asked = {"email": _("Enter your e-mail address."), "password": _("Enter your password.")}
    missing = [(name, asked[name]) for name, value in (("email", typed), ("password", password)) if not value.strip()]
    if missing:
        return _page(missing), 422
    user = users.find_by_email(register.canonical(typed))
    known = is_password(password, user.password_hash if user else None)
    if not known or user is None or user.disabled_at is not None:
        throttle.count()
        return _page([("email", _("There is no account with this e-mail address and password."))]), 422
    now = datetime.now(UTC)
    if second_factor.has(user):
        account.wait(user, now)
        return redirect(_onward("accounts.second_step"), 303)
    return _enter(user, now)


def second_step() -> Any:
    """Asks whoever gave the right password for a code."""
    now = datetime.now(UTC)
    user = account.waiting(now)
    if user is None:
        return redirect(_onward("accounts.sign_in"), 303)
    if request.method in ("GET", "HEAD"):
        return _second_page([])
    typed = request.form.get("code", "")[:_LONGEST_CODE]
    if not typed.strip():
        return _second_page([("code", _("Enter the code."))]), 422
    if not second_factor.is_code(user, typed, now):
        throttle.count()
        audit.record(user.email, "second_factor.failed", now, person=user.email)
        return _second_page([("code", wrong_code())]), 422
    return _enter(user, now)


def sign_out() -> Any:
    """Ends the session."""
    account.end()
    return redirect("/", 303)


def wrong_code() -> str:
    return _("This code is not right, or was used already. Wait for the next one, or use a recovery code.")


def destination(home: str) -> str:
    """Where to go on: the page that was asked for, else the person's first one."""
    return local_path(request.args.get("next")) or home


def typed_account() -> str:
    """Whose account a form is about, for the limits."""
    return "account " + register.canonical(request.form.get("email", "")[:_LONGEST_ADDRESS])


def waiting_account() -> str:
    user = account.waiting(datetime.now(UTC))
    return f"account {user.id}" if user else "no account"


def throttled(message: str) -> str:
    return _page([("email", message)])


def throttled_code(message: str) -> str:
    return _second_page([("code", message)])


def _enter(user: User, now: datetime) -> Any:
    audit.record(user.email, "account.signed_in", now, person=user.email)
    account.begin(user, now)
    return redirect(destination(account.account_of(user).home), 303)


def _onward(step: str) -> str:
    """The address of a step, which knows where to lead afterwards."""
    return url_for(step, next=local_path(request.args.get("next")))


def _page(errors: Errors) -> str:
    typed = request.form.get("email", "")[:_LONGEST_ADDRESS]
    return render_template("accounts/sign_in.html", email=typed, errors=errors, told=dict(errors))


def _second_page(errors: Errors) -> str:
    return render_template("accounts/second_step.html", errors=errors, told=dict(errors))
