from __future__ import annotations

import re
from typing import TYPE_CHECKING

from review.stats.lottery import commitment

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result


def test_seed_is_fresh_and_comes_with_its_commitment(review: Callable[..., Result]) -> None:
    done = review("seed")
    (secret,) = re.findall(r'^draw_seed = "([0-9a-f]{40})"  # keep', done.output)
    assert f'\ncommitment = "{commitment(secret)}"  # publish this before\n' in done.output
    assert done.output != review("seed").output


def test_lines_of_a_seed_are_toml_in_every_language(review: Callable[..., Result]) -> None:
    import tomllib  # noqa: PLC0415 -- for this test alone

    made = tomllib.loads(review("seed", "--lang", "zh-Hans").output)
    assert made["commitment"] == commitment(made["draw_seed"])


def test_commitment_of_the_secret_is_confirmed(review: Callable[..., Result]) -> None:
    done = review("seed", "--check", "一个秘密", f" {commitment('一个秘密').upper()} ")
    assert (done.exit_code, done.output) == (0, "The commitment is that of this secret.\n")


def test_commitment_of_another_secret_is_told(review: Callable[..., Result]) -> None:
    done = review("seed", "--check", "one", commitment("other"))
    assert (done.exit_code, done.output) == (
        1,
        f"The commitment is not that of this secret, which would have been:\n{commitment('one')}\n",
    )
