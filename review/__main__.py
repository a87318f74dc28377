"""`python -m review` is `review`."""

from __future__ import annotations

from review.cli import main

if __name__ == "__main__":  # pragma: no branch -- nobody imports this
    main()
