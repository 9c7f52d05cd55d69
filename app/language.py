"""The reader's language: chosen by link or button, else the browser's, else English."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_name
from flask import Flask, Response, g, has_app_context, has_request_context, request, session
from flask_babel import format_date, format_datetime, get_locale, refresh
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

LANGUAGES = {"ja": "日本語", "en": "English"}
DEFAULT = "en"
_LONGEST_HEADER = 500


def select() -> str:
    """The language of this request, or of the letter that is being written."""
    language: str | None = g.get("language") if has_app_context() else None
    if language is None:
        if not has_request_context():
            return DEFAULT
        chosen = session.get("language")
        language = chosen if chosen in LANGUAGES else _preferred(request.headers.get("Accept-Language", ""))
        g.language = language
    return language


@lru_cache(maxsize=1024)
def _preferred(header: str) -> str:
    accepted = parse_accept_header(header[:_LONGEST_HEADER], LanguageAccept)
    # Of several that are equally welcome, as to "*", the first is taken.
    return accepted.best_match((DEFAULT, *LANGUAGES), DEFAULT) or DEFAULT


def choose(language: str) -> None:
    """Makes a language the reader's, for this request and those to come."""
    if language in LANGUAGES:
        session["language"] = language
        session.permanent = True
        speak(language)


def speak(language: str) -> None:
    """Makes a language that of this request only."""
    g.language = language
    refresh()


@contextmanager
def speaking(language: str) -> Iterator[str]:
    """A language for what is written to somebody else meanwhile; one that is not spoken here gives way to English."""
    before = g.get("language")
    spoken = language if language in LANGUAGES else DEFAULT
    speak(spoken)
    try:
        yield spoken
    finally:
        g.language = before
        refresh()


def in_language(text: dict[str, str] | None) -> str:
    """A text of a questionnaire or the catalogue in the reader's language, else in the first that it has."""
    if not text:
        return ""
    return text.get(select()) or next(iter(text.values()))


def moment(value: datetime, zone: str = "UTC") -> str:
    """A point in time in the reader's language, by the clock of a zone, which it names."""
    there = value.astimezone(ZoneInfo(zone))
    shown = format_datetime(there, "y年M月d日 HH:mm" if select() == "ja" else "d MMM y, HH:mm", rebase=False)
    name = "UTC" if zone == "UTC" else get_timezone_name(there, locale=get_locale())
    return f"{shown}（{name}）" if select() == "ja" and zone != "UTC" else f"{shown} {name}"


def language_links() -> list[tuple[str, str, str, bool]]:
    """This page in each language: (code, endonym, address, whether it is the present one)."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return [
        (code, name, f"{quote(request.path)}?{urlencode([*kept, ('lang', code)])}", code == select())
        for code, name in LANGUAGES.items()
    ]


def register(app: Flask) -> None:
    """Binds the choice by `?lang=` and what templates need of it."""

    @app.before_request
    def _follow_link() -> None:
        wanted = request.args.get("lang") if request.query_string else None
        if wanted:
            choose(wanted)

    @app.after_request
    def _tell_stores(response: Response) -> Response:
        """A page in the reader's language is not for readers of another: who keeps pages for many must know."""
        if "language" in g:
            response.headers.add("Vary", "Accept-Language")
        return response

    @app.context_processor
    def _words() -> dict[str, Any]:
        return {"language": select(), "language_links": language_links, "in_language": in_language}

    @app.template_filter("day")
    def _day(value: date) -> str:
        """A date in the reader's language; a moment's date is that of UTC."""
        return str(format_date(value, "long" if select() == "ja" else "d MMMM y"))

    @app.template_filter("moment")
    def _moment(value: datetime, zone: str = "UTC") -> Markup:
        """A point in time in the reader's language, by the clock of a zone, with its machine-readable form."""
        return Markup('<time datetime="{:%Y-%m-%dT%H:%M:%SZ}">{}</time>').format(
            value.astimezone(UTC), moment(value, zone)
        )
