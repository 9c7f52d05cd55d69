"""the time zone, the languages and the time to finish of a wave, and what of its course was written down"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # Not in batch mode, which makes a table anew: many rows refer to this one.
    op.add_column("wave", sa.Column("time_zone", sa.String(length=60), server_default="UTC", nullable=False))
    op.add_column("wave", sa.Column("languages", sa.String(length=200), server_default="", nullable=False))
    op.add_column("wave", sa.Column("finish_hours", sa.Integer(), nullable=True))
    op.add_column("wave", sa.Column("noted", sa.String(length=10), server_default="planned", nullable=False))
    op.execute(sa.text("UPDATE wave SET noted = 'open' WHERE opens_at <= CURRENT_TIMESTAMP"))
    op.execute(sa.text("UPDATE wave SET noted = 'closed' WHERE closes_at <= CURRENT_TIMESTAMP"))


def downgrade() -> None:
    for column in ("noted", "finish_hours", "languages", "time_zone"):
        op.drop_column("wave", column)
