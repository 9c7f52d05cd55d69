"""Migrations, on the database of the application's settings."""

from alembic import context
from flask import current_app

from app.extensions import db
from app.storage import models  # noqa: F401  (fills the metadata)
from app.storage.base import Base


def migrate() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            **current_app.extensions["migrate"].configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


migrate()
