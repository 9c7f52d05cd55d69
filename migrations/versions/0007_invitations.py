"""invitations, the letters that carry them, their links and marks, and who wants no letters"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("wave", sa.Column("invited_only", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "invitation",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_invitation_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("wave_id", "email", name=op.f("uq_invitation_wave_id_email")),
    )
    op.create_table(
        "mailing",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('invitation', 'reminder1', 'reminder2', 'reminder3')", name=op.f("ck_mailing_kind_is_known")
        ),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_mailing_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "kind", name=op.f("pk_mailing")),
    )
    op.create_table(
        "letter",
        sa.Column("invitation_id", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('sending', 'sent', 'waiting', 'bounced', 'failed')", name=op.f("ck_letter_state_is_known")
        ),
        sa.ForeignKeyConstraint(["invitation_id"], ["invitation.id"], name=op.f("fk_letter_invitation_id_invitation")),
        sa.PrimaryKeyConstraint("invitation_id", "kind", name=op.f("pk_letter")),
    )
    op.create_table(
        "invitation_link",
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.Column("invitation_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_link_invitation_id_invitation")
        ),
        sa.PrimaryKeyConstraint("link_hash", name=op.f("pk_invitation_link")),
    )
    op.create_table(
        "invitation_mark",
        sa.Column("invitation_id", ID, autoincrement=False, nullable=False),
        sa.Column("mark", sa.String(length=10), nullable=False),
        sa.Column("link_hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("mark IN ('begun', 'completed')", name=op.f("ck_invitation_mark_mark_is_known")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_mark_invitation_id_invitation")
        ),
        sa.PrimaryKeyConstraint("invitation_id", "mark", name=op.f("pk_invitation_mark")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "opt_out",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_opt_out_survey_id_survey")),
        sa.PrimaryKeyConstraint("survey_id", "email", name=op.f("pk_opt_out")),
    )


def downgrade() -> None:
    for table in ("opt_out", "invitation_mark", "invitation_link", "letter", "mailing", "invitation"):
        op.drop_table(table)
    op.drop_column("wave", "invited_only")
