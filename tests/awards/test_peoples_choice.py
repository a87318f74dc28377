from review.testing import run_award
from review_plugins.awards.peoples_choice import PeoplesChoice


def test_most_votes_win_and_equal_votes_go_to_the_higher_score() -> None:
    votes = {"votes": {"p1": 40, "p2": 52, "p3": 52}}
    winners = run_award(PeoplesChoice, {"p1": "9.1", "p2": "8.0", "p3": "8.5"}, facts=votes)
    assert winners == ["p3"]
