"""Mail: letters written from translated templates, and handed to the SMTP server of the settings."""

from __future__ import annotations

import html
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.headerregistry import BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import Policy, default
from email.utils import formatdate, make_msgid
from typing import Any, Literal
from urllib.parse import urlsplit

from flask import render_template

from app.language import speaking
from config import Settings

_PATIENCE_SECONDS = 15


class _Whole(BaseHeader):
    """A header in one line. Python breaks an address that is longer than a line into encoded words, which mail programs
    do not read there: then nobody can ask for no more mails by their button."""

    max_count = 1

    @staticmethod
    def parse(value: str, parts: dict[str, Any]) -> None:
        parts |= {"parse_tree": None, "decoded": value, "defects": []}

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = default.clone(header_factory=_HEADERS)


Outcome = Literal["refused", "later", "stopped", "unknown"]


class MailError(Exception):
    """A letter that the server did not take, or a server that is not there. The message is a line for the log.

    outcome: the letter was refused for good ("refused") or for now ("later"), which concerns its address; nothing was
    sent, which concerns the site ("stopped"); or nobody knows whether the server took it ("unknown").
    """

    def __init__(self, message: str, outcome: Outcome = "unknown") -> None:
        super().__init__(message)
        self.outcome = outcome


@dataclass(frozen=True)
class Letter:
    """A plain-text mail to one person. stop: the address at which to ask for no more of them, if there is one."""

    to: str
    subject: str
    body: str
    language: str
    stop: str = ""


@dataclass(frozen=True)
class Deliver:
    """A connection over which letters are sent one by one."""

    server: smtplib.SMTP
    settings: Settings

    def __call__(self, letter: Letter) -> None:
        """Hands a letter over. Raises MailError."""
        _send(self.server, self.settings, letter)

    def is_alive(self) -> bool:
        """Whether the server still listens: asked before a letter is begun, it costs no letter to learn that not."""
        try:
            return self.server.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False


def is_configured(settings: Settings) -> bool:
    """Whether there is a server to hand letters to."""
    return bool(settings.mail_server)


def write(to: str, language: str, template: str, **values: object) -> Letter:
    """A letter from a template in the person's language: its first line is the subject, its text stands below.

    Templates escape all values as pages do, which is undone here, so that one set of translations serves both.
    """
    with speaking(language) as spoken:
        subject, _, body = html.unescape(render_template(template, **values)).partition("\n")
    return Letter(to, subject.strip(), body.strip() + "\n", spoken)


@contextmanager
def post(settings: Settings) -> Iterator[Deliver]:
    """A connection over which letters are sent one by one. Raises MailError, also from the function that it gives."""
    try:
        server = _connect(settings)
    except (OSError, smtplib.SMTPException) as error:
        raise MailError(
            f"{settings.mail_server}:{settings.mail_port} cannot be used: {_reason(error)}", "stopped"
        ) from error
    try:
        yield Deliver(server, settings)
    finally:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def _connect(settings: Settings) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    place = (settings.mail_server, settings.mail_port)
    server: smtplib.SMTP
    if settings.mail_tls == "tls":
        server = smtplib.SMTP_SSL(*place, timeout=_PATIENCE_SECONDS, context=trusted)
    else:
        server = smtplib.SMTP(*place, timeout=_PATIENCE_SECONDS)
    try:
        if settings.mail_tls == "starttls":
            server.starttls(context=trusted)
        if settings.mail_username:
            server.login(settings.mail_username, settings.mail_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _send(server: smtplib.SMTP, settings: Settings, letter: Letter) -> None:
    try:
        server.send_message(_message(settings, letter))
    except (OSError, ValueError, smtplib.SMTPException) as error:
        raise MailError(f"a letter was not taken: {_reason(error)}", _outcome(error)) from error


def _message(settings: Settings, letter: Letter) -> EmailMessage:
    message = EmailMessage(_POLICY)
    message["From"] = settings.mail_from
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.base_url).hostname)
    # So that nobody's absence note answers.
    message["Auto-Submitted"] = "auto-generated"
    if letter.stop:
        message["List-Unsubscribe"] = f"<{letter.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.body)
    message["Content-Language"] = letter.language
    return message


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        text = error.smtp_error
        return f"{error.smtp_code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    return str(error) or type(error).__name__


def _outcome(error: Exception) -> Outcome:
    """What an answer of the server to one letter means. A server that hung up may have taken the letter or not."""
    if isinstance(error, (ValueError, smtplib.SMTPNotSupportedError)):
        return "refused"  # The address cannot be written in a letter to this server.
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError):
        codes = [error.smtp_code]
    elif isinstance(error, smtplib.SMTPSenderRefused):
        return "stopped"
    else:
        return "unknown"
    return "refused" if all(500 <= code < 600 for code in codes) else "later"
