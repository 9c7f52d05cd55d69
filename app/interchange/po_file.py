"""The texts of a draft as a PO file, which translators' tools take, and back with every entry that cannot be taken."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from app.questionnaire.draft.translation import Item, answers_shown
from app.questionnaire.problems import FileError, Problem

_NO_PO = "This is no PO file, or a broken one."
_BROKEN = "This is no PO file, or it is broken in line %(line)s."
_NOT_TEXT = "The file is not UTF-8 text."
UNKNOWN = "The draft has no text of this name: it was deleted or renamed, or the file is of another survey."
CHANGED = "The words to translate have changed since this file was made. They are now: %(words)s"
UNSURE = "It is marked as fuzzy, which says that it is not finished."
LOST = "The translation has to show the same answers, written as in the original: %(names)s"


@dataclass
class Taken:
    """What a PO file gives. lines: the words by the name of their text; refused: (line of the file, name, message)."""

    lines: dict[str, str] = field(default_factory=dict)
    refused: list[tuple[int, str, Problem]] = field(default_factory=list)


def write_po_file(texts: Sequence[Item], source: str, target: str) -> bytes:
    """The texts in one language to be translated into another. What has no words in the first is left out."""
    catalog = Catalog(
        charset="utf-8", fuzzy=False, header_comment=f"# {source} – {target}", project="Alliance Barometer"
    )
    for item in texts:
        if item.text.get(source):
            message = catalog.add(item.text[source], item.text.get(target, ""), context=item.name)
            message.flags -= {"python-format", "python-brace-format"}  # A percent sign is one, and no more.
    found = io.BytesIO()
    write_po(found, catalog, width=110, omit_header=False)
    head = b'"Content-Type: text/plain; charset=utf-8\\n"\n'
    return found.getvalue().replace(head, head + f'"Language: {target}\\n"\n'.encode(), 1)


def read_po_file(content: bytes, texts: Sequence[Item], source: str) -> Taken:
    """The translations in a PO file. Entries without words are passed over. Raises FileError."""
    try:
        content.decode("utf-8-sig")
        catalog = read_po(io.BytesIO(content.removeprefix(b"\xef\xbb\xbf")), abort_invalid=True)
    except UnicodeDecodeError:
        raise FileError([Problem(0, "", _NOT_TEXT)]) from None
    except PoFileError as error:
        line = (error.lineno or 0) + 1  # It counts from 0.
        raise FileError([Problem(line, "", _BROKEN, {"line": line})]) from None
    except (ValueError, TypeError, UnknownLocaleError, LookupError):
        raise FileError([Problem(0, "", _NO_PO)]) from None
    taken, known = Taken(), {item.name: item for item in texts}
    for message in catalog:
        if not message.id or not message.string:
            continue
        name, said, line = str(message.context or ""), str(message.string).strip(), message.lineno or 0
        problem = _problem(known.get(name), str(message.id), said, source, message.fuzzy)
        if problem:
            taken.refused.append((line, name or str(message.id)[:80], problem))
        else:
            taken.lines[name] = said
    return taken


def _problem(item: Item | None, original: str, said: str, source: str, is_unsure: bool) -> Problem | None:
    if item is None:
        return Problem(0, "", UNKNOWN)
    now = item.text.get(source, "")
    if original.strip() != now.strip():
        return Problem(0, "", CHANGED, {"words": now[:200]})
    if is_unsure:
        return Problem(0, "", UNSURE)
    if answers_shown(now) != answers_shown(said):
        return Problem(0, "", LOST, {"names": ", ".join(f"${{{name}}}" for name in answers_shown(now)) or "–"})
    return None
