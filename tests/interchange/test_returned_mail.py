"""Reports of mail servers, as Postfix, Exim and Exchange write them."""

from __future__ import annotations

import pytest

from app.interchange.returned_mail import Returned, read_returned
from app.questionnaire.problems import FileError

LETTER = """\
From: Alliance Barometer <survey@example.org>
To: ann@example.org
Subject: Please take part
List-Unsubscribe: <https://survey.example.org/s/domestic-diplomacy/no-mail/AAAA-BBBB-CCCC-DDDD-EEEE>
"""
TOKEN = "AAAA-BBBB-CCCC-DDDD-EEEE"


def report(action: str = "failed", letter: str = LETTER, kind: str = "message/rfc822", status: str = "") -> bytes:
    said = status or f"Final-Recipient: rfc822; ann@example.org\nAction: {action}\nStatus: 5.1.1\n" + (
        "Diagnostic-Code: smtp; 550 5.1.1 <ann@example.org>:\n    user unknown\n"
    )
    return f"""\
From: MAILER-DAEMON@mx.example.org
To: survey@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

{said}
--b
Content-Type: {kind}

{letter}

Please take part.

--b--
""".encode()


FOLDED = LETTER.replace("List-Unsubscribe: ", "List-Unsubscribe:\n ")


@pytest.mark.parametrize("letter", [LETTER, FOLDED])
@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_the_letter_that_came_back_and_why(kind: str, letter: str) -> None:
    wanted = Returned(TOKEN, "5.1.1 smtp; 550 5.1.1 <ann@example.org>: user unknown")
    assert read_returned(report(kind=kind, letter=letter)) == wanted


def test_one_failure_among_several_recipients_counts() -> None:
    both = (
        "Final-Recipient: rfc822; b@example.org\nAction: relayed\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; ann@example.org\nAction: Failed\nStatus: 4.4.7\n"
    )
    assert read_returned(report(status=both)) == Returned(TOKEN, "4.4.7")


NESTED = b"".join(
    b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(3000)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This is not a mail server's report"),
        (LETTER.encode() + b"\nHello", "This is not a mail server's report"),
        (b"\xff\xfe\x00" * 100, "This is not a mail server's report"),
        (report("delayed"), "The report says that the mail is late"),
        (report("delivered"), "The report says that the mail is late"),
        (report(letter="From: a@example.org\n"), "The report does not hold the head"),
        (report(letter=LETTER.replace("no-mail", "elsewhere")), "The report does not hold the head"),
        (NESTED, "This "),
    ],
)
def test_what_is_no_such_report_is_told(content: bytes, message: str) -> None:
    with pytest.raises(FileError, match=message):
        read_returned(content)
