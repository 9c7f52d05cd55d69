"""answers are looked up by the trace that they share"""

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_index(op.f("ix_response_trace_wave_id_trace"), "response_trace", ["wave_id", "trace"])
    # The next roll-up counts anew, and now how many share a trace.
    op.execute("DELETE FROM wave_counts")


def downgrade() -> None:
    op.drop_index(op.f("ix_response_trace_wave_id_trace"), table_name="response_trace")
