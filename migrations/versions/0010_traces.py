"""traces of responses by open links, under keys that are forgotten"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "trace_key",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_trace_key")),
    )
    op.create_table(
        "trace_count",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("trace", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_trace_count_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "day", "trace", name=op.f("pk_trace_count")),
    )
    op.create_table(
        "response_trace",
        sa.Column("response_id", ID, autoincrement=False, nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("trace", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_response_trace_wave_id_wave")),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_response_trace")),
    )


def downgrade() -> None:
    for table in ("response_trace", "trace_count", "trace_key"):
        op.drop_table(table)
