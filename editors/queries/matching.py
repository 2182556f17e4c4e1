"""What a matching of all manuscripts is made of, and what it proposed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Max, Q, QuerySet

from accounts.models import User
from editors.matching import Asked
from editors.models import MatchedPanel, MatchingRun
from editors.queries.handling import handling_editor
from editors.queries.visibility import hidden_manuscripts, visible_to
from reviews.queries import candidates
from submissions.models import Version
from submissions.states import Stage
from tmi_special_issue.models import SpecialIssue

# Of each manuscript the best so many are looked at; thirty suffice to prove most optima.
PEOPLE_EACH = 48


@dataclass(frozen=True)
class ProposedPerson:
    """One name on the page of a matching."""

    user: User
    fit: float
    is_held: bool
    is_in_demand: bool
    runner_up: User | None
    runner_up_fit: float
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class ProposedPanel:
    """One manuscript on the page of a matching."""

    version: Version
    people: list[ProposedPerson]
    missing: int
    why: str
    fit: float

    @property
    def has_news(self) -> bool:
        return any(not person.is_held for person in self.people)


def versions_to_match(person: User, issue: SpecialIssue) -> QuerySet[Version]:
    """The originals under review that exist for this person. A revision goes to those who know
    the first round, so nobody is matched for it."""
    seen = visible_to(person, issue).filter(stage=Stage.IN_REVIEW)
    newest = Q(revision_number=0) & Q(newest=F("revision_number"))
    return (
        Version.objects.filter(manuscript__in=seen, submitted_at__isnull=False)
        .annotate(
            newest=Max(
                "manuscript__versions__revision_number",
                filter=Q(manuscript__versions__submitted_at__isnull=False),
            )
        )
        .filter(newest)
        .select_related("manuscript__issue")
        .order_by("manuscript__number")
    )


def gather(run: MatchingRun, note: Callable[[int], None]) -> list[Asked]:
    """The manuscripts with their candidates, judged one by one; `note` hears how many are done."""
    issue, person = run.issue, run.asked_by
    unseen = hidden_manuscripts(person, issue)
    before = dict(
        MatchedPanel.objects.filter(version__manuscript__issue=issue).values_list(
            "version", "people"
        )
    )
    asked = []
    for number, version in enumerate(versions_to_match(person, issue), start=1):
        editor = handling_editor(version.manuscript) or person
        people = candidates(version, editor_key=editor.public_id, unseen=unseen, size=PEOPLE_EACH)
        asked.append(
            Asked(
                key=version.public_id,
                places=issue.reviewers_needed,
                candidates=people,
                before=tuple(before.get(version.pk, ())),
            )
        )
        note(number)
    return asked


def proposed_panels(run: MatchingRun, viewer: User) -> list[ProposedPanel]:
    """The answer of a run, as far as its manuscripts exist for the viewer now; three queries."""
    served = run.result.get("served", [])
    versions = {
        version.public_id: version
        for version in Version.objects.filter(
            public_id__in=[one["key"] for one in served],
            manuscript__in=visible_to(viewer, run.issue),
        ).select_related("manuscript")
    }
    users = {
        user.public_id: user
        for user in User.objects.filter(public_id__in=_names(served)).order_by()
    }
    return [
        ProposedPanel(
            version=versions[one["key"]],
            people=[_person(row, users) for row in one["people"] if row["person"] in users],
            missing=one["missing"],
            why=one["why"],
            fit=round(sum(row["fit"] for row in one["people"]), 2),
        )
        for one in served
        if one["key"] in versions
    ]


def matched_panel(version: Version) -> MatchedPanel | None:
    """What the last matching that was put on the panels proposes for a version."""
    return MatchedPanel.objects.filter(version=version).first()


def waiting_runs() -> QuerySet[MatchingRun]:
    """The runs that no worker has answered."""
    return MatchingRun.objects.filter(state="waiting").order_by("asked_at")


def _names(served: Iterable[dict[str, Any]]) -> set[str]:
    rows = [row for one in served for row in one["people"]]
    return {row["person"] for row in rows} | {row["runner_up"] for row in rows if row["runner_up"]}


def _person(row: dict[str, Any], users: dict[str, User]) -> ProposedPerson:
    return ProposedPerson(
        user=users[row["person"]],
        fit=row["fit"],
        is_held=row["is_held"],
        is_in_demand=row["is_in_demand"],
        runner_up=users.get(row["runner_up"]),
        runner_up_fit=row["runner_up_fit"],
        reasons=tuple(row["reasons"]),
    )
