"""accounts: roles per survey, links, second factor, audit log"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ROLES = "'administrator', 'organizer', 'translator', 'researcher', 'viewer'"
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    # SQLite makes a changed table anew, so its rows are referred to only afterwards.
    roles = op.get_bind().execute(sa.text("SELECT id, role FROM user_account")).all()
    with op.batch_alter_table("user_account") as table:
        table.drop_constraint(op.f("ck_user_account_role_is_known"), type_="check")
        table.drop_column("role")
        table.alter_column("password_hash", existing_type=sa.String(length=200), nullable=True)
        table.add_column(sa.Column("language", sa.String(length=20), nullable=False, server_default=""))
        table.add_column(sa.Column("epoch", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("disabled_at", _TIME, nullable=True))
    with op.batch_alter_table("user_account") as table:
        table.alter_column("language", existing_type=sa.String(length=20), server_default=None)
        table.alter_column("epoch", existing_type=sa.Integer(), server_default=None)
    grants = op.create_table(
        "role_grant",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("granted_at", _TIME, nullable=False),
        sa.CheckConstraint(f"role IN ({_ROLES})", name=op.f("ck_role_grant_role_is_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["user_account.id"], name=op.f("fk_role_grant_account_id_user_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "scope", "role", name=op.f("pk_role_grant")),
    )
    now = datetime.now(UTC)
    op.bulk_insert(
        grants,
        [{"account_id": account, "scope": "*", "role": role, "granted_at": now} for account, role in roles],
    )
    _make_ways_in()
    _make_audit_log()


def _make_ways_in() -> None:
    op.create_table(
        "account_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.CheckConstraint("purpose IN ('invitation', 'reset')", name=op.f("ck_account_link_purpose_is_known")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["user_account.id"], name=op.f("fk_account_link_account_id_user_account")
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_account_link")),
    )
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("confirmed_at", _TIME, nullable=True),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["user_account.id"], name=op.f("fk_second_factor_account_id_user_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["user_account.id"], name=op.f("fk_recovery_code_account_id_user_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "code_hash", name=op.f("pk_recovery_code")),
    )


def _make_audit_log() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("survey", sa.String(length=60), nullable=False),
        sa.Column("person", sa.String(length=254), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_audit_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.bulk_insert(head, [{"id": 1, "entries": 0, "hash": ""}])


def downgrade() -> None:
    """Goes back to one role for the whole site: who organizes or administers anything becomes an organizer, and who
    has no password yet is forgotten."""
    organizers = set(
        op.get_bind()
        .execute(sa.text("SELECT account_id FROM role_grant WHERE role IN ('organizer', 'administrator')"))
        .scalars()
    )
    for table_name in ("audit_head", "audit_entry", "recovery_code", "second_factor", "account_link", "role_grant"):
        op.drop_table(table_name)
    op.execute(sa.text("DELETE FROM user_account WHERE password_hash IS NULL OR disabled_at IS NOT NULL"))
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("role", sa.String(length=20), nullable=False, server_default="researcher"))
        table.create_check_constraint(op.f("ck_user_account_role_is_known"), "role IN ('organizer', 'researcher')")
        table.alter_column("password_hash", existing_type=sa.String(length=200), nullable=False)
        table.drop_column("language")
        table.drop_column("epoch")
        table.drop_column("disabled_at")
    for account in organizers:
        op.execute(sa.text("UPDATE user_account SET role = 'organizer' WHERE id = :id").bindparams(id=account))
    with op.batch_alter_table("user_account") as table:
        table.alter_column("role", existing_type=sa.String(length=20), server_default=None)
