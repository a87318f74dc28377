"""The database of a live event: what was marked, by whom, when, under which rules."""
