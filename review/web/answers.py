"""The JSON that the API answers where all went well, for its schema."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class StoredRevision(BaseModel):
    """A criterion, and the revision of its mark that holds now."""

    criterion: str
    revision: int


class StoredBallot(BaseModel):
    """A ballot is on disk. `replay`: this operation had been stored before."""

    op: str
    stored_at: str = Field(description="An instant, UTC.")
    replay: bool
    revisions: list[StoredRevision]
    round_state: str


class KeptDraft(BaseModel):
    """When a draft was kept; null where it was forgotten."""

    kept_at: str | None


class RoundNow(BaseModel):
    """Where a round stands; `rubric` is the digest of the rubric that its forms are made from."""

    round: str
    rubric: str
    state: str
    version: int


class StateNow(BaseModel):
    """Who is signed in, and where the rounds stand that they serve."""

    now: str
    person: str
    csrf: str
    rounds: list[RoundNow]


class RecordHead(BaseModel):
    """The last event of the record, and the hash that stands for all of it."""

    seq: int
    hash: str


class PublishedResult(BaseModel):
    """What is published; `result` is as described for result.json."""

    published_at: str
    record: RecordHead
    result: dict[str, Any]
