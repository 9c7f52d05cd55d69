"""The second factor: one-time codes of an authenticator (RFC 6238), and recovery codes for when that is lost."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime
from hmac import compare_digest

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app
from markupsafe import Markup

from app.storage import second_factors
from app.storage.models import SecondFactor, User

ISSUER = "Alliance Barometer"
STEP_SECONDS = 30
# A telephone's clock may be a step off.
_DRIFT = (0, -1, 1)
RECOVERY_CODES = 10


def has(user: User) -> bool:
    """Whether signing in asks for a code."""
    found = second_factors.find(user.id)
    return found is not None and found.confirmed_at is not None


def offered_secret(user: User) -> str:
    """The secret to put into an authenticator, the same one until it is confirmed. Raises LookupError afterwards."""
    found = second_factors.find(user.id)
    if found is not None and found.confirmed_at is not None:
        raise LookupError("the second factor is confirmed, and its secret shown no more")
    secret = _unseal(found) if found else ""
    if not secret:
        secret = pyotp.random_base32()
        second_factors.offer(user.id, _box().encrypt(secret.encode()).decode())
    return secret


def picture(secret: str, email: str) -> Markup:
    """What an authenticator's camera reads, as SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)
    drawn = segno.make(address, error="m", micro=False)
    return Markup(drawn.svg_inline(scale=5, border=4, dark="#000", light="#fff", svgclass="qr-code"))  # noqa: S704


def confirm(user: User, typed: str, now: datetime) -> list[str] | None:
    """Makes the offered secret the second factor if the code is one of it. Returns the recovery codes, else None."""
    step = _step_of(offered_secret(user), typed, now)
    codes = _new_codes()
    if step is None or not second_factors.confirm(user, step, [_hash(user.id, code) for code in codes], now):
        return None
    return codes


def is_code(user: User, typed: str, now: datetime) -> bool:
    """Whether this is a code of the account, of its authenticator or for recovery. It is used up by that."""
    found = second_factors.find(user.id)
    if found is None or found.confirmed_at is None:
        return False
    step = _step_of(_unseal(found), typed, now)
    if step is not None:
        return second_factors.use_step(user.id, step)
    return second_factors.use_recovery_code(user, _hash(user.id, typed), now)


def renew_codes(user: User, now: datetime) -> list[str]:
    """Other recovery codes in place of those there were."""
    codes = _new_codes()
    second_factors.renew_codes(user, [_hash(user.id, code) for code in codes], now)
    return codes


def _step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The step of 30 seconds whose code was typed."""
    code = "".join(typed.split())
    if not secret or len(code) != 6 or not (code.isascii() and code.isdecimal()):
        return None
    current = int(now.timestamp()) // STEP_SECONDS
    totp = pyotp.TOTP(secret)
    return next((current + d for d in _DRIFT if compare_digest(totp.generate_otp(current + d), code)), None)


def _new_codes() -> list[str]:
    """Codes of 80 bits, in groups of four."""
    made = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    return ["-".join(code[i : i + 4] for i in range(0, 16, 4)) for code in made]


def _hash(account_id: int, code: str) -> str:
    plain = "".join(filter(str.isalnum, code.lower()))
    return hashlib.sha256(f"{account_id} {plain}".encode("utf-8", "surrogatepass")).hexdigest()


def _box() -> Fernet:
    """Opened by SECRET_KEY only: a copy of the database alone makes no codes."""
    key = HKDF(SHA256(), 32, salt=None, info=b"second factor").derive(str(current_app.secret_key).encode())
    return Fernet(base64.urlsafe_b64encode(key))


def _unseal(found: SecondFactor) -> str:
    """The secret; "" where SECRET_KEY has changed since, and only recovery codes help."""
    try:
        return _box().decrypt(found.secret.encode()).decode()
    except InvalidToken:
        return ""
