"""What people see and change of their own account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import language
from app.storage import audit, second_factors, users
from app.storage.models import User

from . import account, register, second_factor, signing, throttle
from .access import current
from .passwords import hash_password, is_password

SIGN_INS_SHOWN = 5
_LONGEST_CODE = 60
Errors = list[tuple[str, str]]


def own() -> str:
    """The account at a glance."""
    here, user = current(), _user()
    mine = audit.Filter(person=here.email, action="account.signed_in")
    return render_template(
        "accounts/own.html",
        account=here,
        roles=sorted(here.grants.held),
        has_second_factor=second_factor.has(user),
        codes_left=second_factors.codes_left(here.id),
        languages=language.LANGUAGES,
        sign_ins=audit.entries(mine, limit=SIGN_INS_SHOWN),
        hours=int(account.SIGNED_IN_FOR.total_seconds() // 3600),
    )


def choose_language() -> Any:
    """The language of pages from now on, and of mails."""
    wanted = request.form.get("language", "")
    if wanted not in language.LANGUAGES:
        abort(400)
    users.set_language(_user(), wanted, datetime.now(UTC), current().email)
    language.choose(wanted)
    return _done(_("Pages and mails are in this language from now on."))


def password() -> Any:
    """Another password. Every other session ends."""
    if request.method in ("GET", "HEAD"):
        return _password_page([])
    here, typed = current(), request.form.get("password", "")
    errors = password_errors(typed, request.form.get("again", ""), here.email)
    if errors:
        return _password_page(errors), 422
    now = datetime.now(UTC)
    users.set_password(_user(), hash_password(typed), now, here.email)
    account.begin(_user(), now)
    return _done(_("Your password is changed. You are signed out everywhere else."))


def password_errors(typed: str, again: str, email: str) -> Errors:
    """Why this will not do as a password, by field."""
    try:
        register.check_password(typed, email)
    except register.AccountError as error:
        return [("password", _(error.message, **error.params))]
    return [] if typed == again else [("again", _("The two passwords differ. Please type the same one twice."))]


def second_factor_page() -> Any:
    """Sets up the second factor: shows the secret until a code proves that it has arrived, then recovery codes."""
    user, now = _user(), datetime.now(UTC)
    if second_factor.has(user):
        return redirect(url_for("accounts.own"), 303)
    if request.method in ("GET", "HEAD"):
        return _set_up_page(user, [])
    codes = second_factor.confirm(user, request.form.get("code", "")[:_LONGEST_CODE], now)
    if codes is None:
        wrong = _("This code is not one of this key. Check that your telephone's clock is right, and type a new code.")
        return _set_up_page(user, [("code", wrong)]), 422
    account.begin(_user(), now)
    return render_template("accounts/recovery_codes.html", codes=codes, new=True)


def recovery_codes() -> Any:
    """Other recovery codes in place of those there were."""
    user = _user()
    if not second_factor.has(user):
        return redirect(url_for("accounts.own"), 303)
    if request.method in ("GET", "HEAD"):
        return render_template("accounts/renew_codes.html", left=second_factors.codes_left(user.id))
    codes = second_factor.renew_codes(user, datetime.now(UTC))
    return render_template("accounts/recovery_codes.html", codes=codes, new=False)


def remove_second_factor() -> Any:
    """Back to a password alone."""
    user, now = _user(), datetime.now(UTC)
    if not second_factor.has(user):
        return redirect(url_for("accounts.own"), 303)
    if request.method in ("GET", "HEAD"):
        return render_template("accounts/remove_second_factor.html")
    users.forget_second_factor(user, now, user.email)
    account.begin(_user(), now)
    return _done(_("The second factor is removed. You are signed out everywhere else."))


def end_sessions() -> Any:
    """Signs out in every browser, this one included."""
    users.end_sessions(_user(), datetime.now(UTC), current().email)
    account.end()
    flash(_("You are signed out everywhere."))
    return redirect(url_for("accounts.sign_in"), 303)


def confirm() -> Any:
    """Asks for the password again, and for a code where the account has a second factor, before what matters much."""
    user, now = _user(), datetime.now(UTC)
    if request.method in ("GET", "HEAD"):
        return confirm_page([])
    if not is_password(request.form.get("password", ""), user.password_hash):
        throttle.count()
        return confirm_page([("password", _("This is not your password."))]), 422
    if second_factor.has(user) and not second_factor.is_code(user, request.form.get("code", "")[:_LONGEST_CODE], now):
        throttle.count()
        return confirm_page([("code", signing.wrong_code())]), 422
    account.confirm(now)
    return redirect(signing.destination(url_for("accounts.own")), 303)


def confirm_page(errors: Errors) -> str:
    has_second_factor = second_factor.has(_user())
    return render_template(
        "accounts/confirm.html", errors=errors, told=dict(errors), has_second_factor=has_second_factor
    )


def throttled(message: str) -> str:
    return confirm_page([("password", message)])


def whose() -> str:
    return f"account {current().id}"


def _user() -> User:
    """The account's row as it is now."""
    return users.find(current().id) or abort(403)


def _done(message: str) -> Any:
    flash(message)
    return redirect(url_for("accounts.own"), 303)


def _password_page(errors: Errors) -> str:
    return render_template(
        "accounts/password.html", errors=errors, told=dict(errors), shortest=register.SHORTEST_PASSWORD
    )


def _set_up_page(user: User, errors: Errors) -> str:
    secret = second_factor.offered_secret(user)
    return render_template(
        "accounts/second_factor.html",
        errors=errors,
        told=dict(errors),
        picture=second_factor.picture(secret, user.email),
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
    )
