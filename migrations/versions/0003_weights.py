"""base weights and paradata of responses, weighting schemes, estimates by scheme"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

UNWEIGHTED = "unweighted"
KEY = ["wave_id", "variable", "period", "domain"]
SCHEME_KEY = ["wave_id", "variable", "scheme", "period", "domain"]


def upgrade() -> None:
    # Not in batch mode, which makes a table anew: the queue's rows refer to this one.
    double = sa.Double().compile(dialect=op.get_bind().dialect)
    positive = "CONSTRAINT ck_response_base_weight_is_positive CHECK (base_weight > 0)"
    op.execute(sa.text(f"ALTER TABLE response ADD COLUMN base_weight {double} {positive}"))
    op.add_column("response", sa.Column("paradata", sa.Text(), nullable=True))
    op.create_table(
        "weighting_scheme",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_weighting_scheme_survey_id_survey")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_weighting_scheme")),
    )
    op.create_table(
        "weighting",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("scheme", sa.String(length=60), nullable=False),
        sa.Column("scheme_hash", sa.String(length=64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_weighting_wave_id_wave")),
        sa.ForeignKeyConstraint(
            ["scheme_hash"], ["weighting_scheme.hash"], name=op.f("fk_weighting_scheme_hash_weighting_scheme")
        ),
        sa.PrimaryKeyConstraint("wave_id", "period", "scheme", name=op.f("pk_weighting")),
    )
    with op.batch_alter_table("estimate") as table:
        table.add_column(sa.Column("scheme", sa.String(length=60), server_default=UNWEIGHTED, nullable=False))
    with op.batch_alter_table("estimate") as table:
        table.alter_column("scheme", server_default=None)
        table.drop_constraint(op.f("pk_estimate"), type_="primary")
        table.create_primary_key(op.f("pk_estimate"), SCHEME_KEY)


def downgrade() -> None:
    op.execute(sa.text("DELETE FROM estimate WHERE scheme <> :kept").bindparams(kept=UNWEIGHTED))
    with op.batch_alter_table("estimate") as table:
        table.drop_constraint(op.f("pk_estimate"), type_="primary")
        table.create_primary_key(op.f("pk_estimate"), KEY)
        table.drop_column("scheme")
    op.drop_table("weighting")
    op.drop_table("weighting_scheme")
    op.drop_column("response", "paradata")
    op.drop_column("response", "base_weight")
