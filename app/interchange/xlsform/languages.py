"""Languages as people name them in headings, "English (en)" or "日本語", to the codes that we use, and back."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale, UnknownLocaleError

_CODE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_IN_BRACKETS = re.compile(r"^(.*?)[(（]\s*([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)\s*[)）]\s*$")
# Their own names, by which headings often name them; English names are looked up.
_OWN_NAMES = {
    "日本語": "ja",
    "中文": "zh",
    "简体中文": "zh-Hans",
    "繁體中文": "zh-Hant",
    "한국어": "ko",
    "العربية": "ar",
    "español": "es",
    "français": "fr",
    "português": "pt",
    "deutsch": "de",
    "italiano": "it",
    "русский": "ru",
    "kiswahili": "sw",
    "tiếng việt": "vi",
    "bahasa indonesia": "id",
    "ไทย": "th",
    "हिन्दी": "hi",
    "नेपाली": "ne",
    "tagalog": "fil",
    "bahasa melayu": "ms",
    "বাংলা": "bn",
    "اردو": "ur",
    "فارسی": "fa",
    "türkçe": "tr",
}
_THREE = {"eng": "en", "jpn": "ja", "fra": "fr", "fre": "fr", "spa": "es", "deu": "de", "ger": "de", "por": "pt"}


def code_of(name: str) -> str:
    """The code for a language as somebody wrote it. One that nobody knows gets a code that says so: und-…"""
    name = " ".join(name.split())
    bracketed = _IN_BRACKETS.match(name)
    if bracketed:
        return _tidy(bracketed[2])
    for folded in (name.casefold(), name.split("(")[0].strip().casefold()):
        found = _OWN_NAMES.get(folded) or _THREE.get(folded) or _english().get(folded)
        if found:
            return found
    if _CODE.fullmatch(name.lower()) and re.split("[-_]", name.lower())[0] in Locale("en").languages:
        return _tidy(name)
    word = re.sub("[^a-z0-9]", "", name.casefold())[:8]
    return f"und-{word}" if len(word) > 1 else f"und-x{word or sum(map(ord, name)) % 1000}"


def name_of(code: str) -> str:
    """A language as headings name it, from which `code_of` reads the same: "日本語 (ja)"."""
    try:
        own = Locale.parse(code, sep="-").get_display_name()
    except (UnknownLocaleError, ValueError):
        own = None
    words = " ".join(re.sub("[()（）:]", " ", own or code).split())
    return f"{words} ({code})"


def _tidy(code: str) -> str:
    first, *rest = re.split("[-_]", code)
    return "-".join([first.lower(), *rest])


@cache
def _english() -> dict[str, str]:
    names = {str(name).casefold(): code.replace("_", "-") for code, name in Locale("en").languages.items()}
    return {name: code for name, code in names.items() if _CODE.fullmatch(code)}
