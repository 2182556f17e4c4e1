"""F13 and F18: what the rules say of the editors of an issue themselves."""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q

from accounts.models import RoleName, User
from accounts.queries import EDITOR_ROLES, people_with
from editors.queries.handling import EditorChoice
from editors.queries.visibility import visible_to
from reviews.conflicts import Conflict, in_order, own_issue_conflict, team_conflicts
from reviews.queries import reviewer_facts
from submissions.models import Author, Version
from submissions.queries.editors import editor_submissions, editors_among_authors
from submissions.states import Stage
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

# The editor-in-chief writes for the issue as its guest editors do.
_EDITORS = EDITOR_ROLES | {RoleName.EDITOR_IN_CHIEF}


def own_issue_findings(version: Version, viewer: User) -> list[Conflict]:
    """F13 of one manuscript: the editors among its authors, with how many they have in the issue.

    Counted are the manuscripts that exist for whoever looks.
    """
    issue = version.manuscript.issue
    seen = visible_to(viewer, issue)
    found: list[Conflict] = []
    for editor in editors_among_authors(version):
        count = editor_submissions(editor, issue).filter(pk__in=seen).count()
        found += own_issue_conflict(
            editor.full_name, count=max(1, count), cap=issue.editor_submissions_cap
        )
    return found


def is_team_out(choices: Sequence[EditorChoice], current: User | None) -> bool:
    """F12: can none of the guest editors handle the manuscript? `current` handles it now."""
    guests = [choice for choice in choices if choice.is_guest]
    return bool(guests) and not any(c.is_open or c.editor == current for c in guests)


def team_findings(issue: SpecialIssue, viewer: User) -> list[Conflict]:
    """Editors of one institution (F18), and those who are authors in the own issue (F13).

    Counted are the manuscripts that exist for whoever looks: nobody reads here of what is
    hidden from them. Five queries.
    """
    people = list(people_with(issue, *_EDITORS))
    facts = reviewer_facts(people)
    guests = set(people_with(issue, *EDITOR_ROLES).values_list("pk", flat=True))
    found = team_conflicts(
        [facts[person.public_id] for person in people if person.pk in guests], at=clock.now()
    )
    owner = {address: person.pk for person in people for address in facts[person.public_id].emails}
    written: dict[int, set[int]] = defaultdict(set)
    rows = (
        Author.objects.filter(version__manuscript__in=visible_to(viewer, issue))
        .exclude(version__manuscript__stage__in=[Stage.DRAFT, Stage.WITHDRAWN])
        .filter(Q(user__in=people) | Q(email__in=list(owner)))
        .order_by()
        .values_list("user_id", "email", "version__manuscript")
        .distinct()
    )
    for user_key, email, manuscript in rows:
        key = user_key if user_key in {p.pk for p in people} else owner.get(email.lower())
        if key is not None:
            written[key].add(manuscript)
    cap = issue.editor_submissions_cap
    for person in people:
        found += own_issue_conflict(person.full_name, count=len(written[person.pk]), cap=cap)
    return in_order(found)
