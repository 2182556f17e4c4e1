"""The score sheet of an issue: drafted, changed, published. A published version never changes."""

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from editors.locks import require
from editors.permissions import may_edit_sheet
from reviews.models import ReviewForm
from reviews.queries import current_sheet, sheet_version
from reviews.sheet import Question, changes_between, sheet_faults, to_json
from tmi_special_issue import audit, clock
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

_EDITORS = "The score sheet is kept by the lead guest editor, the editor-in-chief and the office."


@transaction.atomic
def begin_sheet(*, actor: User, issue: SpecialIssue, number: int) -> ReviewForm:
    """Begin a draft as a copy of a version of the issue. There is one draft at a time.

    Raises:
        Refusal: not_allowed, draft_begun, not_found.
    """
    locked = _lock(actor, issue)
    draft = ReviewForm.objects.filter(issue=locked, published_at__isnull=True).first()
    if draft is not None:
        raise Refusal(
            "draft_begun", "A draft is begun already. Go on with it, or discard it first."
        )
    copied = sheet_version(locked.pk, number)
    if copied is None:
        raise Refusal("not_found", "There is no such version.", status=404)
    last = ReviewForm.objects.filter(issue=locked).order_by("-number").first()
    now = clock.now()
    form = ReviewForm.objects.create(
        issue=locked,
        number=last.number + 1 if last else 2,
        questions=to_json(copied.questions),
        begun_by=actor,
        begun_at=now,
        edited_by=actor,
        edited_at=now,
    )
    audit.record(actor, "sheet.begun", form, copied=number)
    return form


@transaction.atomic
def change_sheet(
    *, actor: User, issue: SpecialIssue, questions: Sequence[Question], edit_count: int
) -> ReviewForm:
    """Keep the questions of the draft. What would be no score sheet is refused.

    Raises:
        Refusal: not_allowed, no_draft, stale_edit, sheet_refused.
    """
    form = _draft(_lock(actor, issue), edit_count)
    found = sheet_faults(questions)
    if found:
        raise Refusal("sheet_refused", " ".join(found), status=400)
    before, form.questions = form.sheet, to_json(questions)
    form.edited_by, form.edited_at = actor, clock.now()
    form.edit_count += 1
    form.save()
    changed = [f"{c.kind}: {c.label}" for c in changes_between(before, form.sheet)]
    audit.record(actor, "sheet.changed", form, changed=changed)
    return form


@transaction.atomic
def publish_sheet(*, actor: User, issue: SpecialIssue, edit_count: int) -> ReviewForm:
    """Make the draft the version with which reviews are begun from now on.

    Raises:
        Refusal: not_allowed, no_draft, stale_edit, sheet_refused, nothing_changed.
    """
    form = _draft(_lock(actor, issue), edit_count)
    found = sheet_faults(form.sheet.questions)
    if found:
        raise Refusal("sheet_refused", " ".join(found), status=400)
    if form.sheet.questions == current_sheet(issue.pk).questions:
        raise Refusal("nothing_changed", "The draft is the same as the present version.")
    form.published_by, form.published_at = actor, clock.now()
    form.save(update_fields=["published_by", "published_at"])
    audit.record(actor, "sheet.published", form, number=form.number)
    return form


@transaction.atomic
def discard_sheet(*, actor: User, issue: SpecialIssue, edit_count: int) -> None:
    """Throw the draft away.

    Raises:
        Refusal: not_allowed, no_draft, stale_edit.
    """
    form = _draft(_lock(actor, issue), edit_count)
    audit.record(actor, "sheet.discarded", form, number=form.number)
    form.delete()


def _lock(actor: User, issue: SpecialIssue) -> SpecialIssue:
    """The issue under lock, so that two drafts or two numbers are never begun at once."""
    locked = SpecialIssue.objects.select_for_update().get(pk=issue.pk)
    require(may_edit_sheet(actor, locked), _EDITORS)
    return locked


def _draft(issue: SpecialIssue, edit_count: int) -> ReviewForm:
    """The draft under lock, in the state in which its editor saw it."""
    form = (
        ReviewForm.objects.select_for_update(of=("self",))
        .select_related("issue", "edited_by")
        .filter(issue=issue, published_at__isnull=True)
        .first()
    )
    if form is None:
        raise Refusal("no_draft", "There is no draft any more: it was published or discarded.")
    if form.edit_count != edit_count:
        raise Refusal(
            "stale_edit",
            f"{form.edited_by} changed the draft since you opened this page. Nothing was "
            "overwritten: look the draft over and send your change again.",
        )
    return form
