"""The second factor of an account: the secret of its one-time codes, and the codes that stand in for them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select, update

from . import audit
from .base import reading, rows_changed, writing
from .models import RecoveryCode, SecondFactor, User


def find(account_id: int) -> SecondFactor | None:
    """The second factor of an account, confirmed or not."""
    return reading().execute(select(SecondFactor).where(SecondFactor.account_id == account_id)).scalar()


def codes_left(account_id: int) -> int:
    """How many recovery codes were not used yet."""
    query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return reading().execute(query).scalar_one()


def offer(account_id: int, secret: str) -> None:
    """Keeps a secret until the person shows a code made of it; in place of one that was offered before."""
    with writing() as session:
        offered = (SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_(None))
        session.execute(delete(SecondFactor).where(*offered))
        if session.get(SecondFactor, account_id) is None:
            session.add(SecondFactor(account_id=account_id, secret=secret, confirmed_at=None, last_step=0))


def confirm(user: User, step: int, code_hashes: Iterable[str], now: datetime) -> bool:
    """Makes the offered secret the second factor, and ends all sessions; False when there is no offer any more."""
    with writing() as session:
        audit.append(session, user.email, "second_factor.added", now, person=user.email)
        offered = (SecondFactor.account_id == user.id, SecondFactor.confirmed_at.is_(None))
        confirmed = update(SecondFactor).where(*offered).values(confirmed_at=now, last_step=step)
        if not rows_changed(session, confirmed):
            session.rollback()
            return False
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == user.id))
        session.add_all(RecoveryCode(account_id=user.id, code_hash=code_hash) for code_hash in code_hashes)
        session.execute(update(User).where(User.id == user.id).values(epoch=User.epoch + 1))
        return True


def renew_codes(user: User, code_hashes: Iterable[str], now: datetime) -> None:
    """Other recovery codes: those before are void."""
    with writing() as session:
        audit.append(session, user.email, "second_factor.codes", now, person=user.email)
        session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == user.id))
        session.add_all(RecoveryCode(account_id=user.id, code_hash=code_hash) for code_hash in code_hashes)


def use_step(account_id: int, step: int) -> bool:
    """Takes note that the code of a step was used; False when it, or a later one, was used before."""
    with writing() as session:
        unused = (SecondFactor.account_id == account_id, SecondFactor.last_step < step)
        return bool(rows_changed(session, update(SecondFactor).where(*unused).values(last_step=step)))


def use_recovery_code(user: User, code_hash: str, now: datetime) -> bool:
    """Uses up a recovery code; False when there is none such."""
    with writing() as session:
        held = (RecoveryCode.account_id == user.id, RecoveryCode.code_hash == code_hash)
        if not rows_changed(session, delete(RecoveryCode).where(*held)):
            return False
        audit.append(session, user.email, "second_factor.recovered", now, person=user.email)
        return True
