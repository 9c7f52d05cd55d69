"""jobs that were asked for"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "job_request",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=254), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_request")),
    )


def downgrade() -> None:
    op.drop_table("job_request")
