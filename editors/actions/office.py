"""Acts of the office: roles, and who decides."""

from django.db import transaction

from accounts import actions as people_actions
from accounts.models import Role, User
from accounts.queries import role_names
from editors.locks import require
from editors.models import Decision
from editors.permissions import may_change_settings, may_manage_people
from editors.states import DecisionState
from tmi_special_issue import audit
from tmi_special_issue.models import DecisionAuthority, SpecialIssue
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def grant_role(*, actor: User, issue: SpecialIssue, email: str, name: str) -> Role:
    """Give a role to the person of an address; an account is opened when there is none."""
    require(may_manage_people(actor, issue), "Roles are given by the editorial office.")
    person = people_actions.open_account(actor=actor, email=email)
    return people_actions.grant_role(actor=actor, issue=issue, person=person, name=name)


@transaction.atomic
def end_role(*, actor: User, issue: SpecialIssue, person: User, name: str) -> None:
    """End a role. Nobody ends their own, so that an issue is never without an office."""
    require(may_manage_people(actor, issue), "Roles are ended by the editorial office.")
    if person == actor and name in role_names(actor, issue):
        raise Refusal(
            "own_role", "You cannot end your own role. Ask another member of the office to do it."
        )
    people_actions.end_role(actor=actor, issue=issue, person=person, name=name)


@transaction.atomic
def change_authority(*, actor: User, issue: SpecialIssue, authority: str) -> SpecialIssue:
    """Set who decides in this issue. Drafts stay; approved ones must go out or be recalled."""
    locked = SpecialIssue.objects.select_for_update().get(pk=issue.pk)
    require(
        may_change_settings(actor, locked),
        "Who decides is set by the editor-in-chief or the editorial office.",
    )
    if authority not in DecisionAuthority.values:
        raise Refusal(
            "unknown_authority",
            f"There is no authority “{authority}”.",
            field="decision_authority",
            status=400,
        )
    if locked.decision_authority == authority:
        return locked
    held = Decision.objects.filter(
        version__manuscript__issue=locked, state=DecisionState.APPROVED
    ).count()
    if held:
        raise Refusal(
            "decisions_held",
            f"{held} approved decisions wait for their minute. Release or recall them first.",
            field="decision_authority",
        )
    before = locked.decision_authority
    locked.decision_authority = authority
    locked.save(update_fields=["decision_authority"])
    audit.record(actor, "authority.changed", locked, before=before, after=authority)
    return locked


@transaction.atomic
def change_conflict_rules(
    *,
    actor: User,
    issue: SpecialIssue,
    conflict_months: int,
    conflict_warn_months: int,
    reviewer_load_limit: int,
    editor_submissions_cap: int | None,
) -> SpecialIssue:
    """Set the spans and limits of the conflict rules (`domain.md` F3 to F5, F13, F16).

    What was judged before keeps the spans by which it was judged; who takes part is judged anew
    within half an hour. The same values again change nothing.

    Raises:
        Refusal: `not_allowed`, `warning_too_short`, `out_of_range`.
    """
    locked = SpecialIssue.objects.select_for_update().get(pk=issue.pk)
    require(
        may_change_settings(actor, locked),
        "The conflict rules are set by the editor-in-chief or the editorial office.",
    )
    if conflict_warn_months < conflict_months:
        raise Refusal(
            "warning_too_short",
            f"The warning reaches back {conflict_warn_months} months, the conflict itself "
            f"{conflict_months}. Give the warning at least as many.",
            field="conflict_warn_months",
            status=400,
        )
    wanted = {
        "conflict_months": conflict_months,
        "conflict_warn_months": conflict_warn_months,
        "reviewer_load_limit": reviewer_load_limit,
        "editor_submissions_cap": editor_submissions_cap,
    }
    if min(v for v in wanted.values() if v is not None) < 0:
        raise Refusal("out_of_range", "The numbers cannot be below 0.", status=400)
    before = {name: getattr(locked, name) for name in wanted}
    if before == wanted:
        return locked
    for name, value in wanted.items():
        setattr(locked, name, value)
    locked.save(update_fields=list(wanted))
    changed = {
        name: [before[name], wanted[name]] for name in wanted if before[name] != wanted[name]
    }
    audit.record(actor, "conflict_rules.changed", locked, changed=changed)
    return locked
