"""The designer: drafts of questionnaires, edited in the browser, with their history."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint

from app.extensions import csrf
from app.organize.upload import allow_upload

from . import (
    bank,
    conditions,
    history,
    outline,
    pages,
    preview,
    publishing,
    question,
    routing,
    rules,
    starting,
    translating,
)

_BOTH = ["GET", "POST"]


def add_rules(blueprint: Blueprint) -> None:
    """The designer's addresses."""
    design = "/organize/surveys/<key>/design"
    blueprint.add_url_rule("/organize/new", view_func=starting.new_survey, methods=_BOTH)
    blueprint.add_url_rule(design, view_func=outline.design, methods=_BOTH)
    blueprint.add_url_rule(f"{design}/source", view_func=starting.source, methods=_BOTH)
    blueprint.add_url_rule(f"{design}/remove", view_func=outline.remove_draft, methods=_BOTH)
    blueprint.add_url_rule(f"{design}/settings", view_func=_roomy(pages.design_settings), methods=_BOTH)
    blueprint.add_url_rule(f"{design}/rules", view_func=_roomy(rules.design_rules), methods=_BOTH)
    blueprint.add_url_rule(f"{design}/add-page", view_func=pages.add_page, methods=["POST"])
    blueprint.add_url_rule(f"{design}/pages/<path:name>", view_func=_roomy(pages.design_page), methods=_BOTH)
    blueprint.add_url_rule(f"{design}/page-removal/<path:name>", view_func=pages.remove_page, methods=_BOTH)
    blueprint.add_url_rule(f"{design}/add", view_func=_roomy(question.add_question), methods=_BOTH)
    blueprint.add_url_rule(f"{design}/questions/<path:name>", view_func=_roomy(question.design_question), methods=_BOTH)
    blueprint.add_url_rule(f"{design}/bank", view_func=bank.design_bank, methods=_BOTH)
    blueprint.add_url_rule(f"{design}/history", view_func=history.design_history)
    blueprint.add_url_rule(f"{design}/history/<int:number>", view_func=history.design_state, methods=_BOTH)
    blueprint.add_url_rule(f"{design}/history/<int:number>.yaml", view_func=history.design_file)
    blueprint.add_url_rule(f"{design}/preview", view_func=preview.design_preview)
    blueprint.add_url_rule(f"{design}/preview/frame", view_func=preview.preview_frame, methods=_BOTH)
    blueprint.add_url_rule(f"{design}/check", view_func=conditions.check_expression, methods=["POST"])
    blueprint.add_url_rule(f"{design}/languages", view_func=translating.design_languages)
    blueprint.add_url_rule(f"{design}/languages/<language>", view_func=_roomy(translating.translate), methods=_BOTH)
    blueprint.add_url_rule(f"{design}/languages/<language>.po", view_func=translating.translations_file)
    blueprint.add_url_rule(
        f"{design}/languages/<language>/take", view_func=_roomy(translating.take_translations), methods=["POST"]
    )
    blueprint.add_url_rule(f"{design}/routing", view_func=routing.design_routing)
    blueprint.add_url_rule(f"{design}/publish", view_func=publishing.design_publish, methods=_BOTH)


def _roomy(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view that takes a larger form than answers need. It checks its own token, after the larger body is allowed."""

    @wraps(view)
    def allowed(**values: Any) -> Any:
        allow_upload()
        csrf.protect()
        return view(**values)

    csrf.exempt(allowed)
    return allowed
