"""Who is signed in: what the session holds of an account, and how it is read back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import session
from flask_login import UserMixin, current_user, login_user, logout_user

from app import language
from app.storage import users
from app.storage.models import User

from .roles import RESEARCHER, Grants

# A session cookie that keeps a language lives for weeks; being signed in must not.
SIGNED_IN_FOR = timedelta(hours=12)
WAITS_FOR = timedelta(minutes=10)
_SINCE, _CONFIRMED, _WAITING = "signed_in_at", "confirmed_at", "waits_for_code"
# What a browser has without an account, and keeps when somebody signs in or out.
_KEPT = ("language", "answering", "_permanent")


@dataclass(frozen=True)
class Account(UserMixin):
    """A signed-in person. mark: changes with all that must end a session."""

    id: int
    email: str
    language: str
    grants: Grants
    mark: str

    def get_id(self) -> str:
        """What the session holds: another password, or another account under an old id, is another session."""
        return f"{self.id}.{self.mark}"

    @property
    def home(self) -> str:
        """The page to begin with."""
        roles = {role for role, _ in self.grants.held}
        if not roles:
            return "/account"
        return "/research" if roles == {RESEARCHER} else "/organize"


def signed_in() -> Account | None:
    """The account of this request, if any."""
    found: Any = current_user
    return cast(Account, found) if found.is_authenticated else None


def account_of(user: User) -> Account:
    marked = f"{user.email} {user.password_hash} {user.epoch} {user.disabled_at}"
    mark = hashlib.sha256(marked.encode()).hexdigest()[:16]
    return Account(user.id, user.email, user.language, Grants(users.grants_of(user.id)), mark)


def load(key: str) -> Account | None:
    """The account that a session names; None when it is gone, changed, or was signed in too long ago."""
    if datetime.now(UTC) - _time(_SINCE) > SIGNED_IN_FOR:
        return None
    user = _user_of(key)
    return account_of(user) if user else None


def confirmed_at() -> datetime:
    """When the person at this browser last showed the password."""
    return _time(_CONFIRMED)


def begin(user: User, now: datetime) -> None:
    """Signs in, in a new session: nothing planted in the old one, its form token included, lives on."""
    _renew_session()
    session[_SINCE] = session[_CONFIRMED] = int(now.timestamp())
    if user.language and "language" not in session:
        language.choose(user.language)
    login_user(account_of(user))


def confirm(now: datetime) -> None:
    """Takes note that the signed-in person has shown the password again."""
    session[_CONFIRMED] = int(now.timestamp())


def end() -> None:
    """Signs out."""
    logout_user()
    _renew_session()


def wait(user: User, now: datetime) -> None:
    """The password was right; the code of the second factor is to come, in the same browser."""
    _renew_session()
    session[_WAITING] = [account_of(user).get_id(), int(now.timestamp())]


def waiting(now: datetime) -> User | None:
    """Whose code is to come, if anybody's. A code that comes late, or after another password, opens nothing."""
    key, since = session.get(_WAITING, ("", 0))
    return _user_of(key) if now - datetime.fromtimestamp(since, UTC) < WAITS_FOR else None


def _user_of(key: str) -> User | None:
    """The account of a session, if it is as it was when that began."""
    number, _, _ = key.partition(".")
    user = users.find(int(number)) if number.isdecimal() and number.isascii() else None
    return user if user and user.disabled_at is None and account_of(user).get_id() == key else None


def _time(name: str) -> datetime:
    return datetime.fromtimestamp(session.get(name, 0), UTC)


def _renew_session() -> None:
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)
