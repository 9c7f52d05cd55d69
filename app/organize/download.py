"""Files to keep."""

from __future__ import annotations

from flask import Response


def download(content: str | bytes, mimetype: str, filename: str) -> Response:
    """A file that the browser stores under a name."""
    response = Response(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response
