"""Who is signed in: what the session holds of an account, and how it is read back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import session
from flask_login import UserMixin, current_user, login_user, logout_user

from app.storage import users
from app.storage.models import User

ORGANIZER, RESEARCHER = "organizer", "researcher"
ROLES = (ORGANIZER, RESEARCHER)
# A session cookie that keeps a language lives for weeks; being signed in must not.
SIGNED_IN_FOR = timedelta(hours=12)
_SINCE = "signed_in_at"
# What a browser has without an account, and keeps when somebody signs in or out.
_KEPT = ("language", "answering", "_permanent")


@dataclass(frozen=True)
class Account(UserMixin):
    """A signed-in person."""

    id: int
    email: str
    role: str
    mark: str

    def get_id(self) -> str:
        """What the session holds: another password, or another account under an old id, is another session."""
        return f"{self.id}.{self.mark}"


def signed_in() -> Account | None:
    """The account of this request, if any."""
    found: Any = current_user
    return cast(Account, found) if found.is_authenticated else None


def account_of(user: User) -> Account:
    mark = hashlib.sha256(f"{user.email} {user.password_hash}".encode()).hexdigest()[:16]
    return Account(user.id, user.email, user.role, mark)


def load(key: str) -> Account | None:
    """The account that a session names; None when it is gone, changed, or was signed in too long ago."""
    number, _, _ = key.partition(".")
    since = datetime.fromtimestamp(session.get(_SINCE, 0), UTC)
    if not number.isdecimal() or datetime.now(UTC) - since > SIGNED_IN_FOR:
        return None
    user = users.find(int(number))
    account = account_of(user) if user else None
    return account if account and account.get_id() == key else None


def begin(account: Account, now: datetime) -> None:
    """Signs in, in a new session: nothing planted in the old one, its form token included, lives on."""
    _renew_session()
    session[_SINCE] = int(now.timestamp())
    login_user(account)


def end() -> None:
    """Signs out."""
    logout_user()
    _renew_session()


def _renew_session() -> None:
    kept = {name: session[name] for name in _KEPT if name in session}
    session.clear()
    session.update(kept)
