"""Every act of the authors: done, refused by rule, person and state, twice, late, stale."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from submissions import actions, queries
from submissions.actions.drafts import AuthorEntry, NamedReviewerEntry
from submissions.models import (
    Author,
    Correspondence,
    Manuscript,
    NamedReviewer,
    Version,
    VersionFile,
)
from submissions.states import Confirmation, FileKind, RevisionKind, Stage
from tests.people import OPENING
from tests.submissions.drafts import (
    DECIDING,
    accepted,
    at_stage,
    complete_draft,
    empty_draft,
    entry,
    fresh,
    newest,
    put_file,
    revision_asked,
    submitted,
)
from tmi_special_issue import clock, files
from tmi_special_issue.models import (
    AuditEntry,
    MilestoneKind,
    OutboxMessage,
    SpecialIssue,
    Topic,
)
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db

CLOSING = datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)  # 1 July, 23:59:59 Anywhere on Earth
REVISION_CLOSING = datetime(2024, 10, 2, 11, 59, 59, tzinfo=UTC)
GRACE = timedelta(minutes=15)
SECOND = timedelta(seconds=1)


@contextmanager
def refused(code: str) -> Iterator[None]:
    """The block is refused with this code and has written nothing to the record."""
    before = AuditEntry.objects.count()
    with pytest.raises(Refusal) as caught:
        yield
    assert caught.value.code == code
    assert caught.value.sentence
    assert AuditEntry.objects.count() == before


def verbs(manuscript: Manuscript) -> list[str]:
    return list(
        AuditEntry.objects.filter(subject=manuscript.audit_key)
        .order_by("sequence")
        .values_list("verb", flat=True)
    )


# --- start_draft ------------------------------------------------------------------------------


def test_a_draft_begins_with_its_submitter_as_corresponding_author(
    ada: User, issue: SpecialIssue
) -> None:
    version = empty_draft(ada, issue)
    author = Author.objects.get(version=version)
    assert (version.manuscript.stage, version.manuscript.number) == (Stage.DRAFT, None)
    assert (author.full_name, author.email, author.is_corresponding) == (
        "Ada Avelin",
        "ada@northgate.example",
        True,
    )
    assert author.institution == "Northgate University"
    assert verbs(version.manuscript) == ["draft.started"]


@pytest.mark.parametrize(
    ("instant", "opens"), [(CLOSING - SECOND, True), (CLOSING, True), (CLOSING + SECOND, False)]
)
def test_a_draft_can_be_begun_until_the_last_second(
    ada: User, issue: SpecialIssue, instant: datetime, opens: bool
) -> None:
    with clock.frozen_at(instant):
        if opens:
            assert empty_draft(ada, issue).is_draft
        else:
            with refused("deadline_passed"):
                actions.start_draft(actor=ada, issue=issue)
            assert Manuscript.objects.count() == 0


# --- save_draft -------------------------------------------------------------------------------


def test_saving_counts_and_keeps_what_was_typed(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    topics = list(Topic.objects.filter(issue=issue)[:2])
    saved = actions.save_draft(
        actor=ada, version=version, values={"title": "One encoder"}, topics=topics, edit_count=0
    )
    kept = newest(version.manuscript)
    assert (kept.title, kept.edit_count, saved.edit_count) == ("One encoder", 1, 1)
    assert list(kept.topics.all()) == topics


def test_saving_the_same_again_changes_nothing_even_from_a_stale_tab(
    ada: User, issue: SpecialIssue
) -> None:
    version = empty_draft(ada, issue)
    actions.save_draft(actor=ada, version=version, values={"title": "A"}, edit_count=0)
    again = actions.save_draft(actor=ada, version=version, values={"title": "A"}, edit_count=0)
    assert again.edit_count == 1


def test_a_stale_tab_is_refused_and_overwrites_nothing(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    actions.save_draft(actor=ada, version=version, values={"title": "New"}, edit_count=0)
    with refused("stale_edit"):
        actions.save_draft(actor=ada, version=version, values={"title": "Old"}, edit_count=0)
    assert newest(version.manuscript).title == "New"


def test_a_field_that_is_not_the_authors_is_refused(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    with refused("unknown_field"):
        actions.save_draft(
            actor=ada, version=version, values={"submitted_at": OPENING}, edit_count=0
        )
    assert newest(version.manuscript).submitted_at is None


def test_nobody_else_can_save(ada: User, ben: User, sam: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue, ben)
    for person in (ben, sam):
        with refused("not_found"):
            actions.save_draft(actor=person, version=version, values={"title": "X"}, edit_count=99)


def test_a_submitted_version_is_frozen(ada: User, issue: SpecialIssue) -> None:
    version = newest(submitted(ada, issue))
    with refused("submitted_already"):
        actions.save_draft(actor=ada, version=version, values={"title": "X"}, edit_count=2)
    with refused("submitted_already"):
        actions.save_authors(actor=ada, version=version, authors=[], edit_count=2)
    with refused("submitted_already"):
        actions.save_named_reviewers(actor=ada, version=version, people=[], edit_count=2)


def test_text_is_kept_after_the_deadline(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    with clock.frozen_at(CLOSING + timedelta(days=3)):
        actions.save_draft(actor=ada, version=version, values={"title": "Late"}, edit_count=0)
    assert newest(version.manuscript).title == "Late"


# --- save_authors, save_named_reviewers -------------------------------------------------------


def test_authors_are_replaced_in_the_given_order(ada: User, ben: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue, ben)
    rows = list(Author.objects.filter(version=version))
    turned = [
        AuthorEntry(**{name: getattr(row, name) for name in AuthorEntry.__dataclass_fields__})
        for row in reversed(rows)
    ]
    actions.save_authors(actor=ada, version=version, authors=turned, edit_count=version.edit_count)
    kept = list(Author.objects.filter(version=version))
    assert [row.public_id for row in kept] == [row.public_id for row in reversed(rows)]
    assert [row.is_corresponding for row in kept] == [False, True]


def test_another_address_takes_the_former_answer_away(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    version = complete_draft(ada, issue, ben)
    row = Author.objects.get(version=version, email=ben.email)
    Author.objects.filter(pk=row.pk).update(confirmation=Confirmation.CONFIRMED, user=ben)
    first = Author.objects.get(version=version, email=ada.email)
    entries = [
        AuthorEntry(family_name="Avelin", email=ada.email, public_id=first.public_id),
        AuthorEntry(family_name="Brandt", email="x@halvard.example", public_id=row.public_id),
    ]
    actions.save_authors(actor=ada, version=version, authors=entries, edit_count=version.edit_count)
    row.refresh_from_db()
    assert (row.confirmation, row.user) == (Confirmation.PENDING, None)


def test_two_corresponding_authors_and_a_stale_list_are_refused(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    version = complete_draft(ada, issue)
    both = [entry(ada, is_corresponding=True), entry(ben, is_corresponding=True)]
    with refused("corresponding_author"):
        actions.save_authors(
            actor=ada, version=version, authors=both, edit_count=version.edit_count
        )
    with refused("stale_edit"):
        actions.save_authors(actor=ada, version=version, authors=[entry(ben)], edit_count=0)
    assert Author.objects.get(version=version).email == ada.email


def test_in_a_revision_nobody_joins_or_leaves(ada: User, ben: User, issue: SpecialIssue) -> None:
    manuscript = revision_asked(ada, issue, ben)
    version = actions.start_revision(actor=ada, manuscript=manuscript)
    with refused("authors_settled"):
        actions.save_authors(
            actor=ada,
            version=version,
            authors=[entry(ada, is_corresponding=True)],
            edit_count=version.edit_count,
        )
    assert Author.objects.filter(version=version).count() == 2


def test_named_reviewers_are_replaced(ada: User, issue: SpecialIssue) -> None:
    version = empty_draft(ada, issue)
    people = [
        NamedReviewerEntry(name="Opposed One", reason="dispute", is_opposed=True),
        NamedReviewerEntry(name="Suggested One", reason="knows the field"),
    ]
    saved = actions.save_named_reviewers(actor=ada, version=version, people=people, edit_count=0)
    again = actions.save_named_reviewers(actor=ada, version=version, people=people, edit_count=0)
    assert saved.edit_count == again.edit_count == 1
    assert list(
        NamedReviewer.objects.filter(version=version).values_list("name", "is_opposed")
    ) == [("Suggested One", False), ("Opposed One", True)]
    with refused("stale_edit"):
        actions.save_named_reviewers(actor=ada, version=version, people=[], edit_count=0)


# --- submit_manuscript ------------------------------------------------------------------------


def submit(actor: User, version: Version, began_at: datetime | None = None) -> Version:
    return actions.submit_manuscript(actor=actor, version=version, began_at=began_at or clock.now())


def test_submitting_freezes_numbers_and_tells(ada: User, ben: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue, ben)
    done = submit(ada, version)
    manuscript = fresh(version.manuscript)
    assert (manuscript.number, manuscript.stage) == ("TMI-FM-2024-0001", Stage.SUBMITTED)
    assert done.submitted_at == done.first_submitted_at == OPENING
    assert verbs(manuscript)[-2:] == ["manuscript.moved", "manuscript.submitted"]
    assert sorted(OutboxMessage.objects.values_list("kind", "to")) == [
        ("authorship_asked", "ben@halvard.example"),
        ("manuscript_submitted", "ada@northgate.example"),
    ]
    assert Author.objects.get(version=version, email=ben.email).user == ben


def test_a_double_click_submits_once(ada: User, ben: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue, ben)
    first, second = submit(ada, version), submit(ada, version)
    assert first.submitted_at == second.submitted_at
    assert OutboxMessage.objects.count() == 2
    issue.refresh_from_db()
    assert issue.next_number == 2
    assert verbs(version.manuscript).count("manuscript.submitted") == 1


def test_drafts_take_no_number(ada: User, sam: User, issue: SpecialIssue) -> None:
    empty_draft(sam, issue)
    first = submitted(ada, issue)
    second = submitted(ada, issue)
    assert (first.number, second.number) == ("TMI-FM-2024-0001", "TMI-FM-2024-0002")


def test_an_incomplete_draft_is_refused_with_everything_that_is_missing(
    ada: User, issue: SpecialIssue
) -> None:
    version = complete_draft(ada, issue)
    VersionFile.objects.filter(version=version).delete()
    actions.save_draft(
        actor=ada, version=version, values={"title": ""}, edit_count=version.edit_count
    )
    with pytest.raises(Refusal) as caught:
        submit(ada, version)
    assert caught.value.code == "incomplete"
    assert "no PDF yet" in caught.value.sentence
    assert "Title: it is empty" in caught.value.sentence
    assert fresh(version.manuscript).number is None


def test_eleven_pages_are_refused_for_an_original_and_taken_as_a_revision(
    ada: User, issue: SpecialIssue
) -> None:
    version = complete_draft(ada, issue)
    VersionFile.objects.filter(version=version).update(page_count=11)
    with pytest.raises(Refusal, match="11 pages; the limit is 10"):
        submit(ada, version)
    VersionFile.objects.filter(version=version).update(page_count=10)
    submit(ada, version)
    manuscript = at_stage(version.manuscript, *DECIDING)
    actions.request_revision(actor="system:test", manuscript=manuscript, kind=RevisionKind.MAJOR)
    revision = actions.start_revision(actor=ada, manuscript=manuscript)
    put_file(revision, FileKind.MAIN, pages=11)
    put_file(revision, FileKind.RESPONSE)
    assert submit(ada, revision).label == "TMI-FM-2024-0001.R1"


def test_nobody_else_submits(ada: User, ben: User, sam: User, issue: SpecialIssue) -> None:
    version = complete_draft(ada, issue, ben)
    for person in (ben, sam):
        with refused("not_found"):
            submit(person, version)


@pytest.mark.parametrize(
    ("instant", "opens"), [(CLOSING - SECOND, True), (CLOSING, True), (CLOSING + SECOND, False)]
)
def test_the_deadline_is_the_last_second(
    ada: User, issue: SpecialIssue, instant: datetime, opens: bool
) -> None:
    version = complete_draft(ada, issue)
    with clock.frozen_at(instant):
        if opens:
            assert submit(ada, version).submitted_at == instant
            return
        with pytest.raises(Refusal) as caught:
            submit(ada, version)
    assert caught.value.code == "deadline_passed"
    assert "1 Jul 2024, 23:59 AoE" in caught.value.sentence
    assert "2 Jul 2024, 12:00:00 UTC" in caught.value.sentence
    assert newest(version.manuscript).is_draft
    assert OutboxMessage.objects.count() == 0


@pytest.mark.parametrize(("late", "opens"), [(GRACE, True), (GRACE + SECOND, False)])
def test_a_click_that_began_in_time_may_end_within_the_grace(
    ada: User, issue: SpecialIssue, late: timedelta, opens: bool
) -> None:
    version = complete_draft(ada, issue)
    with clock.frozen_at(CLOSING + late):
        if opens:
            assert submit(ada, version, began_at=CLOSING).submitted_at
        else:
            with refused("deadline_passed"):
                submit(ada, version, began_at=CLOSING)


def test_an_upload_across_the_deadline_takes_its_submission_along(
    ada: User, issue: SpecialIssue
) -> None:
    version = complete_draft(ada, issue)
    row = VersionFile.objects.get(version=version)
    row.upload_began_at, row.uploaded_at = CLOSING - SECOND, CLOSING + timedelta(minutes=5)
    row.save()
    with clock.frozen_at(CLOSING + timedelta(minutes=6)):
        assert submit(ada, version).submitted_at


def test_an_extension_opens_the_door_for_one_manuscript(
    ada: User, kim: User, sam: User, issue: SpecialIssue
) -> None:
    mine, other = complete_draft(ada, issue), complete_draft(ada, issue)
    until = CLOSING + timedelta(days=2)
    actions.grant_extension(
        actor=kim,
        manuscript=mine.manuscript,
        kind=MilestoneKind.SUBMISSION,
        until=until,
        reason="The power was out.",
    )
    with clock.frozen_at(until):
        assert submit(ada, mine).submitted_at == until
        with refused("deadline_passed"):
            submit(ada, other)


# --- the office returns a submission ----------------------------------------------------------


def test_a_returned_submission_keeps_its_number_and_can_come_again(
    ada: User, ivo: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue)
    actions.unsubmit_manuscript(actor=ivo, manuscript=manuscript, faults="Add line 3.")
    version = newest(manuscript)
    assert (version.is_draft, version.first_submitted_at) == (True, OPENING)
    assert fresh(manuscript).fault_list == "Add line 3."
    assert version.due_at == CLOSING
    again = submit(ada, version)
    assert (again.label, again.revision_number) == ("TMI-FM-2024-0001", 0)
    actions.pass_checklist(actor=ivo, manuscript=manuscript, to=Stage.AWAITING_EDITOR)
    assert (fresh(manuscript).stage, fresh(manuscript).fault_list) == (Stage.AWAITING_EDITOR, "")


@pytest.mark.parametrize(("late", "opens"), [(timedelta(0), True), (SECOND, False)])
def test_a_returned_submission_has_five_days_past_the_deadline(
    ada: User, ivo: User, issue: SpecialIssue, late: timedelta, opens: bool
) -> None:
    manuscript = submitted(ada, issue)
    returned_at = CLOSING + timedelta(days=2)
    with clock.frozen_at(returned_at):
        actions.unsubmit_manuscript(actor=ivo, manuscript=manuscript, faults="Mend it.")
    with clock.frozen_at(returned_at + timedelta(days=5) + late):
        if opens:
            assert submit(ada, newest(manuscript)).submitted_at
        else:
            with refused("deadline_passed"):
                submit(ada, newest(manuscript))


def test_only_a_submission_in_the_checklist_is_returned_and_with_a_reason(
    ada: User, ivo: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue)
    with refused("faults_missing"):
        actions.unsubmit_manuscript(actor=ivo, manuscript=manuscript, faults="  ")
    actions.unsubmit_manuscript(actor=ivo, manuscript=manuscript, faults="Mend it.")
    with refused("wrong_stage"):
        actions.unsubmit_manuscript(actor=ivo, manuscript=manuscript, faults="Mend it.")


# --- move_stage -------------------------------------------------------------------------------


def test_a_move_outside_the_table_is_refused(ada: User, issue: SpecialIssue) -> None:
    manuscript = submitted(ada, issue)
    with refused("wrong_stage"):
        actions.move_stage(actor="system:test", manuscript=manuscript, to=Stage.REJECTED)
    assert fresh(manuscript).stage == Stage.SUBMITTED


def test_a_move_is_in_the_record_with_its_facts(ada: User, issue: SpecialIssue) -> None:
    manuscript = submitted(ada, issue)
    actions.move_stage(
        actor="system:test", manuscript=manuscript, to=Stage.AWAITING_EDITOR, why="complete"
    )
    entry_ = AuditEntry.objects.filter(subject=manuscript.audit_key).latest("sequence")
    assert (entry_.verb, entry_.facts) == (
        "manuscript.moved",
        {"origin": "submitted", "target": "awaiting_editor", "why": "complete"},
    )
    assert manuscript.stage == Stage.AWAITING_EDITOR


# --- revision ---------------------------------------------------------------------------------


def test_a_revision_begins_as_a_copy_without_files(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    manuscript = revision_asked(ada, issue, ben)
    original = newest(manuscript)
    version = actions.start_revision(actor=ada, manuscript=manuscript)
    assert (version.revision_number, version.revision_kind) == (1, RevisionKind.MAJOR)
    assert (version.title, version.is_draft) == (original.title, True)
    assert list(version.topics.all()) == list(original.topics.all())
    assert [a.email for a in Author.objects.filter(version=version)] == [ada.email, ben.email]
    assert not VersionFile.objects.filter(version=version).exists()
    assert fresh(manuscript).stage == Stage.REVISION_DRAFT
    again = actions.start_revision(actor=ada, manuscript=manuscript)
    assert again.pk == version.pk


def test_a_revision_needs_a_response_and_gets_r1(ada: User, issue: SpecialIssue) -> None:
    manuscript = revision_asked(ada, issue)
    version = actions.start_revision(actor=ada, manuscript=manuscript)
    put_file(version, FileKind.MAIN, pages=14)
    with pytest.raises(Refusal, match="Response to reviewers"):
        submit(ada, version)
    put_file(version, FileKind.RESPONSE)
    assert submit(ada, version).label == "TMI-FM-2024-0001.R1"
    assert fresh(manuscript).stage == Stage.SUBMITTED


def test_nobody_else_begins_a_revision_and_none_without_a_decision(
    ada: User, ben: User, sam: User, issue: SpecialIssue
) -> None:
    asked = revision_asked(ada, issue, ben)
    for person in (ben, sam):
        with refused("not_found"):
            actions.start_revision(actor=person, manuscript=asked)
    unasked = submitted(ada, issue)
    with refused("wrong_stage"):
        actions.start_revision(actor=ada, manuscript=unasked)


@pytest.mark.parametrize(
    ("instant", "opens"), [(REVISION_CLOSING, True), (REVISION_CLOSING + SECOND, False)]
)
def test_a_revision_begins_and_ends_by_its_date(
    ada: User, issue: SpecialIssue, instant: datetime, opens: bool
) -> None:
    waiting, begun = revision_asked(ada, issue), revision_asked(ada, issue)
    version = actions.start_revision(actor=ada, manuscript=begun)
    put_file(version, FileKind.MAIN)
    put_file(version, FileKind.RESPONSE)
    with clock.frozen_at(instant):
        if opens:
            assert actions.start_revision(actor=ada, manuscript=waiting).is_draft
            assert submit(ada, version).submitted_at == instant
            return
        with refused("deadline_passed"):
            actions.start_revision(actor=ada, manuscript=waiting)
        with refused("deadline_passed"):
            submit(ada, version)


def test_a_decisions_own_date_counts_for_the_revision(ada: User, issue: SpecialIssue) -> None:
    manuscript = at_stage(submitted(ada, issue), *DECIDING)
    due = datetime(2024, 11, 8, 12, tzinfo=UTC)
    actions.request_revision(
        actor="system:test", manuscript=manuscript, kind=RevisionKind.MINOR, due_at=due
    )
    assert fresh(manuscript).stage == Stage.MINOR_REVISION
    version = actions.start_revision(actor=ada, manuscript=manuscript)
    assert queries.deadline_window(version).effective_at == due


def test_a_revision_lapses_after_its_grace_and_an_extension_opens_it_again(
    ada: User, kim: User, issue: SpecialIssue
) -> None:
    manuscript = revision_asked(ada, issue)
    with clock.frozen_at(REVISION_CLOSING + GRACE), refused("not_lapsed"):
        actions.lapse_revision(actor="system:tick", manuscript=manuscript)
    with clock.frozen_at(REVISION_CLOSING + GRACE + SECOND):
        actions.lapse_revision(actor="system:tick", manuscript=manuscript)
        assert fresh(manuscript).stage == Stage.REVISION_LAPSED
        until = REVISION_CLOSING + timedelta(days=10)
        actions.grant_extension(
            actor=kim,
            manuscript=manuscript,
            kind=MilestoneKind.REVISION,
            until=until,
            reason="Illness in the group.",
        )
    assert fresh(manuscript).stage == Stage.REVISION_DRAFT
    version = newest(manuscript)
    assert version.revision_number == 1
    assert queries.deadline_window(version).effective_at == until


def test_an_extension_must_be_longer_and_have_a_reason(
    ada: User, kim: User, issue: SpecialIssue
) -> None:
    manuscript = revision_asked(ada, issue)
    for until, reason, code in (
        (REVISION_CLOSING, "Illness.", "not_longer"),
        (REVISION_CLOSING + SECOND, "  ", "reason_missing"),
    ):
        with refused(code):
            actions.grant_extension(
                actor=kim,
                manuscript=manuscript,
                kind=MilestoneKind.REVISION,
                until=until,
                reason=reason,
            )


# --- letters and final files ------------------------------------------------------------------


def test_a_letter_is_delivered_once(ada: User, issue: SpecialIssue) -> None:
    manuscript = submitted(ada, issue)
    file = files.store(b"%PDF- letter", name="letter.pdf", media_type="application/pdf")
    for _ in range(2):
        actions.deliver_letter(
            actor="system:test",
            manuscript=manuscript,
            file=file,
            title="Decision letter",
            sent_at=OPENING,
        )
    assert Correspondence.objects.get(manuscript=manuscript).title == "Decision letter"
    assert verbs(manuscript).count("letter.delivered") == 1


def test_final_files_are_complete_and_received_once(
    ada: User, sam: User, issue: SpecialIssue
) -> None:
    manuscript = accepted(ada, issue)
    version = newest(manuscript)
    put_file(version, FileKind.FINAL_PDF)
    with refused("incomplete"):
        actions.receive_final_files(actor=ada, manuscript=manuscript)
    put_file(version, FileKind.SOURCES)
    put_file(version, FileKind.COPYRIGHT_FORM)
    with refused("not_found"):
        actions.receive_final_files(actor=sam, manuscript=manuscript)
    for _ in range(2):
        actions.receive_final_files(actor=ada, manuscript=manuscript)
    assert fresh(manuscript).stage == Stage.FINAL_FILES_RECEIVED
    assert OutboxMessage.objects.filter(kind="final_files_received").count() == 1


def test_final_files_are_not_taken_before_acceptance(ada: User, issue: SpecialIssue) -> None:
    manuscript = submitted(ada, issue)
    with refused("wrong_stage"):
        actions.receive_final_files(actor=ada, manuscript=manuscript)


# --- authorship -------------------------------------------------------------------------------


def ben_of(manuscript: Manuscript) -> Author:
    return Author.objects.get(version__manuscript=manuscript, email="ben@halvard.example")


def test_an_author_confirms_and_may_still_dispute(
    ada: User, ben: User, issue: SpecialIssue
) -> None:
    manuscript = submitted(ada, issue, ben)
    for _ in range(2):
        actions.confirm_authorship(actor="author:x", author=ben_of(manuscript))
    assert ben_of(manuscript).confirmation == Confirmation.CONFIRMED
    for _ in range(2):
        actions.dispute_authorship(actor="author:x", author=ben_of(manuscript))
    assert list(queries.disputed_authors(manuscript)) == [ben_of(manuscript)]
    assert verbs(manuscript)[-2:] == ["authorship.confirmed", "authorship.disputed"]
    with refused("disputed"):
        actions.confirm_authorship(actor="author:x", author=ben_of(manuscript))


# --- one at a time ----------------------------------------------------------------------------


def test_the_cast_can_tell_the_whole_story(ada: User, issue: SpecialIssue) -> None:
    """Draft, submitted, returned, submitted, major revision, R1, minor, R2, accepted, received."""
    manuscript = submitted(ada, issue)
    actions.unsubmit_manuscript(actor="system:test", manuscript=manuscript, faults="x")
    submit(ada, newest(manuscript))
    for number, kind in ((1, RevisionKind.MAJOR), (2, RevisionKind.MINOR)):
        at_stage(fresh(manuscript), *DECIDING)
        actions.request_revision(actor="system:test", manuscript=fresh(manuscript), kind=kind)
        version = actions.start_revision(actor=ada, manuscript=fresh(manuscript))
        assert version.revision_number == number
        put_file(version, FileKind.MAIN)
        put_file(version, FileKind.RESPONSE)
        submit(ada, version)
    at_stage(fresh(manuscript), *DECIDING, Stage.AWAITING_FINAL_FILES)
    version = newest(manuscript)
    for kind_ in (FileKind.FINAL_PDF, FileKind.SOURCES, FileKind.COPYRIGHT_FORM):
        put_file(version, kind_)
    actions.receive_final_files(actor=ada, manuscript=fresh(manuscript))
    assert (fresh(manuscript).stage, newest(manuscript).label) == (
        Stage.FINAL_FILES_RECEIVED,
        "TMI-FM-2024-0001.R2",
    )
