"""Mails that came back: a mail server's report (RFC 3464) that a letter could not be delivered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.policy import default

from app.questionnaire.problems import FileError, Problem

_FAILED = "failed"
_STOP = re.compile(r"/no-mail/([0-9A-Z-]{1,100})>")
_LONGEST = 300


@dataclass(frozen=True)
class Returned:
    """token: of the link in the letter that came back. reason: the mail server's words, in one line."""

    token: str
    reason: str


def read_returned(content: bytes) -> Returned:
    """What a report says. Raises FileError: it is none, tells of no failure, or does not hold the letter's head."""
    try:
        actions, reason, token = _said(content)
    except (MessageError, RecursionError, LookupError, ValueError) as error:
        raise _problem("This mail cannot be read.") from error
    if not actions:
        raise _problem("This is not a mail server's report that a mail was not delivered (RFC 3464).")
    if _FAILED not in actions:
        raise _problem("The report says that the mail is late or was delivered, not that it failed.")
    if token is None:
        raise _problem("The report does not hold the head of the letter that came back, or it is not of this site.")
    return Returned(token, reason)


def _said(content: bytes) -> tuple[list[str], str, str | None]:
    """What happened with each recipient, why it failed with the first with whom it did, and the letter's token."""
    parts = list(message_from_bytes(content, policy=default).walk())
    status = [(str(fields["Action"]).strip().lower(), fields) for part in parts for fields in _recipients(part)]
    reason = next((_reason(fields) for action, fields in status if action == _FAILED), "")
    return [action for action, _ in status], reason, next((token for part in parts for token in _tokens(part)), None)


def _problem(message: str) -> FileError:
    return FileError([Problem(1, "", message)])


def _recipients(part: Message) -> Iterator[Message]:
    """What a report says of each recipient."""
    said = part.get_payload() if part.get_content_type() == "message/delivery-status" else None
    if isinstance(said, list):
        yield from (fields for fields in said if isinstance(fields, Message) and "Action" in fields)


def _tokens(part: Message) -> Iterator[str]:
    """In the head of the letter itself, or of the part of the report that holds nothing else of it."""
    heads: list[Message] = [part]
    if part.get_content_type() == "text/rfc822-headers" and isinstance(part, EmailMessage):
        heads.append(message_from_bytes(part.get_content().encode(errors="replace"), policy=default))
    for head in heads:
        for value in head.get_all("List-Unsubscribe", []):
            yield from _STOP.findall("".join(str(value).split()))


def _reason(fields: Message) -> str:
    said = " ".join(str(fields[name] or "").strip() for name in ("Status", "Diagnostic-Code"))
    return " ".join(said.split())[:_LONGEST] or _FAILED
