"""The reader's language: chosen by link or button, else the browser's, else English."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask, g, request, session
from flask_babel import format_date, format_datetime, refresh
from markupsafe import Markup

LANGUAGES = {"ja": "日本語", "en": "English"}
DEFAULT = "en"


def select() -> str:
    """The language of this request."""
    if not request:
        return DEFAULT
    if "language" not in g:
        chosen = session.get("language")
        g.language = chosen if chosen in LANGUAGES else request.accept_languages.best_match(LANGUAGES, DEFAULT)
    return str(g.language)


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


def in_language(text: dict[str, str] | None) -> str:
    """A text of a questionnaire or the catalogue in the reader's language, else in the first that it has."""
    if not text:
        return ""
    return text.get(select()) or next(iter(text.values()))


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
        wanted = request.args.get("lang")
        if wanted:
            choose(wanted)

    @app.context_processor
    def _words() -> dict[str, Any]:
        return {"language": select(), "language_links": language_links, "in_language": in_language}

    @app.template_filter("day")
    def _day(value: date) -> str:
        """A date in the reader's language; a moment's date is that of UTC."""
        return str(format_date(value, "long" if select() == "ja" else "d MMMM y"))

    @app.template_filter("moment")
    def _moment(value: datetime) -> Markup:
        """A point in time in the reader's language, in UTC, with its machine-readable form."""
        utc = value.astimezone(UTC)
        shown = format_datetime(utc, "y年M月d日 HH:mm" if select() == "ja" else "d MMM y, HH:mm", rebase=False)
        return Markup('<time datetime="{}">{} UTC</time>').format(f"{utc:%Y-%m-%dT%H:%M:%SZ}", shown)
