"""The fit of publications with a manuscript, and how it explains itself."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import grant_role
from accounts.models import Affiliation, RoleName, User
from reviews import tasks
from reviews.affinity import (
    NO_AFFINITY,
    Library,
    Paper,
    TitleIndex,
    affinities,
    shortlist,
    whole_score,
)
from reviews.models import Assignment, Publication, ReviewerProfile
from reviews.queries import candidates
from reviews.queries.titles import title_index
from submissions.models import NamedReviewer, Version
from tmi_special_issue.models import SpecialIssue, Topic

TEXT = "Distilling a segmentation foundation model for point-of-care ultrasound"
PAPERS = [
    Paper("near", "Compact segmentation models for bedside ultrasound", year=2023),
    Paper("near", "Point-of-care ultrasound in emergency rooms", year=2021),
    Paper("far", "Optimal transport for weather radar", year=2022),
    Paper("middle", "Knowledge distilling of language models", year=2020),
]


def test_the_closest_work_ranks_first_and_says_why() -> None:
    found = affinities(TEXT, PAPERS)
    assert sorted(found, key=lambda owner: -found[owner].score) == ["near", "middle", "far"]
    assert found["near"].closest_title in {paper.title for paper in PAPERS[:2]}
    assert "ultrasound" in " ".join(found["near"].words)
    assert found["far"] == NO_AFFINITY


def test_the_words_are_phrases_and_no_part_of_one_another() -> None:
    words = affinities(TEXT, PAPERS)["near"].words
    assert not [(a, b) for a in words for b in words if a != b and a in b]


@pytest.mark.parametrize("text", ["", "   ", "the of and"])
def test_a_text_without_words_fits_nobody(text: str) -> None:
    assert {fit.score for fit in affinities(text, PAPERS).values()} <= {0.0}


@pytest.mark.parametrize("papers", [[], [Paper("x", "")], [Paper("x", "the and of")]])
def test_papers_without_words_fit_nothing(papers: list[Paper[str]]) -> None:
    assert affinities(TEXT, papers) == {}


def test_the_order_of_papers_changes_nothing() -> None:
    straight, reversed_ = affinities(TEXT, PAPERS), affinities(TEXT, PAPERS[::-1])
    assert {k: round(v.score, 6) for k, v in straight.items()} == {
        k: round(v.score, 6) for k, v in reversed_.items()
    }


def test_a_single_strong_paper_is_not_drowned_by_many_others() -> None:
    many = [Paper("prolific", f"Weather radar number {n} in the alps") for n in range(30)]
    found = affinities(TEXT, [*PAPERS, *many, Paper("prolific", PAPERS[0].title)])
    assert found["prolific"].score > found["far"].score


SUBJECTS = ("rain radar", "bedside ultrasound", "language models", "bone fractures")
MANY = [
    Paper(n, f"{SUBJECTS[n % 4]} study {'abcdefghij'[n % 10] * 4} {'klmnopqrst'[n // 10 % 10] * 4}")
    for n in range(260)
]


def test_a_page_waits_for_words_only() -> None:
    by_words = Library(MANY, by_subject=False).fits("rain radar in the alps")
    assert affinities("rain radar in the alps", MANY) == by_words
    assert Library(MANY).fits("rain radar in the alps") != by_words


def test_a_library_takes_in_more_without_a_new_fit() -> None:
    library = Library(MANY)
    before = library.fits("bedside ultrasound")
    library.add([Paper(900, "Ultrasound at the bedside"), Paper(901, "Nothing known")])
    after = library.fits("bedside ultrasound")
    assert {key: after[key].score for key in before} == {k: f.score for k, f in before.items()}
    assert after[900].score > 0
    assert after[901].score == 0


def test_vectors_of_ones_own_take_the_place_of_the_subjects() -> None:
    def embed(texts: Sequence[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] if "tomography" in t.lower() else [0.0, 1.0] for t in texts])

    papers = [Paper("ct", "Tomography of the chest"), Paper("other", "Weather of the alps")]
    fits = Library(papers, embed=embed).fits("Low-dose tomography")
    assert fits["ct"].score > 0.5
    assert fits["other"].score == 0


@pytest.mark.parametrize(
    ("text", "best", "topics", "expected"),
    [(0.2, 0.2, 1.0, 1.0), (0.0, 0.2, 0.0, 0.0), (0.1, 0.2, 0.0, 0.375), (0, 0, 1.0, 0.25)],
)
def test_whole_score(text: float, best: float, topics: float, expected: float) -> None:
    assert whole_score(text, best, topics) == expected


def test_the_shortlist_keeps_rare_words_and_topics() -> None:
    titles = [("a", "models of rain"), ("b", "ultrasound at the bedside"), ("c", "models of snow")]
    bonus = {"a": 0.0, "b": 0.0, "c": 0.0, "d": 0.9}
    assert shortlist(TEXT, TitleIndex(titles), bonus, size=2) == ["b", "d"]


def test_nobody_outside_the_pool_is_shortlisted() -> None:
    titles = TitleIndex([("a", "models of rain"), ("stranger", "ultrasound segmentation")])
    assert shortlist(TEXT, titles, {"a": 0.0}, size=2) == ["a"]


@pytest.mark.django_db
def test_a_changed_title_is_seen_at_once(ada: User) -> None:
    profile = ReviewerProfile.objects.create(user=ada)
    paper = Publication.objects.create(profile=profile, title="Rain in the alps", year=2023)
    assert "rain" in title_index().owners
    Publication.objects.filter(pk=paper.pk).update(title="Ultrasound at sea")
    assert title_index().owners["ultrasound"] == {ada.pk}
    assert "rain" not in title_index().owners


# --- Candidates from the database -------------------------------------------------------------


@pytest.fixture
def pool(issue: SpecialIssue) -> Callable[[int], list[User]]:
    """``pool(5)``: five reviewers with a topic and two publications each."""

    def _pool(count: int) -> list[User]:
        topics = list(Topic.objects.filter(issue=issue))
        people = []
        for number in range(count):
            user = User.objects.create_user(
                f"p{number}@house{number}.example", None, given_name="P", family_name=str(number)
            )
            grant_role(actor="system:test", issue=issue, person=user, name=RoleName.REVIEWER)
            Affiliation.objects.create(
                user=user, institution=f"House {number}", mail_domain=f"house{number}.example"
            )
            profile = ReviewerProfile.objects.create(user=user)
            profile.topics.add(topics[number % len(topics)])
            for year in (2022, 2023):
                Publication.objects.create(
                    profile=profile,
                    title=f"Report generation with preference learning {number} {year}",
                    abstract="Radiology reports.",
                    year=year,
                    coauthors=[{"name": f"Somebody {number}", "email": "", "orcid": ""}],
                )
            people.append(user)
        return people

    return _pool


def test_candidates_say_who_is_blocked_and_why(
    version: Version,
    rui: User,
    sol: User,
    tea: User,
    eva: User,
    ada: User,
    invite: Callable[..., Assignment],
) -> None:
    for person in (rui, sol, tea):
        profile = ReviewerProfile.objects.create(user=person)
        Publication.objects.create(
            profile=profile, title="Preference learning for report generation", year=2023
        )
    Affiliation.objects.create(
        user=tea, institution="Northgate University", mail_domain="cs.northgate.example"
    )
    NamedReviewer.objects.create(
        version=version, is_opposed=True, name="Sol", email=sol.email, reason="A quarrel."
    )
    invite(rui)
    found = {c.user: c for c in candidates(version, editor_key=eva.public_id)}
    assert set(found) == {rui, sol, tea}
    assert found[rui].is_asked
    assert found[rui].conflicts == ()
    assert found[rui].load == 1
    assert "Preference learning for report generation" in found[rui].reasons[0]
    assert [c.rule for c in found[sol].conflicts] == ["F9"]
    assert not found[sol].is_blocked
    assert found[sol].needs_reason
    assert [c.rule for c in found[tea].conflicts] == ["F2"]
    assert found[tea].is_blocked


def test_a_reviewer_without_a_profile_is_a_candidate_too(
    version: Version, rui: User, eva: User
) -> None:
    [only] = candidates(version, editor_key=eva.public_id)
    assert (only.user, only.score, only.is_blocked) == (rui, 0.0, False)


def test_the_number_of_queries_is_the_same_for_4_and_40(
    version: Version, pool: Callable[[int], list[User]], eva: User
) -> None:
    pool(4)
    with CaptureQueriesContext(connection) as few:
        candidates(version, editor_key=eva.public_id)
    User.objects.filter(email__startswith="p").delete()
    pool(40)
    with CaptureQueriesContext(connection) as many:
        assert len(candidates(version, editor_key=eva.public_id)) == 40
    assert len(many) == len(few) <= 17
    tasks.fit_versions()
    with CaptureQueriesContext(connection) as fitted:
        assert len(candidates(version, editor_key=eva.public_id)) == 40
    assert len(fitted) == len(many) - 1  # no publication is read


def test_a_large_pool_is_shortened_but_named_people_stay(
    version: Version, pool: Callable[[int], list[User]], eva: User
) -> None:
    people = pool(30)
    NamedReviewer.objects.create(version=version, name="X", email=people[7].email, reason="Good.")
    found = candidates(version, editor_key=eva.public_id, size=10)
    assert 10 <= len(found) <= 11
    assert people[7] in {c.user for c in found if c.is_suggested}
