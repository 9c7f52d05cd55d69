"""Accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from .base import insert, reading, rows_changed, writing
from .models import User


def any_account() -> bool:
    """Whether anybody has an account yet."""
    return reading().execute(select(User.id).limit(1)).scalar() is not None


def find(account_id: int) -> User | None:
    """The account with an id."""
    return reading().execute(select(User).where(User.id == account_id)).scalar()


def find_by_email(email: str) -> User | None:
    """The account with an e-mail address, which is stored in lower case."""
    if "\x00" in email:  # which PostgreSQL does not take, even to compare
        return None
    return reading().execute(select(User).where(User.email == email)).scalar()


def add(email: str, password_hash: str, role: str, now: datetime) -> bool:
    """Adds an account; False when the address has one already."""
    with writing() as session:
        made = insert(User).values(email=email, password_hash=password_hash, role=role, created_at=now)
        return bool(rows_changed(session, made.on_conflict_do_nothing(index_elements=["email"])))
