"""All manuscripts at once: the answer, who may read it, and what it does to the panels."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import grant_role
from accounts.models import Affiliation, RoleName, User
from editors import schedule, tasks
from editors.actions import apply_matching, ask_matching, invite_panel
from editors.actions.assignments import Pick
from editors.matching import Asked, match
from editors.models import EditorConflict, MatchedPanel, MatchingRun
from editors.states import MatchingMode
from reviews.actions import decline_assignment
from reviews.models import Assignment, Publication, ReviewerProfile
from submissions.models import Version
from submissions.states import Stage
from tests.editors.building import add_version, make_manuscript
from tmi_special_issue import audit, clock, doorbell
from tmi_special_issue.models import SpecialIssue, Topic
from tmi_special_issue.refusal import Refusal

ClientOf = Callable[[User], Client]


@dataclass(frozen=True)
class Someone:
    """A person as the matching sees one."""

    public_id: str
    pk: int = 0
    country: str = ""


@dataclass(frozen=True)
class Fits:
    """One person for one manuscript."""

    user: Someone
    score: float
    affiliation: str = ""
    is_senior: bool = True
    is_suggested: bool = False
    is_blocked: bool = False
    is_asked: bool = False
    needs_reason: bool = False
    state: str = ""
    load: int = 0
    load_limit: int = 3
    reasons: tuple[str, ...] = ("Why.",)


def fits(name: str, score: float, **others: object) -> Fits:
    return Fits(Someone(name), score, **others)  # type: ignore[arg-type]


def names(answer: object, row: int) -> set[str]:
    return {person.person for person in answer.served[row].people}  # type: ignore[attr-defined]


# --- The answer ---------------------------------------------------------------------------------


def test_nobody_is_given_more_than_their_limit_and_the_sum_is_the_highest() -> None:
    both = [fits("a", 0.9, load_limit=1), fits("b", 0.5), fits("c", 0.1)]
    other = [fits("a", 0.8, load_limit=1), fits("b", 0.2), fits("c", 0.7)]
    answer = match([Asked("one", 1, both), Asked("two", 1, other)], MatchingMode.BEST)
    assert [names(answer, 0), names(answer, 1)] == [{"a"}, {"c"}]
    assert (answer.fit, answer.is_optimal, answer.loads) == (1.6, True, {"a": 1, "c": 1})
    [chosen] = answer.served[0].people
    assert (chosen.runner_up, chosen.runner_up_fit, chosen.is_in_demand) == ("b", 0.5, True)


def test_fair_lifts_the_worst_served_first() -> None:
    first = [fits("a", 1.0, load_limit=1), fits("b", 0.6, load_limit=1)]
    second = [fits("a", 0.5, load_limit=1), fits("b", 0.0, load_limit=1)]
    asked = [Asked("one", 1, first), Asked("two", 1, second)]
    fair, best = match(asked, MatchingMode.FAIR), match(asked, MatchingMode.BEST)
    assert (fair.worst, fair.worst_bound, fair.fit) == (0.5, 0.5, 1.1)
    assert best.fit == 1.1  # here the fair one costs nothing
    second = [fits("a", 0.3, load_limit=1), fits("b", 0.1, load_limit=1)]
    asked = [Asked("one", 1, first), Asked("two", 1, second)]
    assert match(asked, MatchingMode.BEST).fit == 1.1
    assert match(asked, MatchingMode.FAIR).worst == 0.3


@pytest.mark.parametrize(
    "against", [{"is_blocked": True}, {"needs_reason": True}, {"state": "declined"}]
)
def test_whoever_cannot_be_asked_plainly_is_never_proposed(against: dict[str, object]) -> None:
    people = [fits("a", 0.9, **against), fits("b", 0.1)]
    answer = match([Asked("one", 2, people)], MatchingMode.FAIR)
    assert names(answer, 0) == {"b"}
    assert answer.served[0].missing == 1
    assert "Only 1 people may review this manuscript" in answer.served[0].why


def test_whoever_is_asked_already_stays_and_counts_into_the_limits() -> None:
    people = [
        fits("a", 0.2, is_asked=True, affiliation="House", load=1),
        fits("b", 0.9, affiliation="House"),
        fits("c", 0.3),
    ]
    answer = match([Asked("one", 2, people)], MatchingMode.BEST)
    assert names(answer, 0) == {"a", "c"}
    assert [person.is_held for person in answer.served[0].people] == [True, False]
    assert answer.fit == 0.3


def test_mending_moves_nobody_who_did_not_decline() -> None:
    people = [fits("a", 0.1), fits("b", 0.9), fits("c", 0.5, state="declined")]
    asked = [Asked("one", 2, people, before=("a", "c")), Asked("two", 1, [fits("d", 0.2)], ("d",))]
    answer = match(asked, MatchingMode.MEND)
    assert [names(answer, 0), names(answer, 1)] == [{"a", "b"}, {"d"}]


def test_the_same_seed_draws_the_same_and_the_cap_makes_others_likely() -> None:
    people = [fits(name, score) for name, score in (("a", 0.9), ("b", 0.5), ("c", 0.4))]
    asked = [Asked("one", 1, people)]

    def drawn(seed: int) -> set[str]:
        return names(match(asked, MatchingMode.DRAW, chance_most=50, seed=seed), 0)

    assert [drawn(5) for _ in range(3)] == [drawn(5)] * 3
    assert {min(drawn(seed)) for seed in range(20)} == {"a", "b"}


def test_no_manuscript_is_no_question() -> None:
    assert match([], MatchingMode.FAIR).served == ()


# --- At the desk --------------------------------------------------------------------------------


@pytest.fixture
def four(rui: User, sol: User, tea: User, uma: User) -> list[User]:
    return [rui, sol, tea, uma]


@pytest.fixture
def spare(issue: SpecialIssue, four: list[User]) -> User:
    """A fifth reviewer, of another house, who fits least."""
    person = User.objects.create_user("noor@noor.example", None, given_name="Noor")
    grant_role(actor="system:test", issue=issue, person=person, name=RoleName.REVIEWER)
    Affiliation.objects.create(user=person, institution="Noor House", mail_domain="noor.example")
    topic = Topic.objects.filter(issue=issue).order_by("position")[1]
    for one in four:
        profile = ReviewerProfile.objects.create(user=one, is_senior=True)
        profile.topics.add(topic)
    return person


@pytest.fixture
def version(issue: SpecialIssue, ada: User, eva: User, spare: User) -> Version:
    return make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)


def asked_by(kim: User, issue: SpecialIssue, mode: MatchingMode = MatchingMode.FAIR) -> MatchingRun:
    run = ask_matching(actor=kim, issue=issue, mode=mode)
    tasks.answer_matching(run.public_id)
    run.refresh_from_db()
    return run


def proposed(run: MatchingRun, version: Version) -> set[str]:
    [one] = [one for one in run.result["served"] if one["key"] == version.public_id]
    return {row["person"] for row in one["people"]}


def test_the_editor_in_chief_asks_and_puts_the_answer_on_the_panels(
    issue: SpecialIssue,
    version: Version,
    kim: User,
    eva: User,
    four: list[User],
    client_of: ClientOf,
) -> None:
    browser = client_of(kim)
    sent = {"mode": "fair", "chance_most": "80"}
    answer = browser.post(reverse("desk:matching"), sent)
    run = MatchingRun.objects.get()
    address = reverse("desk:matching_run", args=[run.public_id])
    assert answer.headers["Location"] == address
    assert "At work" in browser.get(address).content.decode()
    tasks.answer_matching(run.public_id)
    tasks.answer_matching(run.public_id)  # a doubled doorbell
    run.refresh_from_db()
    assert proposed(run, version) == {person.public_id for person in four}
    text = browser.get(address).content.decode()
    assert [person.full_name in text for person in four] == [True] * 4
    assert not MatchedPanel.objects.exists()
    for _ in range(2):
        browser.post(reverse("desk:matching_apply", args=[run.public_id]))
    assert MatchedPanel.objects.get().version == version
    assert not Assignment.objects.exists()
    panel = client_of(eva).get(reverse("desk:panel", args=[version.manuscript.public_id]))
    assert {c.user for c in panel.context["four"]} == set(four)
    assert "the matching of all manuscripts proposed" in panel.content.decode()


def test_a_proposed_person_is_ticked_even_where_another_fits_better(
    issue: SpecialIssue, version: Version, kim: User, eva: User, spare: User, client_of: ClientOf
) -> None:
    run = asked_by(kim, issue)
    MatchedPanel.objects.create(
        version=version, run=run, people=[spare.public_id], made_at=clock.now()
    )
    panel = client_of(eva).get(reverse("desk:panel", args=[version.manuscript.public_id]))
    assert spare in {c.user for c in panel.context["four"]}


def test_whoever_declined_is_replaced_and_the_asked_ones_stay(
    issue: SpecialIssue, version: Version, kim: User, eva: User, four: list[User], spare: User
) -> None:
    apply_matching(actor=kim, run=asked_by(kim, issue))
    invite_panel(actor=eva, manuscript=version.manuscript, picks=[Pick(p) for p in four])
    gone = Assignment.objects.get(reviewer=four[0])
    decline_assignment(actor=four[0], assignment=gone)
    run = asked_by(kim, issue, MatchingMode.MEND)
    expected = {person.public_id for person in [*four[1:], spare]}
    assert proposed(run, version) == expected


def test_a_manuscript_that_does_not_exist_for_whoever_asks_is_not_in_the_answer(
    issue: SpecialIssue, version: Version, kim: User, eva: User, ben: User, client_of: ClientOf
) -> None:
    other = make_manuscript(issue, ben, stage=Stage.IN_REVIEW, editor=eva, title="A Secret Title")
    run = asked_by(kim, issue)
    assert {one["key"] for one in run.result["served"]} == {version.public_id, other.public_id}
    EditorConflict.objects.create(
        manuscript=other.manuscript, editor=kim, rule="F7", evidence="Kin.", found_at=clock.now()
    )
    later = asked_by(kim, issue)
    assert {one["key"] for one in later.result["served"]} == {version.public_id}
    text = client_of(kim).get(reverse("desk:matching_run", args=[run.public_id])).content.decode()
    assert "A Secret Title" not in text
    assert apply_matching(actor=kim, run=run) == 1


def test_a_revision_is_not_matched(
    issue: SpecialIssue, version: Version, kim: User, ada: User
) -> None:
    add_version(version.manuscript, 1, title="Revised", people=[ada], kind="reject_resubmit")
    with pytest.raises(Refusal) as refused:
        ask_matching(actor=kim, issue=issue, mode=MatchingMode.FAIR)
    assert refused.value.code == "no_manuscript"


def test_a_run_is_read_by_whoever_asked_and_nobody_else(
    issue: SpecialIssue, version: Version, kim: User, eva: User, client_of: ClientOf
) -> None:
    run = asked_by(kim, issue)
    grant_role(actor="system:test", issue=issue, person=eva, name=RoleName.LEAD_GUEST_EDITOR)
    browser = client_of(eva)
    assert browser.get(reverse("desk:matching")).status_code == 200
    assert browser.get(reverse("desk:matching_run", args=[run.public_id])).status_code == 404
    assert browser.post(reverse("desk:matching_apply", args=[run.public_id])).status_code == 404
    with pytest.raises(Refusal) as refused:
        apply_matching(actor=eva, run=run)
    assert refused.value.status == 403


@pytest.mark.parametrize("sent", [{}, {"mode": "x"}, {"mode": "draw", "chance_most": "1"}])
def test_a_bad_question_keeps_its_form(
    version: Version, kim: User, client_of: ClientOf, sent: dict[str, str]
) -> None:
    assert client_of(kim).post(reverse("desk:matching"), sent).status_code == 422
    assert not MatchingRun.objects.exists()


def test_what_fails_is_kept_as_failed_and_a_lost_doorbell_is_rung_again(
    issue: SpecialIssue, version: Version, kim: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = ask_matching(actor=kim, issue=issue, mode=MatchingMode.DRAW)
    rung: list[tuple[str, ...]] = []
    monkeypatch.setattr(doorbell, "ring", lambda *words: rung.append(words))
    schedule.match(clock.now())
    assert rung == [("editors.tasks.answer_matching", run.public_id)]
    MatchingRun.objects.filter(pk=run.pk).update(mode="unknown")
    tasks.answer_matching(run.public_id)
    run.refresh_from_db()
    assert (run.state, run.result) == ("failed", {})
    with pytest.raises(Refusal):
        apply_matching(actor=kim, run=run)


def test_asking_answering_and_applying_are_on_record(
    issue: SpecialIssue, version: Version, kim: User
) -> None:
    apply_matching(actor=kim, run=asked_by(kim, issue))
    verbs = audit.AuditEntry.objects.filter(verb__startswith="matching.").order_by("pk")
    assert [entry.verb for entry in verbs] == [
        "matching.asked",
        "matching.answered",
        "matching.applied",
    ]
    assert Publication.objects.count() == 0  # the fit came from topics alone
