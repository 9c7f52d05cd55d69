"""The reader's language: chosen by link or button, else the browser's, else English."""

from __future__ import annotations

from typing import Any

from flask import Flask, g, request, session, url_for
from flask_babel import refresh

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
        session["language"] = g.language = language
        session.permanent = True
        refresh()


def in_language(text: dict[str, str] | None) -> str:
    """A text of a questionnaire or the catalogue in the reader's language, else in the first that it has."""
    if not text:
        return ""
    return text.get(select()) or next(iter(text.values()))


def language_links() -> list[tuple[str, str, str, bool]]:
    """This page in each language: (code, endonym, address, whether it is the present one)."""
    kept: dict[str, Any] = {name: values for name, values in request.args.lists() if name != "lang"}
    if request.endpoint is None or request.method not in ("GET", "HEAD"):
        return [(code, name, f"{request.path}?lang={code}", code == select()) for code, name in LANGUAGES.items()]
    return [
        (code, name, url_for(request.endpoint, **{**(request.view_args or {}), **kept, "lang": code}), code == select())
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
