"""The words of the column `type`, with the aliases that XLSForm's other readers take, to our kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Begins = Literal["group", "repeat", "loop"]

_KINDS = {
    "text": (
        *("text", "string", "q string", "add text prompt", "time", "q time", "add time prompt"),
        *("barcode", "q barcode", "add barcode prompt"),
    ),
    "integer": ("integer", "int", "q int", "add integer prompt"),
    "decimal": ("decimal", "q decimal", "add decimal prompt"),
    "date": (
        *("date", "q date", "add date prompt"),
        *("datetime", "date time", "q date time", "add date time prompt"),
    ),
    "note": ("note", "q note", "add note prompt"),
    "acknowledge": ("acknowledge", "trigger", "q acknowledge", "add acknowledge prompt"),
    "calculate": ("calculate", "q calculate", "add calculate prompt"),
    "range": ("range",),
    "hidden": ("hidden",),
    "today": ("today", "get today"),
}
KINDS = {alias: kind for kind, aliases in _KINDS.items() for alias in aliases}

_WITHOUT_TIME = "It takes the day, without the time."
_TIME = "A time of day is typed as a text."
_TYPED = "Nothing is scanned here: it is typed as a text."
LESS = {
    **dict.fromkeys(("datetime", "date time", "q date time", "add date time prompt"), _WITHOUT_TIME),
    **dict.fromkeys(("time", "q time", "add time prompt"), _TIME),
    **dict.fromkeys(("barcode", "q barcode", "add barcode prompt"), _TYPED),
}
"""What our kind takes of these."""
BOUNDED = {
    "percentage": 100,
    "number of days in last month": 31,
    "number of days in last six months": 183,
    "number of days in last year": 365,
}
"""Whole numbers from 0 to so many."""
PHONE = ("phone number",)

UNSEEN: dict[str, str] = {}
"""What asks nothing of the person, and why it is dropped."""
_DEVICE = "What a device knows of itself is not kept here."
_TIMES = "When a response is begun and sent is kept of every response."
_RECORDS = "Nothing is recorded beside the answers."
_FILES = "Lists in other files cannot be read from here."
for _reason, _words in (
    (_TIMES, ("start", "end", "start time", "end time", "get start time", "get end time")),
    (
        _DEVICE,
        (
            *("deviceid", "device id", "get device id", "imei", "subscriberid", "subscriber id", "get subscriber id"),
            *("simserial", "sim id", "get sim id", "phonenumber", "get phone number", "username", "email"),
            *("uri:subscriberid", "uri:phonenumber", "uri:simserial", "uri:deviceid", "uri:username", "uri:email"),
        ),
    ),
    (_RECORDS, ("audit", "background-audio", "background-geopoint", "start-geopoint")),
    (_FILES, ("csv-external", "xml-external")),
):
    UNSEEN |= dict.fromkeys(_words, _reason)

SETTING_TYPES = {"form_title": "form_title", "set form title": "form_title", "form_id": "form_id"}
SETTING_TYPES |= {
    "set form id": "form_id",
    "set_form_title": "form_title",
    "set_form_id": "form_id",
    "prefix": "prefix",
}

_SELECT = {
    "add select one prompt using": "select_one",
    "add select multiple prompt using": "select_multiple",
    "select all that apply from": "select_multiple",
    "select one from": "select_one",
    "select1": "select_one",
    "select_one": "select_one",
    "select one": "select_one",
    "select one using": "select_one",
    "select_multiple": "select_multiple",
    "select multiple": "select_multiple",
    "select multiple from": "select_multiple",
    "select multiple using": "select_multiple",
    "select all that apply": "select_multiple",
    "select_one_external": "select_one",
    "rank": "rank",
}
_SELECT |= {
    f"select{gap}{which}{gap}from{gap}file": f"select_{which}" for which in ("one", "multiple") for gap in ("_", " ")
}
_LISTED = re.compile(
    rf"(?P<command>{'|'.join(sorted(map(re.escape, _SELECT), key=len, reverse=True))})\s+(?P<list>\S+)"
    r"(?P<other>\s+(?:or specify other|or_other|or other))?",
    re.IGNORECASE,
)
_BEGIN = re.compile(
    r"begin[\s_](?P<what>group|lgroup|repeat|loop|looped group)(?:\s+(?:over\s+)?(?P<list>\S+))?", re.IGNORECASE
)
_END = re.compile(r"end[\s_](?P<what>group|lgroup|repeat|loop|looped group)", re.IGNORECASE)
_FILE = re.compile(r"\.(?:csv|xml|geojson)$", re.IGNORECASE)


@dataclass(frozen=True)
class Type:
    """What a row is. `word`: its type as written, tidied."""

    word: str
    kind: str = ""
    """Our kind, or one of: hidden, today, setting; empty for what we have no kind for."""
    list_name: str = ""
    other: bool = False
    begins: Begins | None = None
    ends: Begins | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Whether its choices are in a file, or are answers to another question."""
        return bool(_FILE.search(self.list_name)) or "${" in self.list_name or "from" in self.word.split()[0]


def type_of(text: str) -> Type:
    """What the text in the column `type` says."""
    word = " ".join(text.split())
    folded = word.lower()
    if match := _BEGIN.fullmatch(word):
        return Type(word, begins=_section(match["what"]), list_name=match["list"] or "")
    if match := _END.fullmatch(word):
        return Type(word, ends=_section(match["what"]))
    if match := _LISTED.fullmatch(word):
        return Type(word, _SELECT[match["command"].lower()], match["list"], bool(match["other"]))
    if folded in SETTING_TYPES:
        return Type(word, "setting")
    if folded in BOUNDED:
        return Type(word, "integer")
    return Type(word, "text" if folded in PHONE else KINDS.get(folded, ""))


def _section(word: str) -> Begins:
    word = word.lower()
    return "group" if word == "group" else "loop" if word == "loop" else "repeat"
