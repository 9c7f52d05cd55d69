"""Links by which people set a password, each once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from . import audit
from .base import reading, rows_changed, writing
from .models import AccountLink, User


def add(account_id: int, purpose: str, token_hash: str, expires_at: datetime, now: datetime, by: str) -> None:
    """Adds a link in place of those that the account had."""
    with writing() as session:
        email = session.execute(select(User.email).where(User.id == account_id)).scalar_one()
        audit.append(session, by, f"link.{purpose}", now, person=email)
        session.execute(delete(AccountLink).where(AccountLink.account_id == account_id))
        session.add(AccountLink(token_hash=token_hash, account_id=account_id, purpose=purpose, expires_at=expires_at))


def find(token_hash: str, now: datetime) -> tuple[User, str] | None:
    """The account and the purpose of a link that can be used."""
    query = (
        select(User, AccountLink.purpose)
        .join(AccountLink, AccountLink.account_id == User.id)
        .where(AccountLink.token_hash == token_hash, AccountLink.expires_at > now, User.disabled_at.is_(None))
    )
    row = reading().execute(query).first()
    return (row[0], row[1]) if row else None


def use(token_hash: str, password_hash: str, now: datetime) -> bool:
    """Sets the password and voids the link, both or neither; False when another was faster, or it is too late."""
    found = find(token_hash, now)
    if found is None:
        return False
    account_id, email = found[0].id, found[0].email
    with writing() as session:
        audit.append(session, email, "password.changed", now, person=email)
        live = (AccountLink.token_hash == token_hash, AccountLink.expires_at > now)
        if not rows_changed(session, delete(AccountLink).where(*live)):
            session.rollback()
            return False
        session.execute(update(User).where(User.id == account_id).values(password_hash=password_hash))
        return True
