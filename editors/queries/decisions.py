"""Reads of recommendations, decisions and letters."""

from django.db.models import QuerySet

from accounts.models import RoleName, User
from accounts.queries import people_with
from editors.models import Decision, Letter, Recommendation
from editors.queries.handling import handling_editor
from editors.queries.visibility import hidden_manuscripts
from editors.states import DecisionState, LetterState
from submissions.models import Manuscript, Version
from tmi_special_issue.identifiers import typed_code
from tmi_special_issue.models import DecisionAuthority

# Whose role decides where it is not the handling editor's.
DECIDING_ROLES: dict[DecisionAuthority, frozenset[str]] = {
    DecisionAuthority.LEAD_GUEST_EDITOR: frozenset({RoleName.LEAD_GUEST_EDITOR}),
    DecisionAuthority.EDITOR_IN_CHIEF: frozenset({RoleName.EDITOR_IN_CHIEF}),
}
# Who decides under the guest editors' authority while nobody handles the manuscript.
WITHOUT_EDITOR: frozenset[str] = frozenset({RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF})


def current_decision(version: Version) -> Decision | None:
    """The decision on a version that was not discarded."""
    return (
        Decision.objects.filter(version=version)
        .exclude(state=DecisionState.DISCARDED)
        .select_related("drafted_by", "approved_by", "version__manuscript__issue")
        .first()
    )


def current_letter(decision: Decision) -> Letter | None:
    """The letter of a decision that was not replaced by a later one."""
    return (
        Letter.objects.filter(decision=decision)
        .exclude(state=LetterState.REPLACED)
        .select_related("file")
        .first()
    )


def current_recommendation(version: Version) -> Recommendation | None:
    """The advice on a version that was not withdrawn."""
    return (
        Recommendation.objects.filter(version=version, withdrawn_at__isnull=True)
        .select_related("editor")
        .first()
    )


def deciders(manuscript: Manuscript) -> list[User]:
    """Who may decide on a manuscript by the issue's rule (`domain.md` J1), conflicts left out.

    Without a handling editor (an immediate reject before one is assigned) the guest editors'
    authority lies with the lead and the editor-in-chief.
    """
    issue = manuscript.issue
    authority = DecisionAuthority(issue.decision_authority)
    editor = handling_editor(manuscript)
    if authority != DecisionAuthority.GUEST_EDITOR:
        people = list(people_with(issue, *DECIDING_ROLES[authority]))
    elif editor is not None:
        people = [editor]
    else:
        people = list(people_with(issue, *WITHOUT_EDITOR))
    return [p for p in people if manuscript.pk not in hidden_manuscripts(p, issue)]


def issued_letter(code: str) -> Letter | None:
    """The letter that went out under a printed code, however it is typed."""
    typed = typed_code(code)
    if not typed:
        return None
    return (
        Letter.objects.filter(code=typed, state=LetterState.ISSUED)
        .select_related("file", "decision__version__manuscript__issue")
        .first()
    )


def decisions_due_for_release() -> QuerySet[Decision]:
    """Approved decisions that wait for their minute."""
    return Decision.objects.filter(state=DecisionState.APPROVED, release_at__isnull=False)


def letters_waiting() -> QuerySet[Letter]:
    """Letters that a worker has still to render."""
    return Letter.objects.filter(state=LetterState.WAITING)
