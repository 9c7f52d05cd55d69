"""Passwords, kept as argon2 hashes only."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    """What is stored of a password: salt, costs and hash in one text."""
    return _hasher.hash(password)


def is_password(password: str, stored: str | None) -> bool:
    """Whether this is the password. With None (there is no such account) it takes as long, and is False."""
    nobody = _hash_of_nobody()
    try:
        return _hasher.verify(stored or nobody, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _hash_of_nobody() -> str:
    """A hash of what nobody knows, made with the present costs."""
    return hash_password(secrets.token_urlsafe())
