"""of late responses it is known which edition of their period counted them first"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    # Those who came late before now are taken for having been there from the first.
    op.add_column("response", sa.Column("edition", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("response", "edition")
