"""Links by which people set a password: made, sent in the person's language, and used once."""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app

from app import mail
from app.storage import account_links
from app.storage.models import User
from config import Settings

from .passwords import hash_password

INVITATION, RESET = "invitation", "reset"
INVITED_FOR = timedelta(days=7)
RESET_FOR = timedelta(minutes=60)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Delivery:
    """A link, and why it was not mailed: "" when it was. What was not mailed has to be handed over by other ways."""

    email: str
    link: str
    trouble: str


def send(user: User, purpose: str, now: datetime, by: str) -> Delivery:
    """Makes a link in place of those before it, and mails it if there is a mail server."""
    settings: Settings = current_app.extensions["settings"]
    token = secrets.token_urlsafe(32)
    valid = INVITED_FOR if purpose == INVITATION else RESET_FOR
    account_links.add(user.id, purpose, _hash(token), now + valid, now, by)
    link = f"{settings.base_url}/password/{token}"
    if not mail.is_configured(settings):
        return Delivery(user.email, link, "mail is not set up")
    values = {"site": settings.base_url, "link": link, "days": INVITED_FOR.days, "minutes": RESET_FOR.seconds // 60}
    letter = mail.write(user.email, user.language, f"accounts/letters/{purpose}.txt", **values)
    try:
        with mail.post(settings) as deliver:
            deliver(letter)
    except mail.MailError as error:
        log.error("%s", error)
        return Delivery(user.email, link, str(error))
    return Delivery(user.email, link, "")


def find(token: str, now: datetime) -> tuple[User, str] | None:
    """The account and the purpose of a link that can be used."""
    return account_links.find(_hash(token), now)


def use(token: str, password: str, now: datetime) -> bool:
    """Sets the password; False when the link was used meanwhile, or is too old."""
    return account_links.use(_hash(token), hash_password(password), now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
