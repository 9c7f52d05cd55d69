"""Making accounts, and giving and taking roles: the rules, for pages and commands alike."""

from __future__ import annotations

import re
from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from app.language import LANGUAGES
from app.storage import users
from app.storage.audit import COMMAND_LINE
from app.storage.models import User
from app.storage.users import EVERYWHERE, LastAdministratorError

from . import links
from .passwords import hash_password
from .roles import ROLES

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1_000
_SURVEY = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class AccountError(ValueError):
    """What cannot be done with an account. `message` is a template in English for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


def create_account(
    email: str,
    password: str,
    role: str,
    now: datetime,
    scope: str = EVERYWHERE,
    language: str = "",
    by: str = COMMAND_LINE,
) -> None:
    """Makes an account with one role. Raises AccountError."""
    address = _address(email)
    check_grant(role, scope)
    check_password(password, address)
    if not users.add(address, hash_password(password), [(role, scope)], _language(language), now, by):
        raise AccountError("“%(email)s” has an account already.", email=address)


def invite(email: str, role: str, scope: str, language: str, now: datetime, by: str) -> links.Delivery:
    """Makes an account without a password, and sends its owner a link to choose one. Raises AccountError."""
    address = _address(email)
    check_grant(role, scope)
    if not users.add(address, None, [(role, scope)], _language(language), now, by):
        raise AccountError("“%(email)s” has an account already.", email=address)
    return links.send(find(address), links.INVITATION, now, by)


def send_link(user: User, now: datetime, by: str) -> links.Delivery:
    """Sends the link that an account needs: to come for the first time, or to choose another password."""
    if user.disabled_at is not None:
        raise AccountError("The account is disabled.")
    return links.send(user, links.RESET if user.password_hash else links.INVITATION, now, by)


def find(email: str) -> User:
    """The account with an address. Raises AccountError."""
    user = users.find_by_email(canonical(email))
    if user is None:
        raise AccountError("“%(email)s” has no account.", email=email)
    return user


def give_role(user: User, role: str, scope: str, now: datetime, by: str) -> bool:
    """False when the account has the role already. Raises AccountError."""
    check_grant(role, scope)
    return users.give(user, role, scope, now, by)


def take_role(user: User, role: str, scope: str, now: datetime, by: str) -> bool:
    """False when the account does not have the role. Raises AccountError."""
    try:
        return users.take(user, role, scope, now, by)
    except LastAdministratorError:
        raise _last_administrator() from None


def disable(user: User, now: datetime, by: str) -> None:
    """Raises AccountError."""
    try:
        users.disable(user, now, by)
    except LastAdministratorError:
        raise _last_administrator() from None


def check_grant(role: str, scope: str) -> None:
    """Raises AccountError."""
    if role not in ROLES:
        raise AccountError("There is no role “%(role)s”. Roles: %(known)s.", role=role, known=", ".join(ROLES))
    if scope != EVERYWHERE and not _SURVEY.fullmatch(scope):
        raise AccountError("“%(survey)s” cannot be the key of a survey.", survey=scope)


def check_password(password: str, address: str) -> None:
    """Raises AccountError."""
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError("The password needs at least %(shortest)s characters.", shortest=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise AccountError("The password may have %(longest)s characters at most.", longest=LONGEST_PASSWORD)
    if same_address(password, address):
        raise AccountError("The password must not be the e-mail address.")


def same_address(typed: str, address: str) -> bool:
    return canonical(typed) == address


def canonical(typed: str) -> str:
    """An e-mail address as it is stored, or what was typed, trimmed and in lower case, if it is none."""
    trimmed = typed.strip()
    try:
        return validate_email(trimmed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return trimmed.lower()


def _address(email: str) -> str:
    if not email.strip():
        raise AccountError("Enter an e-mail address, as in name@example.org.")
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise AccountError(
            "“%(email)s” cannot be used as an e-mail address. Write it as in name@example.org.", email=email
        ) from None


def _language(language: str) -> str:
    if language and language not in LANGUAGES:
        raise AccountError("“%(language)s” is not a language of this site.", language=language)
    return language


def _last_administrator() -> AccountError:
    return AccountError("Nobody would be left to administer this site. Make somebody else an administrator first.")
