"""Making accounts."""

from __future__ import annotations

from datetime import datetime

from email_validator import EmailNotValidError, validate_email

from app.storage import users

from .account import ROLES
from .passwords import hash_password

SHORTEST_PASSWORD = 12


class AccountError(ValueError):
    """An account that cannot be made. `message` is a template in English for `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message % params)
        self.message = message
        self.params = params


def create_account(email: str, password: str, role: str, now: datetime) -> None:
    """Makes an account. Raises AccountError."""
    address = _address(email)
    if role not in ROLES:
        raise AccountError("There is no role “%(role)s”. Roles: %(known)s.", role=role, known=", ".join(ROLES))
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError("The password needs at least %(shortest)s characters.", shortest=SHORTEST_PASSWORD)
    if same_address(password, address):
        raise AccountError("The password must not be the e-mail address.")
    if not users.add(address, hash_password(password), role, now):
        raise AccountError("“%(email)s” has an account already.", email=address)


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
    try:
        return validate_email(email.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as error:
        raise AccountError(
            "“%(email)s” cannot be used as an e-mail address: %(reason)s", email=email, reason=error
        ) from None
