"""People whom reviewers named in their place."""

from django.db import transaction

from accounts.actions import grant_role, open_account
from accounts.models import RoleName, User
from accounts.queries import person_by_address
from editors.locks import lock, present_version, require, require_stage
from editors.permissions import may_handle
from editors.queries import handling_editor
from reviews.models import ProposedReviewer
from reviews.queries import proposals_for
from reviews.queries.recruiting import refusers
from submissions.models import Manuscript
from submissions.states import Stage
from tmi_special_issue import audit
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def admit_proposal(*, actor: User, manuscript: Manuscript, proposal: ProposedReviewer) -> User:
    """Take a named person into the pool, so that they stand among the candidates.

    The editor answers for the address: no account comes from a name alone. Nobody is written to;
    an invitation is an act of its own. Doing it twice changes nothing.

    Raises:
        Refusal: `not_allowed`, `stage_moved`, `no_address`, `conflict_of_interest`, `said_no`.
    """
    locked = lock(actor, manuscript)
    require(may_handle(actor, locked), "Candidates are chosen by the handling guest editor.")
    require_stage(locked, Stage.IN_REVIEW, doing="adding a candidate")
    editor = handling_editor(locked) or actor
    judged = proposals_for(present_version(locked), editor_key=editor.public_id)
    found = next((one for one in judged if one.row.pk == proposal.pk), None)
    if found is None:
        raise Refusal("not_found", "Nobody was named under this address.", status=404)
    if not proposal.email:
        raise Refusal("no_address", f"No address is known for {proposal.name}.")
    if found.is_blocked:
        raise Refusal(
            "conflict_of_interest",
            f"{proposal.name} cannot review this manuscript. {found.conflicts[0].evidence}",
        )
    known = person_by_address(proposal.email)
    if known and refusers(locked.issue).filter(person=known).exists():
        raise Refusal("said_no", f"{proposal.name} said no to the pool and stays out of it.")
    # The whole name: names are never parsed (`domain.md` G.2).
    person = open_account(actor=actor, email=proposal.email, family_name=proposal.name)
    grant_role(
        actor="system:proposal", issue=locked.issue, person=person, name=RoleName.REVIEWER.value
    )
    audit.record(actor, "proposal.admitted", locked, person=person.audit_key)
    return person
