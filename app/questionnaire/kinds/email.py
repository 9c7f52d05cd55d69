"""An e-mail address. It names a person: it is never published, and the codebook says so."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import ClassVar, Literal

from .base import SKIPPED, Answer, AnswerError, Meaning, Text
from .written import Written

LONGEST = 254  # Of an address that a mail server takes.
PERSONAL: Text = {
    "en": "An e-mail address: personal data. Keep it apart from the answers, and give it to nobody.",
    "ja": "メールアドレス（個人情報）。回答とは分けて保管し、第三者に渡さないでください。",
}
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


class Email(Written):
    kind: Literal["email"]
    dont_know: Literal[False] = False
    refused: Literal[False] = False
    publish: Literal[False] = False
    personal: ClassVar[bool] = True

    def read(self, values: Sequence[str]) -> Answer:
        text = self.words(unicodedata.normalize("NFKC", " ".join(values)), LONGEST)
        if text is not None and not _ADDRESS.fullmatch(text):
            raise AnswerError("Please write an e-mail address such as %(example)s.", example="name@example.org")
        return text

    def tally_keys(self) -> tuple[str, ...]:
        return ("answered", SKIPPED)

    def tally(self, answer: Answer) -> Iterable[tuple[str, int]]:
        return ((SKIPPED if answer is None else "answered", 1),)

    def meanings(self, column: int) -> tuple[Meaning, ...]:
        return (Meaning("", PERSONAL),)
