"""Files that come with the form of a wave, read once its token holds."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from flask_wtf import FlaskForm
from werkzeug.exceptions import RequestEntityTooLarge

from .upload import allow_upload, largest_upload, stale, too_large


@dataclass(frozen=True)
class SentFile:
    """A file as it was chosen."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Refused:
    """No file can be taken: what is said of it, and the status of the page that says it."""

    told: str
    status: int


def sent_files(missing: str) -> list[SentFile] | Refused:
    """The files of the field `file`, at least one that is not empty; `missing` is said where there is none.

    The view is exempt from the check of the token that stands before all others: the larger body comes first."""
    allow_upload()
    try:
        is_current = FlaskForm().validate()
        found = [SentFile(file.filename, file.read()) for file in request.files.getlist("file") if file.filename]
    except RequestEntityTooLarge:
        return Refused(too_large(), 413)
    if any(len(file.content) > largest_upload() for file in found):
        return Refused(too_large(), 413)
    if not is_current:
        return Refused(stale(), 400)
    if not any(file.content.strip() for file in found):
        return Refused(missing, 422)
    return found
