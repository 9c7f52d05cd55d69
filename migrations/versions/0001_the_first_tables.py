"""the first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("slot", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("work", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('running', 'done', 'failed')", name=op.f("ck_job_run_state_is_known")),
        sa.PrimaryKeyConstraint("name", "slot", name=op.f("pk_job_run")),
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sa.UniqueConstraint("key", name=op.f("uq_survey_key")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('organizer', 'researcher')", name=op.f("ck_user_account_role_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
    )
    op.create_table(
        "questionnaire",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_questionnaire_survey_id_survey")),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_questionnaire")),
    )
    op.create_table(
        "wave",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("questionnaire_hash", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=60), nullable=False),
        sa.Column("population", sa.String(length=60), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("synthetic", sa.Boolean(), nullable=False),
        sa.CheckConstraint("closes_at IS NULL OR closes_at >= opens_at", name=op.f("ck_wave_closes_after_it_opens")),
        sa.ForeignKeyConstraint(
            ["questionnaire_hash"], ["questionnaire.hash"], name=op.f("fk_wave_questionnaire_hash_questionnaire")
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_wave_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave")),
        sa.UniqueConstraint("survey_id", "key", name=op.f("uq_wave_survey_id_key")),
    )
    op.create_table(
        "completes",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_completes_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "day", name=op.f("pk_completes")),
    )
    op.create_table(
        "estimate",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("variable", sa.String(length=60), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("domain", sa.String(length=120), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("refreshed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_estimate_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "variable", "period", "domain", name=op.f("pk_estimate")),
    )
    op.create_table(
        "response",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (submitted_at IS NULL)", name=op.f("ck_response_submitted_when_no_longer_open")
        ),
        sa.CheckConstraint("state IN ('open', 'done', 'withdrawn')", name=op.f("ck_response_state_is_known")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_response_wave_id_wave")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
    )
    op.create_table(
        "stale_period",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_stale_period_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "period", name=op.f("pk_stale_period")),
    )
    op.create_table(
        "tally",
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=60), nullable=False),
        sa.Column("cell", sa.String(length=400), nullable=False),
        sa.Column("respondents", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("respondents >= 0", name=op.f("ck_tally_respondents_not_negative")),
        sa.ForeignKeyConstraint(["wave_id"], ["wave.id"], name=op.f("fk_tally_wave_id_wave")),
        sa.PrimaryKeyConstraint("wave_id", "period", "cell", name=op.f("pk_tally")),
    )
    op.create_table(
        "tally_queue",
        sa.Column(
            "response_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.CheckConstraint("delta IN (1, -1)", name=op.f("ck_tally_queue_delta_is_one_response")),
        sa.ForeignKeyConstraint(["response_id"], ["response.id"], name="fk_tally_queue_response"),
        sa.PrimaryKeyConstraint("response_id", name=op.f("pk_tally_queue")),
    )


def downgrade() -> None:
    op.drop_table("tally_queue")
    op.drop_table("tally")
    op.drop_table("stale_period")
    op.drop_table("response")
    op.drop_table("estimate")
    op.drop_table("completes")
    op.drop_table("wave")
    op.drop_table("questionnaire")
    op.drop_table("user_account")
    op.drop_table("survey")
    op.drop_table("job_run")
