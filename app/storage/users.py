"""Accounts."""

from __future__ import annotations

from sqlalchemy import select

from .base import reading
from .models import User


def any_account() -> bool:
    """Whether anybody has an account yet."""
    return reading().execute(select(User.id).limit(1)).scalar() is not None
