"""Who owns the fields of an object, in short, beside each revision (decision 0050)."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    # The default is for the previous release's code, which does not name the column.
    op.add_column("log", sa.Column("owners", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Undo."""
    op.drop_column("log", "owners")
