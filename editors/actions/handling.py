"""The office checklist and who handles a manuscript."""

from django.db import transaction

from accounts.models import RoleName, User
from accounts.queries import DESK_ROLES, people_with
from editors import mails
from editors.locks import lock, present_version, require, require_stage
from editors.models import EditorConflict, Handling
from editors.permissions import may_assign_editor, may_check
from editors.queries import handling_editor, hard_conflicts, hidden_manuscripts
from editors.queries.handling import HANDLING_ROLES, findings_of_editor
from reviews import actions as review_actions
from reviews.actions.checks import keep_check
from reviews.states import CheckAct
from submissions import actions as author_actions
from submissions.locks import lock_manuscript
from submissions.models import Manuscript, Version
from submissions.queries import submitted_version
from submissions.states import Stage
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.refusal import Refusal


@transaction.atomic
def admit_manuscript(*, actor: User, manuscript: Manuscript) -> Manuscript:
    """Pass the checklist: an original waits for an editor, a revision goes back to its own.

    Conflicts of all editors with the authors are looked for first, so that the manuscript never
    appears on the desk of somebody who must not see it.
    """
    locked = lock(actor, manuscript)
    require(may_check(actor, locked), "The checklist is worked through by the editorial office.")
    require_stage(locked, Stage.SUBMITTED, doing="passing the checklist")
    version = present_version(locked)
    screen_conflicts(manuscript=locked, version=version)
    editor = handling_editor(locked)
    if editor and locked.pk in hidden_manuscripts(editor, locked.issue):
        end_handling(locked, actor, "conflict found with the authors of the revised version")
        editor = None
    to = Stage.IN_REVIEW if editor and version.revision_number else Stage.AWAITING_EDITOR
    author_actions.pass_checklist(actor=actor, manuscript=locked, to=to)
    audit.record(actor, "checklist.passed", locked, version=version.label, to=to)
    if editor and to == Stage.IN_REVIEW:
        outbox.queue(
            mails.revision_admitted(locked, version, editor),
            f"revision_admitted:{version.public_id}:{editor.public_id}",
        )
    return locked


@transaction.atomic
def unsubmit_manuscript(*, actor: User, manuscript: Manuscript, faults: str) -> Manuscript:
    """Return a manuscript to its author with the list of what to mend."""
    locked = lock(actor, manuscript)
    require(may_check(actor, locked), "A manuscript is returned by the editorial office.")
    require_stage(locked, Stage.SUBMITTED, doing="returning it to the author")
    if not faults.strip():
        raise Refusal(
            "faults_missing",
            "The list of faults is empty. Write at least one sentence that tells the author what "
            "to mend.",
            field="faults",
            status=400,
        )
    author_actions.unsubmit_manuscript(actor=actor, manuscript=locked, faults=faults.strip())
    audit.record(actor, "checklist.failed", locked, faults=faults.strip())
    return locked


@transaction.atomic
def assign_editor(*, actor: User, manuscript: Manuscript, editor: User) -> Handling:
    """Give a manuscript to an editor, or to another one. The same editor twice changes nothing.

    An editor in conflict (F1 to F4, or declared) is refused, with the reason.
    """
    locked = lock(actor, manuscript)
    require(
        may_assign_editor(actor, locked),
        "An editor is assigned by the lead guest editor, the editor-in-chief or the office.",
    )
    require_stage(locked, Stage.AWAITING_EDITOR, Stage.IN_REVIEW, doing="assigning a guest editor")
    version = present_version(locked)
    current = Handling.objects.filter(manuscript=locked, ended_at__isnull=True).first()
    if current and current.editor_id == editor.pk:
        return current
    _check_editor(locked, version, editor)
    if current:
        end_handling(locked, actor, "another editor was assigned")
    now = clock.now()
    handling = Handling.objects.create(
        manuscript=locked, editor=editor, assigned_by=actor, assigned_at=now
    )
    audit.record(actor, "editor.assigned", locked, editor=editor.audit_key)
    keep_check(
        actor=actor,
        version=version,
        person=editor,
        act=CheckAct.EDITOR_ASSIGNED,
        findings=findings_of_editor(editor, version),
    )
    review_actions.hand_over_assignments(actor=actor, manuscript=locked, editor=editor)
    if Stage(locked.stage) == Stage.AWAITING_EDITOR:
        author_actions.move_stage(actor=actor, manuscript=locked, to=Stage.IN_REVIEW)
    outbox.queue(
        mails.editor_assigned(locked, version, editor),
        f"editor_assigned:{locked.public_id}:{editor.public_id}:{handling.pk}",
    )
    return handling


@transaction.atomic
def ask_reassignment(
    *, actor: User, manuscript: Manuscript, reason: str, is_conflict: bool = False
) -> Manuscript:
    """The handling editor steps back; with a conflict the manuscript vanishes for them at once."""
    locked = lock(actor, manuscript)
    require(handling_editor(locked) == actor, "Only the handling editor can ask for reassignment.")
    require_stage(locked, Stage.IN_REVIEW, doing="asking for another editor")
    if not reason.strip():
        raise Refusal(
            "reason_missing",
            "The reason is empty. One sentence helps to choose the next editor.",
            field="reason",
            status=400,
        )
    handling = end_handling(locked, actor, reason.strip())
    if is_conflict:
        EditorConflict.objects.get_or_create(
            manuscript=locked,
            editor=actor,
            rule="declared",
            defaults={"evidence": reason.strip()[:500], "found_at": clock.now()},
        )
        audit.record(actor, "conflict.declared", locked, reason=reason.strip())
    author_actions.move_stage(actor=actor, manuscript=locked, to=Stage.AWAITING_EDITOR)
    audit.record(actor, "reassignment.asked", locked, reason=reason.strip())
    told = [person for person in chiefs_of(locked) if person != actor]
    if told:
        # Whoever stepped back must hear nothing more of the reviewers.
        review_actions.hand_over_assignments(actor=actor, manuscript=locked, editor=told[0])
    for person in told:
        outbox.queue(
            mails.reassignment_asked(
                locked, actor, person, reason.strip(), is_conflict=is_conflict
            ),
            f"reassignment_asked:{handling.pk}:{person.public_id}",
        )
    return locked


@transaction.atomic
def screen_conflicts(
    *, actor: User | str = "system:conflicts", manuscript: Manuscript, version: Version
) -> int:
    """Record the hard conflicts of everybody on the desk with the authors. Returns how many
    are new. Run at submission by the schedule, and by the checklist and each assignment."""
    people = list(people_with(manuscript.issue, *DESK_ROLES))
    known = set(
        EditorConflict.objects.filter(manuscript=manuscript).values_list("editor_id", "rule")
    )
    new = 0
    for key, conflicts in hard_conflicts(people, version).items():
        for conflict in conflicts:
            if (key, conflict.rule) in known:
                continue
            known.add((key, conflict.rule))
            row = EditorConflict.objects.create(
                manuscript=manuscript,
                editor_id=key,
                rule=conflict.rule,
                evidence=conflict.evidence[:500],
                found_at=clock.now(),
            )
            audit.record(
                actor,
                "conflict.found",
                manuscript,
                editor=row.editor.audit_key,
                rule=conflict.rule,
            )
            new += 1
    return new


@transaction.atomic
def rescreen_manuscript(*, actor: User | str, manuscript: Manuscript) -> int:
    """Look for conflicts of the desk anew; a handling editor in conflict loses the manuscript.

    For when somebody's affiliations have changed. Returns how many conflicts are new.
    """
    locked = lock_manuscript(manuscript)
    version = submitted_version(locked)
    if version is None:
        return 0
    version.manuscript = locked
    editor = handling_editor(locked)
    new = screen_conflicts(actor=actor, manuscript=locked, version=version)
    if editor and take_from_conflicted(actor=actor, manuscript=locked):
        lines = [f"{editor.full_name}, who handled it, may not see it any more."]
        for person in chiefs_of(locked):
            outbox.queue(
                mails.editor_conflict_found(locked, version, person, lines),
                f"editor_conflict_found:{version.public_id}:{editor.public_id}:{person.public_id}",
            )
    return new


def take_from_conflicted(*, actor: User | str, manuscript: Manuscript) -> bool:
    """Take a manuscript from a handling editor who may not see it any more.

    Called inside an action that holds the row, after the conflicts were looked for.
    """
    editor = handling_editor(manuscript)
    if editor is None or manuscript.pk not in hidden_manuscripts(editor, manuscript.issue):
        return False
    end_handling(manuscript, actor, "a conflict with the authors was found")
    heirs = chiefs_of(manuscript)
    if heirs:
        # News of the reviewers must not go to somebody who may not see the manuscript.
        review_actions.hand_over_assignments(actor=actor, manuscript=manuscript, editor=heirs[0])
    if manuscript.stage == Stage.IN_REVIEW:
        author_actions.move_stage(actor=actor, manuscript=manuscript, to=Stage.AWAITING_EDITOR)
    return True


def chiefs_of(manuscript: Manuscript) -> list[User]:
    """Office, lead and editor-in-chief, without those who may not see the manuscript."""
    people = people_with(
        manuscript.issue, RoleName.OFFICE, RoleName.LEAD_GUEST_EDITOR, RoleName.EDITOR_IN_CHIEF
    )
    issue = manuscript.issue
    return [p for p in people if manuscript.pk not in hidden_manuscripts(p, issue)]


def _check_editor(manuscript: Manuscript, version: Version, editor: User) -> None:
    issue = manuscript.issue
    allowed = people_with(issue, *HANDLING_ROLES)
    if not allowed.filter(pk=editor.pk).exists():
        raise Refusal(
            "not_an_editor",
            f"{editor} is not an editor of this issue. Choose one from the list.",
            field="editor",
            status=400,
        )
    screen_conflicts(manuscript=manuscript, version=version)
    if manuscript.pk in hidden_manuscripts(editor, issue):
        found = EditorConflict.objects.filter(manuscript=manuscript, editor=editor).first()
        why = found.evidence if found else "an author of this manuscript"
        raise Refusal(
            "editor_in_conflict",
            f"{editor} cannot handle this manuscript ({why}). Choose another editor.",
            field="editor",
        )


def end_handling(manuscript: Manuscript, actor: User | str, reason: str) -> Handling:
    """The present editor handles it no more. Called inside an action that holds the row."""
    handling = Handling.objects.select_for_update().get(
        manuscript=manuscript, ended_at__isnull=True
    )
    handling.ended_at = clock.now()
    handling.save(update_fields=["ended_at"])
    audit.record(
        actor, "handling.ended", manuscript, editor=handling.editor.audit_key, reason=reason
    )
    return handling
