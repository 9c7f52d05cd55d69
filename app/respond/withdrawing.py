"""Taking answers back with the code of the receipt."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from app.storage import responses

from .place import forget_token
from .trust import forgery_without_place
from .visit import ViewResult

_LONGEST_SHOWN = 200


def withdraw() -> ViewResult:
    """Asks for the code, then removes the response."""
    if request.method != "POST":
        return _page(request.args.get("code", ""))
    distrust = forgery_without_place()
    code = request.form.get("code", "")
    if distrust:
        return _page(code, distrust), 400
    token = responses.read_token(code)
    if token is None:
        error = _(
            "A code has 20 letters and figures, as in K3QF-9ZT2-M4XA-71WC-8DRE. Please check it against your receipt."
        )
        return _page(code, error), 422
    if not responses.withdraw(token):
        return _page(code, _("There are no answers under this code. They may have been withdrawn already.")), 404
    forget_token(token)
    return render_template("respond/withdrawn.html")


def _page(code: str, error: str | None = None) -> str:
    errors = [("code", error)] if error else []
    return render_template("respond/withdraw.html", code=code[:_LONGEST_SHOWN], error=error, errors=errors)
