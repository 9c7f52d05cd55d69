"""Taking answers back with the code of the receipt."""

from __future__ import annotations

from flask import render_template, request, session
from flask_babel import gettext as _

from app.storage import responses

from .visit import ViewResult, forgery


def withdraw() -> ViewResult:
    """Asks for the code, then removes the response."""
    code = request.form.get("code", "")[:200]
    if request.method == "GET":
        return render_template("respond/withdraw.html", code=request.args.get("code", "")[:200], error=None)
    distrust = forgery()
    if distrust:
        return render_template("respond/withdraw.html", code=code, error=distrust), 400
    token = responses.read_token(code)
    if token is None:
        error = _(
            "A code has 20 letters and figures, as in K3QF-9ZT2-M4XA-71WC-8DRE. Please check it against your receipt."
        )
        return render_template("respond/withdraw.html", code=code, error=error), 422
    if not responses.withdraw(token):
        error = _("There are no answers under this code. They may have been withdrawn already.")
        return render_template("respond/withdraw.html", code=code, error=error), 404
    kept = {survey: other for survey, other in session.get("answering", {}).items() if other != token}
    session["answering"] = kept
    return render_template("respond/withdrawn.html")
