"""the revision log: what was published of ended periods, and why it changed"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    with op.batch_alter_table("stale_period") as table:
        table.add_column(sa.Column("reasons", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("changes", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("stale_period") as table:
        table.alter_column("reasons", server_default=None)
        table.alter_column("changes", server_default=None)
    op.create_table(
        "published_period",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_published_period_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "period", name=op.f("pk_published_period")),
    )
    op.create_table(
        "edition",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reasons", sa.Integer(), nullable=False),
        sa.Column("elsewhere", sa.Integer(), nullable=False),
        sa.CheckConstraint("elsewhere >= 0", name=op.f("ck_edition_elsewhere_not_negative")),
        sa.ForeignKeyConstraint(
            ["wave_id", "period"],
            ["published_period.wave_id", "published_period.period"],
            name=op.f("fk_edition_published_period"),
        ),
        sa.PrimaryKeyConstraint("wave_id", "period", "number", name=op.f("pk_edition")),
    )
    op.create_table(
        "earlier_estimate",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("variable", sa.String(length=60), nullable=False),
        sa.Column("scheme", sa.String(length=60), nullable=False),
        sa.Column("domain", sa.String(length=120), nullable=False),
        sa.Column("scheme_hash", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["wave_id", "period", "number"],
            ["edition.wave_id", "edition.period", "edition.number"],
            name=op.f("fk_earlier_estimate_edition"),
        ),
        sa.PrimaryKeyConstraint(
            "wave_id", "period", "number", "variable", "scheme", "domain", name=op.f("pk_earlier_estimate")
        ),
    )
    op.create_index("ix_earlier_estimate_variable_wave_id", "earlier_estimate", ["variable", "wave_id"])
    op.create_table(
        "cell_moves",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("cell", sa.String(length=400), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_cell_moves_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "period", "number", "cell", name=op.f("pk_cell_moves")),
    )
    # What was published before counts as such: the first roll-up after a period's end says that it has ended.
    op.execute(
        sa.text(
            "INSERT INTO published_period (wave_id, period, ended_at, edition)"
            " SELECT DISTINCT wave_id, period, CAST(NULL AS TIMESTAMP), 0 FROM estimate"
        )
    )


def downgrade() -> None:
    for table in ("cell_moves", "earlier_estimate", "edition", "published_period"):
        op.drop_table(table)
    with op.batch_alter_table("stale_period") as table:
        table.drop_column("changes")
        table.drop_column("reasons")
