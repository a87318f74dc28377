"""The tables of a live event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from review.store.triggers import create_triggers

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table, the empty chain and the triggers."""
    op.create_table(
        "definition",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("manifest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_definition")),
    )
    op.create_table(
        "event",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sa.UniqueConstraint("hash", name=op.f("uq_event_hash")),
    )
    op.create_index(op.f("ix_event_kind"), "event", ["kind"], unique=False)
    op.create_table(
        "head",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_head_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_head")),
    )
    op.create_table(
        "operation",
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("op", name=op.f("pk_operation")),
    )
    op.create_table(
        "person",
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("judge", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.String(), nullable=True),
        sa.Column("added", sa.String(), nullable=False),
        sa.CheckConstraint("role IN ('judge', 'organiser')", name=op.f("ck_person_role")),
        sa.CheckConstraint("withdrawn IN ('kept', 'left_out')", name=op.f("ck_person_withdrawn")),
        sa.PrimaryKeyConstraint("ref", name=op.f("pk_person")),
        sa.UniqueConstraint("judge", name=op.f("uq_person_judge")),
        sa.UniqueConstraint("login", name=op.f("uq_person_login")),
    )
    op.create_table(
        "proposal_state",
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("proposal", name=op.f("pk_proposal_state")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("until", sa.String(), nullable=True),
        sa.Column("withdrawn", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_table(
        "round_state",
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entrants", sa.Text(), nullable=True),
        sa.Column("coverage", sa.Text(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'open', 'locked', 'closed')", name=op.f("ck_round_state_state")
        ),
        sa.PrimaryKeyConstraint("round", name=op.f("pk_round_state")),
    )
    op.create_table(
        "words",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("round", sa.String(), nullable=True),
        sa.Column("proposal", sa.String(), nullable=True),
        sa.Column("criterion", sa.String(), nullable=True),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_words")),
    )
    op.create_index(
        op.f("ix_words_round_person_proposal"),
        "words",
        ["round", "person", "proposal"],
        unique=False,
    )
    op.create_table(
        "code",
        sa.Column("handle", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("made", sa.String(), nullable=False),
        sa.Column("expires", sa.String(), nullable=False),
        sa.Column("guesses", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.ref"], name=op.f("fk_code_person")),
        sa.PrimaryKeyConstraint("handle", name=op.f("pk_code")),
    )
    op.create_index(op.f("ix_code_person"), "code", ["person"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=True),
        sa.Column("second", sa.String(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("undone", sa.Integer(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["event.seq"], name=op.f("fk_decision_event")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_table(
        "definition_file",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("salt", sa.String(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["version"], ["definition.version"], name=op.f("fk_definition_file_version")
        ),
        sa.PrimaryKeyConstraint("version", "path", name=op.f("pk_definition_file")),
    )
    op.create_table(
        "draft",
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.ref"], name=op.f("fk_draft_person")),
        sa.PrimaryKeyConstraint("round", "person", "proposal", name=op.f("pk_draft")),
    )
    op.create_table(
        "link",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("made", sa.String(), nullable=False),
        sa.Column("expires", sa.String(), nullable=True),
        sa.Column("used", sa.String(), nullable=True),
        sa.Column("revoked", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.ref"], name=op.f("fk_link_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_link")),
    )
    op.create_index(op.f("ix_link_person"), "link", ["person"], unique=False)
    op.create_table(
        "mark_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("op", sa.String(), nullable=False),
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("round", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["event"], ["event.seq"], name=op.f("fk_mark_revision_event")),
        sa.ForeignKeyConstraint(["op"], ["operation.op"], name=op.f("fk_mark_revision_op")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark_revision")),
        sa.UniqueConstraint(
            "op",
            "round",
            "person",
            "proposal",
            "criterion",
            name=op.f("uq_mark_revision_op_round_person_proposal_criterion"),
        ),
        sa.UniqueConstraint(
            "round",
            "person",
            "proposal",
            "criterion",
            "revision",
            name=op.f("uq_mark_revision_round_person_proposal_criterion_revision"),
        ),
    )
    op.create_index(
        op.f("ix_mark_revision_round_proposal"),
        "mark_revision",
        ["round", "proposal"],
        unique=False,
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("made", sa.String(), nullable=False),
        sa.Column("seen", sa.String(), nullable=False),
        sa.Column("expires", sa.String(), nullable=False),
        sa.Column("revoked", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.ref"], name=op.f("fk_session_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_person"), "session", ["person"], unique=False)
    op.execute(
        "INSERT INTO head (id, seq, hash) VALUES"
        " (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')"
    )
    create_triggers(op.get_bind())
