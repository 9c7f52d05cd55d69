"""estimates say what two groups share by being weighted together: all that is published is made anew once"""

from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.execute(
        "INSERT INTO stale_period (wave_id, period, reasons, changes)"
        " SELECT DISTINCT wave_id, period, 0, 0 FROM estimate WHERE NOT EXISTS (SELECT 1 FROM stale_period"
        " WHERE stale_period.wave_id = estimate.wave_id AND stale_period.period = estimate.period)"
    )


def downgrade() -> None:
    """What is more in an estimate's document than before is not read."""
