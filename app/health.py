"""/healthz: whether the database answers, for whatever watches the service."""

from flask import Blueprint
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.storage.base import reading

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> tuple[dict[str, str], int]:
    try:
        reading().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return {"database": "away"}, 503
    return {"database": "answers"}, 200
