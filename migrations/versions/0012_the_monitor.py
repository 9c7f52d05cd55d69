"""what the monitor of a wave counts"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "wave_counts",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_wave_counts_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_wave_counts")),
    )
    op.create_table(
        "ending",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("how", sa.String(length=20), nullable=False),
        sa.Column("page", sa.String(length=60), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "how IN ('declined', 'screened_out', 'quota_full', 'left')", name=op.f("ck_ending_how_is_known")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_ending_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "how", "page", name=op.f("pk_ending")),
    )
    op.execute(
        "INSERT INTO ending (wave_id, how, page, n) SELECT wave_id, 'quota_full', '', SUM(turned_away) FROM quota "
        "GROUP BY wave_id HAVING SUM(turned_away) > 0"
    )
    op.add_column("response", sa.Column("page", sa.String(length=60), nullable=True))
    unsent = sa.text("state = 'open'")
    op.create_index("ix_response_open", "response", ["wave_id", "page"], sqlite_where=unsent, postgresql_where=unsent)


def downgrade() -> None:
    op.drop_index("ix_response_open", table_name="response")
    op.drop_column("response", "page")
    for table in ("ending", "wave_counts"):
        op.drop_table(table)
