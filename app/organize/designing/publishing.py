"""Publishing a draft: what it changes and does to each trend, before it happens."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.organize.comparison import typed_in
from app.organize.upload import checked_of, follow_button, publish

from . import drafts


def design_publish(key: str) -> Any:
    """The draft beside what was published; publishes it where that is wanted and it is what was seen."""
    draft = drafts.known(key)
    follow_button()
    if draft.questionnaire is None:
        flash(_("The draft has problems. Mend them first; they are listed below."), "warning")
        return redirect(url_for("organize.design", key=key, _anchor="problems"), 303)
    typed = typed_in(request.form)
    checked = checked_of(draft.questionnaire, typed)
    changed = False
    if request.form.get("action") == "publish" and not checked.comparison.errors:
        if request.form.get("checked") == checked.questionnaire.hash:
            return publish(checked.questionnaire)
        changed = True
    page = render_template(
        "organize/design/publish.html",
        draft=draft,
        checked=checked,
        changed=changed,
        errors=checked.comparison.errors,
    )
    return page, 409 if changed else 422 if checked.comparison.errors else 200
