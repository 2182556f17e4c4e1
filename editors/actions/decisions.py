"""Recommend, decide, hold, release (`domain.md` E). Nothing is ever decided by a timer."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from editors import mails
from editors.actions.letters import write_letter
from editors.actions.overdue import lower_flags
from editors.actions.wording import refuse_faulty
from editors.letters import anonymous_reviews, left_unfilled
from editors.locks import lock, present_version, require, require_stage
from editors.models import Decision, Letter, Recommendation
from editors.permissions import may_decide, may_recommend, may_release
from editors.queries import (
    current_decision,
    current_letter,
    deciders,
    handling_editor,
)
from editors.queries.handling import findings_of_editor
from editors.queries.reviews import arranged_points, labelled_reviews
from editors.queries.wording import present_words, words_numbered
from editors.states import (
    ASKED_REVISION,
    DECISION_WORDS,
    OUTCOME,
    DecisionKind,
    DecisionState,
    LetterState,
    offered_decisions,
)
from editors.wording import tidy
from reviews import actions as review_actions
from reviews.actions.checks import findings_of, keep_check
from reviews.conflicts import bars_to_handling
from reviews.queries import attachments_of, labels_of, returned_reviews, round_of
from reviews.queries.checks import set_aside_for
from reviews.states import CheckAct
from submissions import actions as author_actions
from submissions.actions.responses import PointEntry
from submissions.models import Manuscript, Version
from submissions.states import RevisionKind, Stage
from tmi_special_issue import audit, clock, outbox
from tmi_special_issue.refusal import Refusal

SYSTEM = "system:tick"
REASONS_MAX = 20_000
HELD_AT_MOST = timedelta(days=60)


@transaction.atomic
def draft_decision(
    *,
    actor: User,
    manuscript: Manuscript,
    kind: str,
    reasons: str,
    early_reason: str = "",
    wording: str = "",
    edit_count: int | None = None,
) -> Decision:
    """Write or rewrite the decision on the present version; each time a new letter is drafted.

    `wording` is the text around the reasons, empty for the present template of the outcome.
    `edit_count` is what the form was built from; a stale one is refused and loses nothing.

    Raises:
        Refusal: `not_offered`, `too_few_reviews`, `early_reason_missing`, `reasons_missing`,
            `words_refused`, `words_of_other_outcome`, `stale_edit`, `held`, `stage_moved`,
            `not_allowed`.
    """
    locked = lock(actor, manuscript)
    require(
        may_decide(actor, locked),
        f"Decisions of this issue are made by: "
        f"{locked.issue.get_decision_authority_display().lower()}.",
    )
    return _save_draft(
        actor,
        locked,
        kind=kind,
        reasons=reasons,
        early_reason=early_reason,
        wording=wording,
        edit_count=edit_count,
    )


@transaction.atomic
def recommend_decision(
    *,
    actor: User,
    manuscript: Manuscript,
    kind: str,
    reasons: str,
    note: str = "",
    early_reason: str = "",
    wording: str = "",
    edit_count: int | None = None,
) -> Recommendation:
    """The handling editor advises the authority and drafts the letter for it."""
    locked = lock(actor, manuscript)
    require(may_recommend(actor, locked), "The handling guest editor recommends.")
    decision = _save_draft(
        actor,
        locked,
        kind=kind,
        reasons=reasons,
        early_reason=early_reason,
        wording=wording,
        edit_count=edit_count,
    )
    version = decision.version
    now = clock.now()
    Recommendation.objects.filter(version=version, withdrawn_at__isnull=True).update(
        withdrawn_at=now
    )
    recommendation = Recommendation.objects.create(
        version=version, editor=actor, kind=decision.kind, note=note.strip(), made_at=now
    )
    audit.record(actor, "decision.recommended", locked, kind=decision.kind, version=version.label)
    for person in deciders(locked):
        outbox.queue(
            mails.decision_recommended(recommendation, person),
            f"decision_recommended:{recommendation.pk}:{person.public_id}",
        )
    return recommendation


@transaction.atomic
def discard_decision(*, actor: User, decision: Decision, reason: str = "") -> Manuscript:
    """Throw a draft away, or return a recommendation: the manuscript goes back to review."""
    locked = lock(actor, decision.version.manuscript)
    row = lock_decision(decision)
    withdraws = may_recommend(actor, locked) and row.drafted_by_id == actor.pk
    require(may_decide(actor, locked) or withdraws, "Only whoever decides can discard this.")
    _refuse_unless_open(row)
    row.state = DecisionState.DISCARDED
    row.release_at = None
    row.save(update_fields=["state", "release_at"])
    Letter.objects.filter(decision=row).update(state=LetterState.REPLACED)
    Recommendation.objects.filter(version=row.version, withdrawn_at__isnull=True).update(
        withdrawn_at=clock.now()
    )
    audit.record(actor, "decision.discarded", row, kind=row.kind, reason=reason.strip())
    author_actions.move_stage(actor=actor, manuscript=locked, to=Stage.IN_REVIEW)
    if handling_editor(locked) is None:
        author_actions.move_stage(actor=actor, manuscript=locked, to=Stage.AWAITING_EDITOR)
    return locked


@transaction.atomic
def release_decision(
    *, actor: User, decision: Decision, letter: Letter, release_at: datetime | None = None
) -> Decision:
    """Let the decision out with exactly this letter, now or at a chosen minute.

    Decision, letter, stage, correspondence, closed round and mails are one transaction: either
    everything is out or nothing. Of two who press at the same second one is told that it is done.
    """
    locked = lock(actor, decision.version.manuscript)
    row = lock_decision(decision)
    require(may_release(actor, row), "Only whoever decides can release the decision.")
    _refuse_unless_open(row)
    require_stage(locked, Stage.AWAITING_DECISION, doing="releasing a decision")
    current = _lock_letter(row, letter)
    _check_reviews(row.version, DecisionKind(row.kind), row.early_reason)
    if current.content["reviews"] != anonymous_reviews(row.version):
        raise Refusal(
            "reviews_changed",
            "A review came in or was sent back after this letter was drafted. Read it, then save "
            "the draft again, so that the letter carries the present reviews.",
        )
    unfilled = left_unfilled(row)
    if unfilled:
        raise Refusal(
            "places_unfilled",
            f"The letter still holds what nobody has filled: {', '.join(unfilled[:5])}. Fill it or "
            "take it out, and save the draft again; nothing was sent.",
        )
    now = clock.decisive_now()
    row.approved_by = actor
    row.approved_at = now
    if release_at is not None and release_at > now:
        if release_at - now > HELD_AT_MOST:
            raise Refusal(
                "release_too_late",
                "The minute of release is more than 60 days away. Choose an earlier one.",
                field="release_at",
                status=400,
            )
        row.state = DecisionState.APPROVED
        row.release_at = release_at
        row.save(update_fields=["state", "approved_by", "approved_at", "release_at"])
        audit.record(
            actor,
            "decision.approved",
            row,
            letter=current.number,
            sha256=_sha256(current),
            release_at=release_at.isoformat(),
        )
        return row
    row.save(update_fields=["approved_by", "approved_at"])
    return _release(actor, actor, locked, row, current)


@transaction.atomic
def recall_decision(*, actor: User, decision: Decision) -> Decision:
    """Take an approved decision back before its minute; it is a draft again."""
    locked = lock(actor, decision.version.manuscript)
    row = lock_decision(decision)
    require(may_release(actor, row), "Only whoever decides can recall the decision.")
    if row.state != DecisionState.APPROVED:
        raise Refusal("not_held", f"The decision on {locked} is not being held; nothing to recall.")
    row.state = DecisionState.DRAFTED
    row.release_at = None
    row.save(update_fields=["state", "release_at"])
    audit.record(actor, "decision.recalled", row)
    return row


@transaction.atomic
def release_due_decision(
    *, actor: str = SYSTEM, decision: Decision, now: datetime
) -> Decision | None:
    """Let out a decision that a person approved for a minute that has come. Once.

    Returns None when it was recalled or released in between.
    """
    manuscript = Manuscript.objects.select_for_update(of=("self",)).get(
        pk=decision.version.manuscript_id
    )
    row = lock_decision(decision)
    is_due = row.release_at is not None and row.release_at <= now
    if row.state != DecisionState.APPROVED or not is_due or row.approved_by is None:
        return None
    require_stage(manuscript, Stage.AWAITING_DECISION, doing="releasing a decision")
    letter = current_letter(row)
    if letter is None or letter.state != LetterState.RENDERED:
        return None
    return _release(actor, row.approved_by, manuscript, row, letter)


def _save_draft(
    actor: User,
    manuscript: Manuscript,
    *,
    kind: str,
    reasons: str,
    early_reason: str,
    wording: str,
    edit_count: int | None,
) -> Decision:
    require_stage(
        manuscript,
        Stage.AWAITING_EDITOR,
        Stage.IN_REVIEW,
        Stage.AWAITING_DECISION,
        doing="deciding",
    )
    version = present_version(manuscript)
    _refuse_in_conflict(actor, version)
    chosen = _checked_kind(version, kind)
    _check_words(reasons, early_reason)
    _check_reviews(version, chosen, early_reason.strip())
    now = clock.now()
    present = current_decision(version)
    if present is None:
        row = Decision(version=version, drafted_by=actor, drafted_at=now)
    else:
        row = lock_decision(present)
        refuse_unless_draft(row)
        if edit_count is not None and edit_count != row.edit_count:
            raise Refusal(
                "stale_edit",
                "Somebody changed this decision after you opened the page. Your words are kept "
                "below; compare them with the present draft and save again.",
            )
        row.edit_count += 1
        row.drafted_by = actor
        row.drafted_at = now
    version.manuscript = manuscript
    row.wording, row.template_number = _checked_wording(version, present, chosen, wording)
    row.kind = chosen
    row.state = DecisionState.DRAFTED
    row.reasons = reasons.strip()
    row.early_reason = early_reason.strip()
    row.points = [point.as_json() for point in arranged_points(row)]
    row.save()
    row.version.manuscript = manuscript
    audit.record(actor, "decision.drafted", row, kind=chosen, version=version.label)
    if Stage(manuscript.stage) != Stage.AWAITING_DECISION:
        author_actions.move_stage(actor=actor, manuscript=manuscript, to=Stage.AWAITING_DECISION)
    write_letter(actor=actor, decision=row)
    return row


def _refuse_in_conflict(actor: User, version: Version) -> None:
    """Whoever decides or recommends is judged again at that moment (`domain.md` F)."""
    found = bars_to_handling(findings_of_editor(actor, version))
    if found:
        raise Refusal(
            "conflict_of_interest",
            f"You cannot decide on this manuscript ({found[0].rule}). {found[0].evidence} Hand it "
            "back, so that another editor can decide.",
        )


def _keep_checks(actor: User | str, decider: User, version: Version) -> None:
    """Keep what the rules say of the decider and of each returned review at the decision."""
    keep_check(
        actor=actor,
        version=version,
        person=decider,
        act=CheckAct.DECIDED,
        findings=findings_of_editor(decider, version),
    )
    for review in returned_reviews(version):
        assignment = review.assignment
        assignment.version = version
        keep_check(
            actor=actor,
            version=version,
            person=assignment.reviewer,
            act=CheckAct.DECIDED,
            findings=findings_of(assignment),
            assignment=assignment,
            waived=set_aside_for(assignment),
        )


def _checked_kind(version: Version, kind: str) -> DecisionKind:
    offered = offered_decisions(version.revision_number, round_of(version).returned)
    if kind not in offered:
        words = DECISION_WORDS[DecisionKind(kind)] if kind in set(DecisionKind) else kind
        raise Refusal(
            "not_offered",
            f"“{words}” is not open for {version.label}. "
            f"Open are: {'; '.join(DECISION_WORDS[k] for k in offered)}.",
            field="kind",
            status=400,
        )
    return DecisionKind(kind)


def _checked_wording(
    version: Version, before: Decision | None, kind: DecisionKind, wording: str
) -> tuple[str, int]:
    """The words of the letter and the version of the template from which they were begun.

    Untouched words follow the outcome; those that somebody changed are never thrown away unasked.
    """
    issue = version.manuscript.issue
    text = tidy(wording)
    former = (
        words_numbered(issue, DecisionKind(before.kind), before.template_number) if before else None
    )
    is_other = former is not None and former.kind != kind
    if not text or (former is not None and is_other and text == former.text):
        words = present_words(issue, kind)
        return words.text, words.number
    if former is not None and is_other:
        raise Refusal(
            "words_of_other_outcome",
            f"These words were written for “{DECISION_WORDS[former.kind]}”. Empty the field to "
            f"begin with the words for “{DECISION_WORDS[kind]}”, or choose the former outcome.",
            field="wording",
            status=400,
        )
    refuse_faulty(text, kind, field="wording")
    return text, former.number if former else present_words(issue, kind).number


def _check_words(reasons: str, early_reason: str) -> None:
    if not reasons.strip():
        raise Refusal(
            "reasons_missing",
            "The reasons are empty. Write the sentences that tell the author what was decisive.",
            field="reasons",
            status=400,
        )
    if len(reasons) > REASONS_MAX:
        raise Refusal(
            "reasons_too_long",
            f"The reasons have {len(reasons):,} characters; the limit is {REASONS_MAX:,}.",
            field="reasons",
            status=400,
        )
    if len(early_reason.strip()) > 500:
        raise Refusal(
            "early_reason_too_long",
            f"The reason has {len(early_reason.strip())} characters; the limit is 500.",
            field="early_reason",
            status=400,
        )


def _check_reviews(version: Version, kind: DecisionKind, early_reason: str) -> None:
    """Two reviews at least, four unless a reason says why not (`domain.md` E.1, J6)."""
    if kind == DecisionKind.IMMEDIATE_REJECT or version.revision_kind == RevisionKind.MINOR:
        return
    issue = version.manuscript.issue
    returned = round_of(version).returned
    if returned < issue.reviewers_floor:
        raise Refusal(
            "too_few_reviews",
            f"{returned} of at least {issue.reviewers_floor} reviews are in. A decision needs "
            f"{issue.reviewers_floor}, normally {issue.reviewers_needed}.",
            field="kind",
        )
    if returned < issue.reviewers_needed and not early_reason:
        raise Refusal(
            "early_reason_missing",
            f"{returned} of {issue.reviewers_needed} reviews are in. Write why these suffice.",
            field="early_reason",
            status=400,
        )


def lock_decision(decision: Decision) -> Decision:
    """The decision as it is now, locked; the manuscript's row is locked before it."""
    return (
        Decision.objects.select_for_update(of=("self",))
        .select_related("version__manuscript__issue", "approved_by", "drafted_by")
        .get(pk=decision.pk)
    )


def _lock_letter(decision: Decision, letter: Letter) -> Letter:
    locked = (
        Letter.objects.select_for_update(of=("self",))
        .select_related("file", "decision__version__manuscript__issue")
        .get(pk=letter.pk)
    )
    if locked.decision_id != decision.pk or locked.state == LetterState.REPLACED:
        raise Refusal(
            "letter_replaced",
            "The letter that you looked at was replaced by a newer one. Read the new one first; "
            "nothing was sent.",
        )
    if locked.state != LetterState.RENDERED:
        raise Refusal(
            "letter_not_ready",
            "The PDF of the letter is not made yet, so there is nothing to release. Wait until "
            "the preview shows it.",
        )
    return locked


def _refuse_unless_open(decision: Decision) -> None:
    if decision.state == DecisionState.RELEASED:
        raise Refusal(
            "already_released",
            f"The decision on {decision.version} was released already; nothing was sent twice.",
        )
    if decision.state == DecisionState.DISCARDED:
        raise Refusal("discarded", f"The decision on {decision.version} was discarded.")


def refuse_unless_draft(decision: Decision) -> None:
    """Only a draft can be changed: what is held must be recalled first."""
    _refuse_unless_open(decision)
    if decision.state == DecisionState.APPROVED:
        raise Refusal(
            "held",
            "The decision is approved and held until its minute. Recall it first to change it.",
        )


def _release(
    actor: User | str, decider: User, manuscript: Manuscript, decision: Decision, letter: Letter
) -> Decision:
    now = clock.decisive_now()
    kind = DecisionKind(decision.kind)
    version = decision.version
    version.manuscript = manuscript
    decision.state = DecisionState.RELEASED
    decision.released_at = now
    decision.save(update_fields=["state", "released_at"])
    letter.state = LetterState.ISSUED
    letter.issued_at = now
    letter.save(update_fields=["state", "issued_at"])
    letter.decision = decision
    audit.record(
        actor,
        "decision.released",
        decision,
        kind=kind,
        version=version.label,
        letter=letter.number,
        sha256=_sha256(letter),
        decided_by=decider.audit_key,
    )
    _keep_checks(actor, decider, version)
    # Whoever still works on this round is told that it is over, before the stage moves on.
    reviewers = [review.assignment.reviewer for review in returned_reviews(version)]
    review_actions.close_round(actor=decider, version=version)
    due = letter.content.get("due_at")
    due_at = datetime.fromisoformat(due) if due else None
    if kind in ASKED_REVISION:
        author_actions.request_revision(
            actor=decider, manuscript=manuscript, kind=ASKED_REVISION[kind], due_at=due_at
        )
        author_actions.deliver_points(
            actor=decider,
            manuscript=manuscript,
            revision_number=version.revision_number + 1,
            points=[PointEntry(**point.as_json()) for point in arranged_points(decision)],
        )
    else:
        author_actions.move_stage(actor=decider, manuscript=manuscript, to=OUTCOME[kind])
    if letter.file is None:
        raise ValueError("An issued letter has bytes.")
    author_actions.deliver_letter(
        actor=actor,
        manuscript=manuscript,
        file=letter.file,
        title=f"Decision on {version.label}: {decision.words}",
        sent_at=now,
    )
    _deliver_attachments(actor, decision, now)
    lower_flags(manuscript=manuscript, actor=actor)
    _queue_mails(decision, letter, reviewers, due_at)
    return decision


def _deliver_attachments(actor: User | str, decision: Decision, now: datetime) -> None:
    """The files beside reviews that their writers let the authors see, under the labels."""
    returned = labelled_reviews(decision.version)
    attachments = attachments_of([entry.assignment for entry in returned])
    for entry in returned:
        for row in attachments[entry.assignment.pk]:
            if row.author_sees:
                author_actions.deliver_letter(
                    actor=actor,
                    manuscript=decision.version.manuscript,
                    file=row.file,
                    title=f"{entry.label}, attachment {row.number}, on {decision.version.label}",
                    sent_at=now,
                )


def _queue_mails(
    decision: Decision, letter: Letter, reviewers: list[User], due_at: datetime | None
) -> None:
    key = decision.public_id
    outbox.queue(mails.decision_released(decision, letter), f"decision_released:{key}:authors")
    numbers = labels_of(decision.version.manuscript)
    for reviewer in reviewers:
        outbox.queue(
            mails.decision_shared(decision, letter, reviewer, numbers.get(reviewer.pk, 0)),
            f"decision_shared:{key}:{reviewer.public_id}",
        )
    if decision.kind == DecisionKind.ACCEPT and due_at:
        outbox.queue(
            mails.manuscript_accepted(decision, due_at), f"manuscript_accepted:{key}:authors"
        )


def _sha256(letter: Letter) -> str:
    return letter.file.sha256 if letter.file else ""
