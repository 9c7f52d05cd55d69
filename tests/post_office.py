"""A real SMTP server on 127.0.0.1, with the letters that it was given; over TLS with a certificate made for it."""

from __future__ import annotations

import email
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .site import free_port

USER, PASSWORD = "barometer", "mail-test-only"
Security = Literal["none", "starttls", "tls"]


@dataclass
class PostOffice:
    """refused: recipients that it does not take; busy: that it does not take now. settings: how the site reaches it.
    contents: the letters as they came."""

    port: int
    security: Security
    refused: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)
    letters: list[EmailMessage] = field(default_factory=list)
    contents: list[bytes] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, object]:
        login = {} if self.security != "starttls" else {"mail_username": USER, "mail_password": PASSWORD}
        place = {"mail_server": "127.0.0.1", "mail_port": self.port, "mail_from": "barometer@example.org"}
        return {**place, "mail_tls": self.security, **login}

    async def handle_RCPT(self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refused:
            return "550 no such person"
        if address in self.busy:
            return "450 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:
        self.contents.append(envelope.content)
        self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@contextmanager
def post_office(folder: Path, security: Security = "none") -> Iterator[PostOffice]:
    office = PostOffice(free_port(), security)
    context = None
    if security != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
    options: dict[str, Any] = {}
    if security == "starttls":
        options = {"authenticator": _login, "auth_required": True, "tls_context": context, "require_starttls": True}
    implicit = context if security == "tls" else None
    controller = Controller(office, "127.0.0.1", office.port, ssl_context=implicit, **options)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def certificate(folder: Path) -> Path:
    """Key and certificate of 127.0.0.1 in one file, its own authority, made once."""
    file = folder / "certificate.pem"
    if file.exists():
        return file
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def _login(_server: SMTP, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    return AuthResult(success=(given.login, given.password) == (USER.encode(), PASSWORD.encode()), handled=False)
