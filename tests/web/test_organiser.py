"""The organiser's pages over HTTP, on a real event."""

from __future__ import annotations

import html
import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from review import app
from review.store import changes, publications, rounds
from tests.occasion import JUDGES, PROPOSALS, Occasion, Visitor, make_folder, secret_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = {"need": "8", "team/fit": "7"}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Occasion]:
    """An event in which nothing has happened yet."""
    occasion = Occasion.of(make_folder(tmp_path / "hall"))
    yield occasion
    occasion.event.close()


@pytest.fixture
def chair(hall: Occasion) -> Visitor:
    """The organiser."""
    return hall.organiser()


def open_round(chair: Visitor, round_id: str = "pitch", version: int = 0) -> None:
    answer = chair.post("/organiser/round", {"version": str(version)}, round=round_id, to="open")
    assert answer.status_code == 303, answer.text


def mark_all(hall: Occasion, *, without: tuple[str, ...] = ()) -> None:
    """Every judge gives every proposal something, the first proposal the most."""
    for judge in JUDGES:
        if judge not in without:
            visitor = hall.judge(judge)
            for place, proposal in enumerate(PROPOSALS):
                need = str(9 - 2 * place)
                answer = visitor.mark(proposal, {"need": need, "team/fit": "7"})
                assert answer.status_code == 200, answer.text


def words(answer: object) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.text, flags=re.DOTALL)  # type: ignore[attr-defined]
    return " ".join(html.unescape(text).split())


def closed(hall: Occasion, chair: Visitor) -> None:
    """The first round, marked by all and closed."""
    open_round(chair)
    mark_all(hall)
    chair.post("/organiser/round", {"version": "1"}, round="pitch", to="locked")
    answer = chair.post("/organiser/round", {"version": "2"}, round="pitch", to="closed")
    assert answer.status_code == 303


def test_round_goes_through_its_states_and_says_before_what_each_does(
    hall: Occasion, chair: Visitor
) -> None:
    page = words(chair.get("/organiser/round", round="pitch", to="open"))
    assert "4 proposals enter; the list is fixed from then on." in page
    assert "3 judges see it on their phones" in page
    open_round(chair)
    mark_all(hall, without=("wei/3",))
    page = words(chair.get("/organiser/round", round="pitch", to="locked"))
    assert "66 % of the marks are there, 8 are missing." in page
    assert "Wei 韦 0 of 4" in page
    chair.post("/organiser/round", {"version": "1"}, round="pitch", to="locked")
    page = words(chair.get("/organiser/round", round="pitch", to="closed"))
    assert "closed with 16 of 24 marks" in page
    assert "counts neither as zero" in page
    bare = chair.post("/organiser/round", {"version": "2"}, round="pitch", to="closed")
    assert bare.status_code == 422
    assert "Why (needed; it goes into the record)" in words(bare)
    assert 'aria-invalid="true" aria-describedby="why-problem"' in bare.text
    done = {"version": "2", "why": "the hall closes"}
    assert chair.post("/organiser/round", done, round="pitch", to="closed").status_code == 303
    assert "Closed with 16 of 24 marks." in words(chair.get("/organiser"))
    page = words(chair.get("/organiser/round", round="pitch", to="open"))
    assert "What was published stays as it is" in page
    again = {"version": "3", "why": "a judge came back", "confirmed": "yes"}
    assert chair.post("/organiser/round", again, round="pitch", to="open").status_code == 303


def test_round_that_somebody_else_changed_is_left_alone(chair: Visitor) -> None:
    open_round(chair)
    answer = chair.post("/organiser/round", {"version": "0"}, round="pitch", to="locked")
    assert answer.status_code == 409
    assert "somebody else has changed round" in words(answer)


def test_locked_round_can_be_opened_again_with_a_reason(chair: Visitor) -> None:
    open_round(chair)
    chair.post("/organiser/round", {"version": "1"}, round="pitch", to="locked")
    page = words(chair.get("/organiser/round", round="pitch", to="open"))
    assert "Judges can mark and correct again. The entrants stay as they are." in page
    form = {"version": "2", "why": "the projector failed"}
    assert chair.post("/organiser/round", form, round="pitch", to="open").status_code == 303


def test_round_whose_entrants_are_not_decided_says_so_instead_of_a_button(chair: Visitor) -> None:
    answer = chair.get("/organiser/round", round="final", to="open")
    assert "to be closed first" in words(answer)
    assert 'name="version"' not in answer.text


@pytest.mark.parametrize("query", [
    {"round": "nowhere", "to": "open"}, {"round": "pitch", "to": "closed"},
])  # fmt: skip
def test_step_that_is_not_there_is_not_found(chair: Visitor, query: dict[str, str]) -> None:
    assert chair.get("/organiser/round", **query).status_code == 404


def test_entrants_are_brought_up_to_date_after_a_change_in_the_round_before(
    hall: Occasion, chair: Visitor
) -> None:
    closed(hall, chair)
    open_round(chair, "final")
    page = chair.get("/organiser/round", round="final", to="entrants")
    assert "They are as they should be." in words(page)
    gone = {"proposal": "p01", "status": "withdrawn", "why": "moved away"}
    chair.post("/organiser/proposal/status", gone)
    assert "would have other entrants" in words(chair.get("/organiser"))
    page = words(chair.get("/organiser/round", round="final", to="entrants"))
    assert "Idea 3 comes in." in page
    assert "Idea 1 leaves; its marks stay in the record." in page
    form = {"version": "1"}
    assert chair.post("/organiser/round", form, round="final", to="entrants").status_code == 303
    with hall.event.database.reading() as conn:
        assert rounds.state(conn, "final").entrants == ("p02", "p/03")


def test_matrix_says_who_has_done_what_and_who_is_behind(hall: Occasion, chair: Visitor) -> None:
    assert "Nothing to see before a round opens." in words(chair.get("/organiser/coverage"))
    assert "Nothing to see before a round opens." in words(chair.get("/organiser/disagreement"))
    open_round(chair)
    lin = hall.judge()
    lin.mark("p01", FULL)
    lin.mark("p02", {"need": "3"})
    page = words(chair.get("/organiser/coverage"))
    assert "Lin 林 1/4 ✓ ½" in page
    assert "Ballots done 1 1 0 0 0" in page
    assert "Zhou 周 0 of 4 4 none yet" in page


def test_widest_spread_comes_first_with_those_furthest_apart(
    hall: Occasion, chair: Visitor
) -> None:
    open_round(chair)
    assert "No proposal has two ballots yet." in words(chair.get("/organiser/disagreement"))
    for judge, need in zip(JUDGES, ("2", "9", "5"), strict=True):
        visitor = hall.judge(judge)
        visitor.mark("p01", {"need": need, "team/fit": "5"})
        visitor.mark("p02", {"need": "5", "team/fit": "5"})
    answer = chair.get("/organiser/disagreement")
    page = words(answer)
    assert "4.20 Lin 林 3.20 Zhou 周 7.40" in page
    assert page.index("Idea 1") < page.index("Idea 2")
    assert answer.text.count("<circle") == 6


def test_standings_are_provisional_until_every_mark_is_there(
    hall: Occasion, chair: Visitor
) -> None:
    assert "Standings" in words(chair.get("/organiser/standings"))
    open_round(chair)
    mark_all(hall, without=("wei/3",))
    page = words(chair.get("/organiser/standings"))
    assert "Provisional: 16 of 24 marks." in page
    assert "goes on" in page
    mark_all(hall, without=("lin", "zhou"))
    assert "the round is not closed" in words(chair.get("/organiser/standings"))
    hall.move("locked", "closed")
    assert "Closed; all 24 marks are there." in words(chair.get("/organiser/standings"))
    assert "may still change" not in words(chair.get("/organiser/standings"))


def test_judge_gets_a_link_that_works_and_a_code_once(hall: Occasion, chair: Visitor) -> None:
    ref = hall.ref("wei/3")
    answer = chair.post("/organiser/judge/link", {"ref": ref})
    url = re.search(r'id="address">([^<]+)<', answer.text)
    assert url is not None
    visitor = hall.visitor()
    visitor.get(url.group(1).removeprefix("https://judging.example.org"))
    assert "Wei 韦" in words(visitor.get("/join"))
    answer = chair.post("/organiser/judge/code", {"ref": ref})
    code = re.search(r'class="code">([^<]+)<', answer.text)
    assert code is not None
    typing = hall.visitor()
    typing.csrf = secret_of(typing.get("/join").text)
    assert typing.post("/join", {"code": code.group(1)}).status_code == 303
    assert code.group(1) not in chair.get("/organiser/judge", ref=ref).text


def test_judge_is_signed_out_and_locked_out(hall: Occasion, chair: Visitor) -> None:
    wei, ref = hall.judge("wei/3"), hall.ref("wei/3")
    chair.post("/organiser/judge/sign-out", {"ref": ref})
    assert wei.get("/api/state").status_code == 401
    assert "1 link works." in words(chair.get("/organiser/judge", ref=ref))
    chair.post("/organiser/judge/revoke", {"ref": ref})
    assert "0 links work." in words(chair.get("/organiser/judge", ref=ref))
    assert "signed out" in words(chair.get("/organiser/judges"))


@pytest.mark.parametrize("path", ["link", "code", "revoke", "sign-out", "restore"])
def test_nobody_is_managed_who_is_not_there(chair: Visitor, path: str) -> None:
    assert chair.post(f"/organiser/judge/{path}", {"ref": "nobody"}).status_code == 404


def test_withdrawing_a_judge_shows_the_effect_before(hall: Occasion, chair: Visitor) -> None:
    open_round(chair)
    mark_all(hall, without=("zhou",))
    zhou = hall.judge("zhou")
    for place, proposal in enumerate(PROPOSALS):
        zhou.mark(proposal, {"need": str(10 * (place == 3)), "team/fit": "0"})
    ref = hall.ref("zhou")
    page = words(chair.get("/organiser/judge/withdraw", ref=ref, how="left_out"))
    assert "Idea 4" in page
    assert "▼" in page
    form = {"ref": ref, "how": "left_out", "why": "was not independent"}
    assert chair.post("/organiser/judge/withdraw", form).status_code == 303
    assert "do not count" in words(chair.get("/organiser/judge", ref=ref))
    assert zhou.get("/api/state").status_code == 401
    assert chair.post("/organiser/judge/restore", {"ref": ref}).status_code == 303
    assert "Withdraw this judge" in words(chair.get("/organiser/judge", ref=ref))


def test_round_that_cannot_open_says_why_by_titles_instead_of_a_button(chair: Visitor) -> None:
    page = chair.get("/organiser")
    why = "It cannot open yet: the entrants of round “Final” come from Pitch, to be closed first"
    assert why in words(page)
    assert page.text.count("to=open") == 1


def mark_tied(hall: Occasion) -> None:
    """The best first, and the others equal, so that one of them is left for the last place."""
    for judge in JUDGES:
        visitor = hall.judge(judge)
        for proposal in PROPOSALS:
            need = "9" if proposal == "p01" else "5"
            visitor.mark(proposal, {"need": need, "team/fit": "7"})


@pytest.fixture
def tied(tmp_path: Path) -> Iterator[Occasion]:
    """A closed round in which three are equal at the line."""
    folder = make_folder(tmp_path / "tied")
    rules = folder / "competition.toml"
    rules.write_text(rules.read_text().replace('line = "chain"', 'line = "report"'))
    rubric = folder / "rubrics/pitch.toml"
    rubric.write_text(rubric.read_text().replace('["criterion:need", "lot"]', '["share"]'))
    occasion = Occasion.of(folder)
    occasion.move("open")
    mark_tied(occasion)
    occasion.move("locked", "closed")
    yield occasion
    occasion.event.close()


def test_undecided_tie_is_told_on_the_card_the_rulings_and_the_standings(tied: Occasion) -> None:
    chair = tied.organiser()
    page = words(chair.get("/organiser"))
    assert "3 proposals wait for a ruling: Idea 2, Idea 3, Idea 4 Rulings" in page
    shortlist = "the shortlist of round “Pitch” is not decided: Idea 3, Idea 2, Idea 4"
    assert f"It cannot open yet: {shortlist}; give a ruling first" in page
    assert shortlist in words(chair.get("/organiser/round", round="final", to="open"))
    page = words(chair.get("/organiser/standings", round="final"))
    assert "round “Final” cannot start: the shortlist of “Pitch” is undecided" in page
    assert "`" not in page
    page = words(chair.post("/organiser/publish/preview", {"rounds": ["pitch"]}))
    assert "3 proposals wait for a ruling; the page calls them undecided." in page
    answer = chair.get("/organiser/decisions", round="pitch", proposal="p/03")
    assert "“Pitch”: these wait for a ruling" in words(answer)
    assert "proposal=p/03#ruling" in answer.text
    assert '<option value="p/03" selected>' in answer.text
    ruling = {"round": "pitch", "proposal": "p02", "what": "in", "by": "Chair", "why": "so"}
    page = words(chair.post("/organiser/decisions/preview", ruling))
    assert "Idea 2 2 5.80 undecided → goes on" in page
    assert "Final" not in page
    for proposal, what in (("p02", "in"), ("p/03", "out"), ("提案四", "out")):
        chair.post("/organiser/decisions", {**ruling, "proposal": proposal, "what": what})
    assert "wait for a ruling" not in words(chair.get("/organiser"))
    page = words(chair.get("/organiser/standings", round="pitch"))
    assert "goes on by ruling shares the place · in by decision of Chair: so" in page
    assert "by ruling shares the place · out by decision of Chair: so" in page


def test_form_of_a_ruling_says_at_its_fields_what_is_missing_and_keeps_the_rest(
    chair: Visitor,
) -> None:
    said = {"round": "final", "what": "tie:2", "by": " ", "why": "", "second": "Deputy"}
    answer = chair.post("/organiser/decisions/preview", said)
    assert answer.status_code == 422
    found = re.findall(r'class="problem" id="([a-z]+)-problem"[^>]*>([^<]+)<', answer.text)
    assert found == [
        ("proposal", "Choose a proposal."), ("by", "Say who rules."),
        ("why", "Say why: the reason goes into the record."),
    ]  # fmt: skip
    assert '<option value="final" selected>' in answer.text
    assert '<option value="tie:2" selected>' in answer.text
    assert 'name="second" maxlength="200" autocomplete="off" value="Deputy"' in answer.text


def test_reason_that_is_blank_is_asked_for_at_its_field(hall: Occasion, chair: Visitor) -> None:
    for path, form in (
        ("/organiser/judge/withdraw", {"ref": hall.ref("lin"), "how": "kept"}),
        ("/organiser/proposal/status", {"proposal": "p01", "status": "withdrawn"}),
    ):
        answer = chair.post(path, {**form, "why": " "})
        assert answer.status_code == 422
        assert 'id="why-problem" role="alert">Say why' in answer.text
    assert hall.judge("lin").get("/api/state").status_code == 200


def test_round_others_come_from_is_reopened_only_by_who_knows_it(
    hall: Occasion, chair: Visitor
) -> None:
    closed(hall, chair)
    open_round(chair, "final")
    form = {"version": "3", "why": "a slip"}
    answer = chair.post("/organiser/round", form, round="pitch", to="open")
    assert answer.status_code == 409
    assert 'id="confirmed-problem" role="alert">The entrants of Final came from' in answer.text
    assert ">a slip</textarea>" in answer.text


@pytest.mark.parametrize(("base", "warned"), [
    ("http://localhost:8000", True), ("http://127.0.0.1:8000", True), ("http://[::1]:8000", True),
    ("http://0.0.0.0:8000", True), ("http://192.168.1.5:8000", False), ("https://x.org", False),
])  # fmt: skip
def test_pages_of_links_warn_of_an_address_that_phones_cannot_open(
    tmp_path: Path, base: str, *, warned: bool
) -> None:
    occasion = Occasion.of(make_folder(tmp_path / "hall"), base_url=base)
    chair = occasion.organiser()
    sent = [
        chair.get("/organiser/links"),
        chair.post("/organiser/links", {"whom": "all", "before": "keep"}),
        chair.post("/organiser/judge/link", {"ref": occasion.ref("lin")}),
        chair.post("/organiser/account/organiser", {"name": "Deputy"}),
        chair.get("/organiser/publish"),
    ]
    occasion.event.close()
    found = [f"Phones cannot open this address: {base}" in words(answer) for answer in sent]
    assert found == [warned] * len(sent)


def test_organiser_sets_a_name(hall: Occasion) -> None:
    chair = hall.organiser("")
    assert "Type a name." in words(chair.post("/organiser/account/name", {"name": " "}))
    assert chair.post("/organiser/account/name", {"name": "Olga"}).status_code == 303
    assert "Olga you" in words(chair.get("/organiser/account"))
    assert "Olga corrected the name of Olga" in words(chair.get("/organiser/record"))


def test_public_is_told_of_missing_marks_and_of_rulings(hall: Occasion, chair: Visitor) -> None:
    open_round(chair)
    mark_all(hall, without=("wei/3",))
    ruling = {
        "round": "pitch", "proposal": "提案四", "what": "out", "by": "Chair", "why": "agreed",
    }  # fmt: skip
    chair.post("/organiser/decisions", ruling)
    hall.move("locked", "closed")
    assert "Closed with 16 of 24 marks" in words(chair.get("/organiser/standings"))
    page = words(chair.post("/organiser/publish/preview", {"rounds": ["pitch"]}))
    assert "4 proposals, with rank, score and notes. 2 go on. 16 of 24 marks came in" in page
    assert "1 Idea 1 8.20 2 Idea 2 7.00 3 Idea 3 5.80" in page
    assert "1 place is by ruling" in page
    assert "No awards are shown." in page
    assert hall.visitor().get("/results").status_code == 404
    chair.post("/organiser/publish", {"rounds": ["pitch"]})
    page = words(hall.visitor().get("/results"))
    assert "Pitch 16 of 24 marks came in." in page
    assert "by ruling out by decision of Chair: agreed" in page


def test_nothing_is_published_but_what_was_shown(hall: Occasion, chair: Visitor) -> None:
    closed(hall, chair)
    page = chair.get("/organiser/publish").text
    assert "checked" not in page
    form = {"rounds": ["pitch"], "until": "2999-01-01T00:00:00.000Z"}
    answer = chair.post("/organiser/publish/preview", form)
    assert "It is not shown before" in words(answer)
    seen = re.search(r'name="seen" value="(\w+)"', answer.text)
    assert seen is not None
    form["seen"] = seen.group(1)
    gone = {"proposal": "p01", "status": "withdrawn", "why": "moved away"}
    chair.post("/organiser/proposal/status", gone)
    again = chair.post("/organiser/publish", form)
    assert again.status_code == 409
    assert "The results have changed since this page showed them." in words(again)
    seen = re.search(r'name="seen" value="(\w+)"', again.text)
    assert seen is not None
    form["seen"] = seen.group(1)
    assert chair.post("/organiser/publish", form).status_code == 303
    for wrong, told in (
        ({"rounds": []}, "Choose at least one round."),
        ({"rounds": ["final"]}, "“Final” is not closed yet."),
        ({"rounds": ["pitch"], "awards": "yes"}, "The awards can be published when all"),
        ({"rounds": ["pitch"], "until": "soon"}, "That is no date and time."),
    ):
        for path in ("/organiser/publish", "/organiser/publish/preview"):
            assert told in words(chair.post(path, wrong))
    assert chair.post("/organiser/publish", {"rounds": ["none"]}).status_code == 404


def test_judges_who_agree_are_not_called_far_apart(hall: Occasion, chair: Visitor) -> None:
    open_round(chair)
    for judge in ("lin", "zhou"):
        hall.judge(judge).mark("p01", FULL)
    answer = chair.get("/organiser/disagreement")
    assert "0.00 all the same" in words(answer)
    assert "dot far" not in answer.text


def test_sheet_has_a_new_link_for_each_judge_without_one(hall: Occasion, chair: Visitor) -> None:
    hall.judge("lin")
    page = words(chair.get("/organiser/links"))
    assert ("Judges without a link (2)" in page, "All judges (3)" in page) == (True, True)
    answer = chair.post("/organiser/links", {"whom": "new", "before": "keep"})
    assert answer.text.count("sheet-block") - answer.text.count("sheet-blocks") == 2
    assert answer.text.count('class="segno"') == 2
    assert "Hall Pitch 2026 Zhou 周 zhou" in words(answer)
    answer = chair.post("/organiser/links", {"whom": "new", "before": "keep"})
    assert "Every judge has a link already." in words(answer)
    lin = hall.judge("lin")
    chair.post("/organiser/links", {"whom": "all", "before": "revoke"})
    assert lin.get("/api/state").status_code == 401


def test_proposal_drops_out_and_comes_back_with_the_effect_before(
    hall: Occasion, chair: Visitor
) -> None:
    open_round(chair)
    mark_all(hall)
    page = words(chair.get("/organiser/proposal", proposal="p01"))
    assert ("Quokkas" in page, "It takes part again" in page) == (True, False)
    query = {"proposal": "p01", "status": "withdrawn"}
    page = words(chair.get("/organiser/proposal/status", **query))
    assert "Idea 2 2 → 1 ▲ 1" in page
    assert "reserve" not in page
    chair.post("/organiser/proposal/status", {**query, "why": "moved away"})
    assert "withdrawn moved away" in words(chair.get("/organiser/proposals"))
    back = {"proposal": "p01", "status": "restored"}
    assert "Its marks count again" in words(chair.get("/organiser/proposal/status", **back))
    chair.post("/organiser/proposal/status", {**back, "why": "came back"})
    with hall.event.database.reading() as conn:
        assert changes.statuses(conn)["p01"].status is None
    assert chair.get("/organiser/proposal", proposal="nowhere").status_code == 404


def test_ruling_is_shown_recorded_and_undone(hall: Occasion, chair: Visitor) -> None:
    open_round(chair)
    mark_all(hall)
    ruling = {
        "round": "pitch", "proposal": "提案四", "what": "in", "by": "Chair", "second": "Deputy",
        "why": "the jury agreed",
    }  # fmt: skip
    page = words(chair.post("/organiser/decisions/preview", ruling))
    assert "“Idea 4”: goes on?" in page
    assert "Pitch. Ruled by Chair, Deputy: the jury agreed" in page
    with hall.event.database.reading() as conn:
        assert changes.decisions(conn) == []
    assert chair.post("/organiser/decisions", ruling).status_code == 303
    assert "goes on Chair, Deputy the jury agreed" in words(chair.get("/organiser/decisions"))
    assert "Undo the ruling" in words(chair.get("/organiser/decisions/undo", id="1"))
    assert chair.post("/organiser/decisions/undo", {"id": "1"}).status_code == 303
    assert chair.get("/organiser/decisions/undo", id="1").status_code == 404
    for wrong in ({"what": "award:none"}, {"round": "none"}, {"proposal": "none"}):
        assert chair.post("/organiser/decisions", {**ruling, **wrong}).status_code == 404


def test_published_results_are_public_until_withdrawn(hall: Occasion, chair: Visitor) -> None:
    closed(hall, chair)
    public = hall.visitor()
    assert public.get("/results").status_code == 404
    assert "Choose at least one round." in words(chair.post("/organiser/publish"))
    assert chair.post("/organiser/publish", {"rounds": ["pitch"]}).status_code == 303
    page = words(public.get("/results"))
    assert ("Idea 1" in page, "Head of the record" in page) == (True, True)
    found = public.get("/api/results").json()
    with hall.event.database.reading() as conn:
        kept = publications.publications(conn)[0]
    assert found["record"] == {"seq": kept.seq, "hash": kept.hash}
    assert found["result"]["rounds"][0]["id"] == "pitch"
    report = public.get("/results/report")
    assert report.text == kept.page
    assert "sha256-" in report.headers["content-security-policy"]
    assert hall.judge("lin").get("/results").status_code == 200
    assert "public" in words(chair.get("/organiser/publish"))
    assert chair.post("/organiser/publish/withdraw", {"id": "1"}).status_code == 303
    assert public.get("/results").status_code == 404


def test_embargo_keeps_results_from_everybody_until_its_end(hall: Occasion, chair: Visitor) -> None:
    closed(hall, chair)
    form = {"rounds": ["pitch"], "until": "2999-01-01T00:00:00.000Z", "local": "2999-01-01T00:00"}
    assert chair.post("/organiser/publish", form).status_code == 303
    assert hall.visitor().get("/results").status_code == 404
    assert "embargoed" in words(chair.get("/organiser/publish"))
    for until in ("soon", ""):
        answer = chair.post("/organiser/publish", {**form, "until": until})
        assert "That is no date and time." in words(answer)


def test_record_says_in_words_who_did_what_and_whether_it_is_unbroken(
    hall: Occasion, chair: Visitor
) -> None:
    open_round(chair)
    hall.judge().mark("p01", FULL)
    page = words(chair.get("/organiser/record"))
    assert "Chair opened round “Pitch”" in page
    assert "gave “Idea 1”" not in page
    page = words(chair.get("/organiser/record", show="all", check="yes"))
    assert "Lin 林 gave “Idea 1” in round “Pitch”: Need 8, Team 7" in page
    assert "unbroken" in page
    assert "Nothing here." in words(chair.get("/organiser/record", before="1"))


def test_export_is_a_folder_with_the_same_result_and_files_hold_every_format(
    hall: Occasion, chair: Visitor, tmp_path: Path
) -> None:
    open_round(chair)
    mark_all(hall)
    answer = chair.get("/organiser/export")
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path / "out")
    result = app.run(app.load(tmp_path / "out"))
    assert [s.proposal for s in result.round("pitch").standings] == list(PROPOSALS)
    names = zipfile.ZipFile(io.BytesIO(chair.get("/organiser/files").content)).namelist()
    assert {"result.json", "manifest.json", "results.xlsx", "report.html"} <= set(names)
    page = words(chair.get("/organiser/record"))
    assert "Chair exported the result files" in page
    assert "Chair exported the event as a folder" in page


def test_folder_is_read_again_as_the_page_showed_it(
    hall: Occasion, chair: Visitor, tmp_path: Path
) -> None:
    table = tmp_path / "hall" / "proposals.csv"
    assert "the same" in words(chair.get("/organiser/definition"))
    table.write_text(table.read_text().replace("Idea 2", "Idea two"))
    answer = chair.get("/organiser/definition")
    assert "+p02,Idea two" in words(answer)
    digest = re.search(r'name="digest" value="([^"]+)"', answer.text)
    assert digest is not None
    form = {"version": "1", "digest": digest.group(1)}
    table.write_text(table.read_text().replace("Idea two", "Idea II"))
    assert chair.post("/organiser/definition", form).status_code == 409
    table.write_text(table.read_text().replace("Idea II", "Idea two"))
    assert chair.post("/organiser/definition", form).status_code == 303
    assert "Idea two" in words(chair.get("/organiser/proposals"))
    table.write_text(table.read_text().replace("p02", "p01"))
    assert "The folder has 1 error" in words(chair.get("/organiser/definition"))
    (tmp_path / "hall" / "competition.toml").write_text("format = 2")
    assert "The folder has 1 error" in words(chair.get("/organiser/definition"))


def test_server_without_a_folder_says_so(hall: Occasion) -> None:
    bare = Occasion(hall.event)
    chair = bare.organiser()
    assert "This server has no folder" in words(chair.get("/organiser/definition"))
    form = {"version": "1", "digest": "x"}
    assert chair.post("/organiser/definition", form).status_code == 409


def test_organiser_sets_a_password_and_signs_in_with_it(hall: Occasion, chair: Visitor) -> None:
    for login, password, problem in (
        (" ", "four quiet words", "A name to sign in with is wanted."),
        ("chair", "short", "too short"),
        ("chair", "Password123!", "among the first"),
        ("chairperson", "ChairPerson", "among the first"),
    ):
        form = {"login": login, "password": password}
        assert problem in words(chair.post("/organiser/account", form))
    form = {"login": "chair", "password": "four quiet words"}
    assert chair.post("/organiser/account", form).status_code == 303
    assert "Saved." in words(chair.get("/organiser/account", saved="yes"))
    other = hall.organiser("Deputy")
    assert "Somebody else signs in" in words(other.post("/organiser/account", form))
    visitor = hall.visitor()
    visitor.csrf = secret_of(visitor.get("/sign-in").text)
    assert visitor.post("/sign-in", form).headers["location"] == "/organiser"


def test_other_sessions_end_and_this_one_stays(hall: Occasion, chair: Visitor) -> None:
    elsewhere = hall.organiser()
    assert chair.post("/organiser/account/sign-out").status_code == 303
    assert (chair.get("/organiser").status_code, elsewhere.get("/organiser").status_code) == (
        200,
        303,
    )


def test_organiser_invites_another(hall: Occasion, chair: Visitor) -> None:
    answer = chair.post("/organiser/account/organiser", {"name": "Deputy"})
    url = re.search(r'id="address">([^<]+)<', answer.text)
    assert url is not None
    visitor = hall.visitor()
    visitor.get(url.group(1).removeprefix("https://judging.example.org"))
    assert "Deputy" in words(visitor.get("/join"))


@pytest.mark.parametrize("query", [{"view": "nothing"}, {"view": "coverage", "round": "nowhere"}])
def test_stream_of_nothing_is_not_found(chair: Visitor, query: dict[str, str]) -> None:
    assert chair.get("/organiser/events", **query).status_code == 404


def test_polling_gives_what_changed_or_asks_for_the_page_again(
    hall: Occasion, chair: Visitor
) -> None:
    open_round(chair)
    page = chair.get("/organiser/coverage").text
    mark = re.search(r'data-mark="([^"]+)"', page)
    assert mark is not None
    query = {"view": "coverage", "round": "pitch", "poll": "yes"}
    same = chair.get("/organiser/events", **query, mark=mark.group(1))
    assert (same.status_code, same.text) == (200, "")
    hall.judge().mark("p01", FULL)
    changed = chair.get("/organiser/events", **query, mark=mark.group(1))
    assert '<tr id="j0" hx-swap-oob="outerMorph">' in changed.text
    assert changed.headers["x-mark"] != mark.group(1)
    assert chair.get("/organiser/events", **query, mark="1-other").status_code == 205
