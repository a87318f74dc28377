"""${message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from review.store.triggers import create_triggers

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}
    create_triggers(op.get_bind())
