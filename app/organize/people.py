"""The people who work on surveys: who they are, their roles, and what an administrator does for them.

Whoever administers all surveys sees everybody. Whoever administers some sees who has a role on those, and gives and
takes such roles only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts import links, register
from app.accounts.access import current
from app.accounts.roles import ROLES, TO_ADMINISTER, VIEWER
from app.language import LANGUAGES
from app.storage import audit, surveys, users
from app.storage.models import User
from app.storage.users import EVERYWHERE, Grant

from .words import of_field


@dataclass(frozen=True)
class Person:
    """Somebody in the list. state: active, invited or disabled; grants: those that the reader administers."""

    user: User
    state: str
    grants: list[Grant]
    has_second_factor: bool
    signed_in_at: datetime | None


def people() -> str:
    """Everybody with a role that the reader administers; for whoever administers all, everybody."""
    secured, seen = users.with_second_factor(), audit.last_of("account.signed_in")
    listed = [_person(user, secured, seen) for user in users.everybody()]
    return render_template(
        "organize/people.html",
        people=[person for person in listed if person.grants or _administers_all()],
        administers_all=_administers_all(),
    )


def invite() -> Any:
    """Makes an account without a password, and mails a link; or gives the role to an account that there is."""
    if request.method in ("GET", "HEAD"):
        return _invite_page([])
    email, language = request.form.get("email", ""), request.form.get("language", "")
    role, scope = _grant_typed()
    try:
        known = users.find_by_email(register.canonical(email))
        if known is not None:
            return _give(known)
        delivery = register.invite(email, role, scope, language, _now(), current().email)
    except register.AccountError as error:
        return _invite_page([("email", _(error.message, **error.params))]), 422
    return _handed_over(delivery)


def person(account_id: int) -> Any:
    """One person: roles, and what is done for somebody who left, forgot or lost something."""
    user = users.find(account_id) or abort(404)
    if not (_administers_all() or _mine(users.grants_of(user.id))):
        abort(403)
    if request.method in ("GET", "HEAD"):
        return _person_page(user, [])
    act = _ACTS.get(request.form.get("act", "")) or abort(400)
    try:
        return act(user)
    except register.AccountError as error:
        return _person_page(users.find(account_id) or abort(404), [("acts", _(error.message, **error.params))]), 422


def _give(user: User) -> Any:
    role, scope = _grant_typed()
    register.give_role(user, role, scope, _now(), current().email)
    return _done(user, _("The role is given."))


def _take(user: User) -> Any:
    role, _colon, scope = request.form.get("grant", "").partition(":")
    _demand_scope(scope)
    register.take_role(user, role, scope, _now(), current().email)
    return _done(user, _("The role is taken away."))


def _disable(user: User) -> Any:
    if not register.same_address(request.form.get("confirm", ""), user.email):
        return _person_page(user, [("confirm", _("This is not the address of the account."))]), 422
    register.disable(user, _now(), current().email)
    return _done(user, _("The account is disabled, and its sessions have ended."))


def _enable(user: User) -> Any:
    users.enable(user, _now(), current().email)
    return _done(user, _("The account can be used again."))


def _send_link(user: User) -> Any:
    return _handed_over(register.send_link(user, _now(), current().email))


def _forget_second_factor(user: User) -> Any:
    users.forget_second_factor(user, _now(), current().email)
    return _done(user, _("The second factor is removed. The password alone opens the account now."))


def _sign_out(user: User) -> Any:
    users.end_sessions(user, _now(), current().email)
    return _done(user, _("The person is signed out everywhere."))


def _for_all(act: Callable[[User], Any]) -> Callable[[User], Any]:
    """What touches the whole account, whatever surveys it works on, is for those who administer all."""

    def guarded(user: User) -> Any:
        return act(user) if _administers_all() else abort(403)

    return guarded


_ACTS: dict[str, Callable[[User], Any]] = {
    "give": _give,
    "take": _take,
    "disable": _for_all(_disable),
    "enable": _for_all(_enable),
    "link": _for_all(_send_link),
    "forget-second-factor": _for_all(_forget_second_factor),
    "sign-out": _for_all(_sign_out),
}


def _administers_all() -> bool:
    return current().grants.everywhere(TO_ADMINISTER)


def _mine(grants: Iterable[Grant]) -> list[Grant]:
    """Those of the roles that the reader administers."""
    scopes = current().grants.scopes(TO_ADMINISTER)
    return sorted(grant for grant in grants if _administers_all() or grant[1] in scopes)


def _demand_scope(scope: str) -> None:
    if not (_administers_all() or scope in current().grants.scopes(TO_ADMINISTER)):
        abort(403)


def _grant_typed() -> Grant:
    """Role and scope of a form. One that the reader may not give ends the request."""
    role, scope = request.form.get("role", ""), request.form.get("scope", "")
    _demand_scope(scope)
    return role, scope


def _scopes() -> list[tuple[str, str]]:
    """What a role can be given on: (scope, its name)."""
    if not _administers_all():
        return [(scope, scope) for scope in sorted(current().grants.scopes(TO_ADMINISTER))]
    return [(EVERYWHERE, _("all surveys")), *((key, key) for key in surveys.survey_keys())]


def _person(user: User, secured: set[int], seen: dict[str, datetime]) -> Person:
    state = "disabled" if user.disabled_at else "active" if user.password_hash else "invited"
    return Person(user, state, _mine(users.grants_of(user.id)), user.id in secured, seen.get(user.email))


def _invite_page(errors: list[tuple[str, str]]) -> str:
    values = {"email": "", "role": VIEWER, "scope": "", "language": "", **request.form}
    return render_template(
        "organize/invite.html",
        errors=errors,
        told=dict(errors),
        values=values,
        roles=ROLES,
        scopes=_scopes(),
        languages=LANGUAGES,
    )


def _person_page(user: User, errors: list[tuple[str, str]]) -> str:
    found = _person(user, users.with_second_factor(), audit.last_of("account.signed_in"))
    return render_template(
        "organize/person.html",
        person=found,
        administers_all=_administers_all(),
        errors=errors,
        roles=ROLES,
        scopes=_scopes(),
        myself=user.id == current().id,
    )


def _handed_over(delivery: links.Delivery) -> Any:
    """Says that the mail went, or shows the link to be handed over, now and never again."""
    if delivery.trouble:
        return render_template("organize/link.html", delivery=delivery)
    flash(_("A link is on its way to %(email)s.", email=delivery.email))
    return redirect(url_for("organize.people"), 303)


def _done(user: User, message: str) -> Any:
    flash(of_field(user.email, message))
    seen = _administers_all() or _mine(users.grants_of(user.id))
    return redirect(url_for("organize.person", account_id=user.id) if seen else url_for("organize.people"), 303)


def _now() -> datetime:
    return datetime.now(UTC)
