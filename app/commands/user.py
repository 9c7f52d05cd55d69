"""`flask user`: accounts and their roles."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from app.accounts import register
from app.accounts.links import Delivery
from app.accounts.roles import ROLES
from app.language import LANGUAGES
from app.storage import users
from app.storage.audit import COMMAND_LINE
from app.storage.models import User
from app.storage.users import EVERYWHERE

from .base import Group, fail, now, settings

user = Group("user", help="Accounts of those who work on surveys, and their roles.")
_role = click.option("--role", type=click.Choice(ROLES), required=True)
_survey = click.option("--survey", "scope", default=EVERYWHERE, help="The key of one survey; without it, all surveys.")
_language = click.option("--language", type=click.Choice(list(LANGUAGES)), help="Of the person's mails.")


def _plainly(command: Callable[..., None]) -> Callable[..., None]:
    """A command that says in a line what cannot be done with an account."""

    @wraps(command)
    def plain(*arguments: Any, **options: Any) -> None:
        try:
            command(*arguments, **options)
        except register.AccountError as error:
            fail(str(error))

    return plain


@user.command("create")
@click.argument("email")
@_role
@_survey
@_language
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@_plainly
def create(email: str, role: str, scope: str, language: str | None, password_stdin: bool) -> None:
    """Makes an account; asks for its password."""
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    register.create_account(email, password, role, now(), scope, language or "")
    click.echo(f"{email}: {_held(role, scope)}; sign in at {settings().base_url}/sign-in")


@user.command("invite")
@click.argument("email")
@_role
@_survey
@_language
@_plainly
def invite(email: str, role: str, scope: str, language: str | None) -> None:
    """Makes an account and mails its owner a link to choose a password; prints the link where it cannot."""
    _say(register.invite(email, role, scope, language or "", now(), COMMAND_LINE))


@user.command("list")
def everybody() -> None:
    """Every account, its state and its roles."""
    secured = users.with_second_factor()
    for one in users.everybody():
        roles = ", ".join(_held(*grant) for grant in sorted(users.grants_of(one.id))) or "no role"
        factor = "second factor" if one.id in secured else "password only"
        click.echo(f"{one.email}  {_state(one)}  {factor}  {roles}")


@user.command("role")
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@_survey
@click.option("--remove", is_flag=True, help="Take the role away.")
@_plainly
def role(email: str, role: str, scope: str, remove: bool) -> None:
    """Gives a role, or takes it away."""
    change = register.take_role if remove else register.give_role
    changed = change(register.find(email), role, scope, now(), COMMAND_LINE)
    said = ("no longer" if changed else "was not") if remove else ("now" if changed else "was already")
    click.echo(f"{email}: {said} {_held(role, scope)}")


@user.command("disable")
@click.argument("email")
@_plainly
def disable(email: str) -> None:
    """Shuts an account: its sessions end, and nobody comes in by it."""
    register.disable(register.find(email), now(), COMMAND_LINE)
    click.echo(f"{email}: disabled")


@user.command("enable")
@click.argument("email")
@_plainly
def enable(email: str) -> None:
    """Opens a disabled account again."""
    users.enable(register.find(email), now(), COMMAND_LINE)
    click.echo(f"{email}: enabled")


@user.command("reset")
@click.argument("email")
@click.option("--second-factor", is_flag=True, help="Remove the second factor instead: telephone and codes are lost.")
@_plainly
def reset(email: str, second_factor: bool) -> None:
    """Mails a link to choose another password; prints the link where it cannot."""
    found = register.find(email)
    if not second_factor:
        _say(register.send_link(found, now(), COMMAND_LINE))
        return
    removed = users.forget_second_factor(found, now(), COMMAND_LINE)
    click.echo(f"{email}: {'second factor removed' if removed else 'had no second factor'}")


@user.command("sign-out")
@click.argument("email")
@_plainly
def sign_out(email: str) -> None:
    """Ends every session of an account."""
    users.end_sessions(register.find(email), now(), COMMAND_LINE)
    click.echo(f"{email}: signed out everywhere")


def _say(delivery: Delivery) -> None:
    if not delivery.trouble:
        click.echo(f"{delivery.email}: a link is on its way")
        return
    click.echo(f"{delivery.email}: not mailed ({delivery.trouble}); hand over this link, which works once:")
    click.echo(delivery.link)


def _held(role: str, scope: str) -> str:
    return f"{role} of {'all surveys' if scope == EVERYWHERE else scope}"


def _state(one: User) -> str:
    if one.disabled_at is not None:
        return "disabled"
    return "active" if one.password_hash else "invited"
