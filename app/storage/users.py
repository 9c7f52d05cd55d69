"""Accounts and their roles. Every change is written into the audit log in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, delete, func, select, update

from . import audit
from .base import insert, reading, rows_changed, writing
from .models import AccountLink, RecoveryCode, RoleGrant, SecondFactor, User

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

EVERYWHERE = "*"
"""The scope of a role on all surveys; any other scope is the key of one."""
_ADMINISTRATOR = "administrator"

Grant = tuple[str, str]
"""A role and its scope."""


class LastAdministratorError(ValueError):
    """Without this account or role nobody could administer the whole site any more."""


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


def everybody() -> list[User]:
    """All accounts, by address."""
    return list(reading().execute(select(User).order_by(User.email)).scalars())


def grants_of(account_id: int) -> frozenset[Grant]:
    """The roles of an account."""
    query = select(RoleGrant.role, RoleGrant.scope).where(RoleGrant.account_id == account_id)
    return frozenset((row.role, row.scope) for row in reading().execute(query))


def with_second_factor() -> set[int]:
    """The accounts that ask for a one-time code."""
    query = select(SecondFactor.account_id).where(SecondFactor.confirmed_at.is_not(None))
    return set(reading().execute(query).scalars())


def add(email: str, password_hash: str | None, grants: Iterable[Grant], language: str, now: datetime, by: str) -> bool:
    """Adds an account, without a password one that is invited; False when the address has one already."""
    with writing() as session:
        known = session.execute(select(User.id).where(User.email == email)).scalar()
        if known is not None:
            return False
        audit.append(session, by, "account.made" if password_hash else "account.invited", now, person=email)
        made = insert(User).values(
            email=email, password_hash=password_hash, language=language, epoch=0, created_at=now, disabled_at=None
        )
        if not rows_changed(session, made.on_conflict_do_nothing(index_elements=["email"])):
            session.rollback()
            return False
        account_id = session.execute(select(User.id).where(User.email == email)).scalar_one()
        for role, scope in grants:
            _give(session, account_id, email, role, scope, now, by)
        return True


def give(user: User, role: str, scope: str, now: datetime, by: str) -> bool:
    """Gives a role; False when the account has it already."""
    if (role, scope) in grants_of(user.id):
        return False
    with writing() as session:
        return _give(session, user.id, user.email, role, scope, now, by)


def take(user: User, role: str, scope: str, now: datetime, by: str) -> bool:
    """Takes a role away; False when the account does not have it. Raises LastAdministratorError."""
    if (role, scope) not in grants_of(user.id):
        return False
    with writing() as session:
        audit.append(session, by, "role.taken", now, person=user.email, role=role, survey=_survey(scope))
        held = (RoleGrant.account_id == user.id, RoleGrant.role == role, RoleGrant.scope == scope)
        if not rows_changed(session, delete(RoleGrant).where(*held)):
            session.rollback()
            return False
        _refuse_without_administrator(session, role == _ADMINISTRATOR and scope == EVERYWHERE)
        return True


def disable(user: User, now: datetime, by: str) -> None:
    """Shuts an account: no way in, no session, no link. Raises LastAdministratorError."""
    with writing() as session:
        audit.append(session, by, "account.disabled", now, person=user.email)
        was = session.execute(select(RoleGrant.role).where(*_administers(user.id))).scalar()
        session.execute(update(User).where(User.id == user.id).values(disabled_at=now, epoch=User.epoch + 1))
        session.execute(delete(AccountLink).where(AccountLink.account_id == user.id))
        _refuse_without_administrator(session, was is not None)


def enable(user: User, now: datetime, by: str) -> None:
    """Opens a disabled account again."""
    _change(user, "account.enabled", now, by, disabled_at=None)


def set_password(user: User, password_hash: str, now: datetime, by: str) -> None:
    """Another password: sessions end, and links to set one are void."""
    with writing() as session:
        audit.append(session, by, "password.changed", now, person=user.email)
        session.execute(update(User).where(User.id == user.id).values(password_hash=password_hash))
        session.execute(delete(AccountLink).where(AccountLink.account_id == user.id))


def set_language(user: User, language: str, now: datetime, by: str) -> None:
    """The language of the person's mails."""
    _change(user, "account.language", now, by, language=language)


def end_sessions(user: User, now: datetime, by: str) -> None:
    """Signs a person out in every browser."""
    _change(user, "account.signed_out", now, by, epoch=User.epoch + 1)


def forget_second_factor(user: User, now: datetime, by: str) -> bool:
    """Lets somebody who lost telephone and recovery codes in by password alone; False when there was none."""
    if user.id not in with_second_factor():
        return False
    with writing() as session:
        audit.append(session, by, "second_factor.removed", now, person=user.email)
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == user.id))
        session.execute(delete(SecondFactor).where(SecondFactor.account_id == user.id))
        session.execute(update(User).where(User.id == user.id).values(epoch=User.epoch + 1))
        return True


def _change(user: User, action: str, now: datetime, by: str, **values: object) -> None:
    with writing() as session:
        audit.append(session, by, action, now, person=user.email)
        session.execute(update(User).where(User.id == user.id).values(**values))


def _give(session: Session, account_id: int, email: str, role: str, scope: str, now: datetime, by: str) -> bool:
    audit.append(session, by, "role.given", now, person=email, role=role, survey=_survey(scope))
    made = insert(RoleGrant).values(account_id=account_id, role=role, scope=scope, granted_at=now)
    return bool(rows_changed(session, made.on_conflict_do_nothing()))


def _survey(scope: str) -> str:
    return "" if scope == EVERYWHERE else scope


def _administers(account_id: int) -> tuple[ColumnElement[bool], ...]:
    return (RoleGrant.account_id == account_id, RoleGrant.role == _ADMINISTRATOR, RoleGrant.scope == EVERYWHERE)


def _refuse_without_administrator(session: Session, one_less: bool) -> None:
    """Counts after the change. Two administrators who remove each other at once do so in turn, for the audit log
    takes one entry at a time; the second is refused."""
    if not one_less:
        return
    left = (
        select(func.count())
        .select_from(RoleGrant)
        .join(User, User.id == RoleGrant.account_id)
        .where(RoleGrant.role == _ADMINISTRATOR, RoleGrant.scope == EVERYWHERE)
        .where(User.disabled_at.is_(None), User.password_hash.is_not(None))
    )
    if not session.execute(left).scalar_one():
        raise LastAdministratorError
