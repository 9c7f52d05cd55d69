"""answers are looked up by the trace that they share"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index(op.f("ix_response_trace_wave_id_trace"), "response_trace", ["wave_id", "trace"])


def downgrade() -> None:
    op.drop_index(op.f("ix_response_trace_wave_id_trace"), table_name="response_trace")
