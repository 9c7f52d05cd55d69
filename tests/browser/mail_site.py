"""A site that sends its mails through a real SMTP server, with one account."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.accounts.door import PASSWORD
from tests.conftest import make_settings, migrate
from tests.post_office import PostOffice
from tests.site import Site, start_site


@contextmanager
def mail_site(folder: Path, office: PostOffice, email: str, role: str, **environment: str) -> Iterator[Site]:
    """In a folder of its own; the account is the first and only one."""
    address = f"sqlite:///{folder}/site.sqlite"
    migrate(make_settings(folder, address))
    mail = {name.upper(): str(value) for name, value in office.settings.items()}
    with start_site(address, folder, {**mail, **environment}) as site:
        assert site.flask("user", "list").stdout.strip() == ""
        site.flask("user", "create", email, "--role", role, "--password-stdin", input=PASSWORD + "\n")
        yield site
