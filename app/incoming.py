"""What arrives, bodies whose length nobody said and addresses with a slash too many; and what leaves."""

from __future__ import annotations

from io import BytesIO
from typing import IO, TYPE_CHECKING, cast
from urllib.parse import quote

import flask
from flask import current_app, request
from gunicorn.http.errors import ParseException
from werkzeug.datastructures import Headers, ImmutableMultiDict
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.sansio.http import parse_cookie
from werkzeug.utils import cached_property

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

# What may stand in a query as it is; all else is written in percent.
_QUERY = "%/?:@!$&'()*+,;=-._~[]"
_COMPLETE = (200, 303)


class Request(flask.Request):
    """Flask's request; but a chunked body that is too large is refused, where Werkzeug would cut it off unseen."""

    @cached_property
    def cookies(self) -> ImmutableMultiDict[str, str]:
        """WSGI gives one Cookie header: no need to look through all of them for others."""
        found = parse_cookie(self.environ.get("HTTP_COOKIE"), cls=ImmutableMultiDict)
        return cast("ImmutableMultiDict[str, str]", found)

    @cached_property
    def stream(self) -> IO[bytes]:
        most = self.max_content_length
        if most is None or self.content_length is not None or "wsgi.input_terminated" not in self.environ:
            return super().stream
        try:
            body: bytes = self.environ["wsgi.input"].read(most + 1)
        except (OSError, ParseException) as error:
            raise ClientDisconnected from error
        if len(body) > most:
            raise RequestEntityTooLarge
        return BytesIO(body)


class Response(flask.Response):
    """Flask's response; but headers that are complete, as of a page or a redirect, are not looked through again."""

    def get_wsgi_headers(self, environ: WSGIEnvironment) -> Headers:
        is_complete = self.status_code in _COMPLETE and "Content-Length" in self.headers
        # Where a redirect leads to, as to the page asked for before signing in, may not be written in percent yet.
        if is_complete and self.headers.get("Location", "").isascii():
            return self.headers
        return super().get_wsgi_headers(environ)


def page_without_slash() -> str:
    """Path and query of the page that an address with slashes at its end means; "" if there is none.

    It begins with one slash and what one of our rules begins with, so that no address leads to another host.
    """
    path = "/" + request.path.strip("/")
    if request.method not in ("GET", "HEAD") or path == request.path:
        return ""
    try:
        current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
    except HTTPException:
        return ""
    query = quote(request.query_string, safe=_QUERY)
    return quote(path) + (f"?{query}" if query else "")
