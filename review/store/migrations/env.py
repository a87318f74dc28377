"""How Alembic runs our migrations: on the connection that it is handed, in its transaction."""

from __future__ import annotations

from alembic import context

from review.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
)
context.run_migrations()
