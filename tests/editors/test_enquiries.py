"""Pre-submission enquiries: an author asks a guest editor whether a work fits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import end_role
from accounts.models import Affiliation, User
from editors import actions
from editors.models import EditorConflict
from editors.queries import editor_choices
from editors.queries.desk import Viewer
from editors.queries.enquiries import askable_editors, enquiries_to, threads_about
from submissions import actions as authoring
from submissions.models import Enquiry, EnquiryMessage, Manuscript
from submissions.queries import enquiries_of, linkable_enquiries
from submissions.states import Suitability
from tests.cast import METADATA, Story, latest_version
from tests.people import GUEST_EDITOR, Part, sign_up
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]
AFTER_CLOSING = datetime(2024, 7, 3, tzinfo=UTC)
QUESTION = "Zqxquestion: is one hospital enough?"
WORDS = "Zqxcondition: with an external cohort."


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


@pytest.fixture
def lia(issue: SpecialIssue) -> User:
    """A second guest editor without conflict."""
    part = Part("Lia", "Lindahl", "Birch Polytechnic", "birch.example", "SE")
    return sign_up("lia", issue, part, GUEST_EDITOR)


def ask(story: Story, author: str = "ada", editor: str = "eva", title: str = "") -> Enquiry:
    return story.ask(author, editor, title, QUESTION)


def answer(
    story: Story, enquiry: Enquiry, suitability: Suitability | None = Suitability.FITS_IF
) -> EnquiryMessage:
    return actions.answer_enquiry(
        actor=enquiry.editor, enquiry=enquiry, suitability=suitability, text=WORDS
    )


def submitted_with(story: Story, *enquiries: Enquiry) -> Manuscript:
    """ada's manuscript, handed in with these enquiries ticked."""
    manuscript = story.draft()
    authoring.submit_manuscript(
        actor=story.ada,
        version=latest_version(manuscript),
        began_at=clock.now(),
        enquiries=enquiries,
    )
    return Manuscript.objects.get(pk=manuscript.pk)


def move_to_northgate(person: User) -> None:
    """From now on the person works where ada does."""
    Affiliation.objects.create(
        user=person, institution="Northgate University", mail_domain="northgate.example"
    )


def viewer(story: Story, person: User) -> Viewer:
    from accounts.queries import role_names

    return Viewer(person, story.issue, role_names(person, story.issue))


def reading(story: Story, people: dict[str, User]) -> set[str]:
    """Who of these people sees an enquiry at one of the two doors, read afresh."""
    return {
        name
        for name, person in ((n, User.objects.get(pk=p.pk)) for n, p in people.items())
        if enquiries_of(person).exists() or enquiries_to(person, story.issue).exists()
    }


# --- Asking -------------------------------------------------------------------------------------


def test_an_editor_in_conflict_cannot_be_asked(story: Story, lia: User) -> None:
    assert askable_editors(story.ada, story.issue) == [story.eva, lia]
    assert askable_editors(story.ben, story.issue) == [story.eva, story.gus, lia]
    with pytest.raises(Refusal) as refused:
        ask(story, editor="gus")
    assert (refused.value.code, refused.value.field) == ("editor_not_askable", "editor")
    assert not Enquiry.objects.exists()


def test_a_guest_editor_cannot_ask_himself(story: Story) -> None:
    assert askable_editors(story.eva, story.issue) == [story.gus]


def test_nobody_but_guest_editors_can_be_asked(story: Story) -> None:
    for name in ("kim", "ivo", "rui", "sam"):
        with pytest.raises(Refusal, match="no guest editor"):
            ask(story, editor=name)


def test_a_question_reaches_the_editor_by_mail_with_the_offices_reply_address(
    story: Story,
) -> None:
    enquiry = ask(story)
    mail = OutboxMessage.objects.get(kind="enquiry_asked")
    assert (mail.to, mail.cc) == (story.eva.email, [])
    assert mail.reply_to == story.issue.contact_email
    assert QUESTION in mail.text
    assert reverse("desk:enquiry", args=[enquiry.public_id]) in mail.text
    assert AuditEntry.objects.filter(verb="enquiry.asked", subject=enquiry.audit_key).count() == 1


def test_the_same_question_is_asked_once_and_three_may_wait(story: Story, lia: User) -> None:
    assert ask(story) == ask(story)
    assert OutboxMessage.objects.filter(kind="enquiry_asked").count() == 1
    answered = ask(story, title="A second work")
    ask(story, title="A third work")
    with pytest.raises(Refusal) as refused:
        ask(story, title="A fourth work")
    assert refused.value.code == "too_many_waiting"
    answer(story, answered)
    assert ask(story, title="A fourth work").title == "A fourth work"


def test_after_the_closing_nothing_is_asked(story: Story) -> None:
    with clock.frozen_at(AFTER_CLOSING), pytest.raises(Refusal) as refused:
        ask(story)
    assert refused.value.code == "deadline_passed"


# --- Answering ----------------------------------------------------------------------------------


def test_the_answer_goes_to_the_author_and_the_latest_counts(story: Story) -> None:
    enquiry = ask(story)
    answer(story, enquiry, None)
    assert enquiries_of(story.ada).get().answer is None
    answer(story, enquiry, Suitability.DOES_NOT_FIT)
    clock_later = clock.now() + timedelta(hours=1)
    with clock.frozen_at(clock_later):
        answer(story, enquiry, Suitability.FITS_IF)
    assert enquiries_of(story.ada).get().answer == Suitability.FITS_IF
    to_ada = OutboxMessage.objects.filter(to=story.ada.email).order_by("pk")
    assert [mail.kind for mail in to_ada] == [
        "enquiry_written",
        "enquiry_answered",
        "enquiry_answered",
    ]
    assert [mail.reply_to for mail in to_ada] == [story.issue.contact_email] * 3


@pytest.mark.parametrize("suitability", [Suitability.FITS_IF, Suitability.DOES_NOT_FIT, None])
def test_only_a_plain_fits_needs_no_words(story: Story, suitability: Suitability | None) -> None:
    enquiry = ask(story)
    with pytest.raises(Refusal) as refused:
        actions.answer_enquiry(actor=story.eva, enquiry=enquiry, suitability=suitability, text=" ")
    assert refused.value.field == "text"
    actions.answer_enquiry(actor=story.eva, enquiry=enquiry, suitability=Suitability.FITS, text="")


def test_a_double_click_answers_once(story: Story) -> None:
    enquiry = ask(story)
    assert answer(story, enquiry) == answer(story, enquiry)
    assert EnquiryMessage.objects.filter(enquiry=enquiry).count() == 2


def test_the_author_writes_again_and_the_editor_hears_of_it(story: Story) -> None:
    enquiry = ask(story)
    actions.write_to_editor(actor=story.ada, enquiry=enquiry, text="We add a second cohort.")
    mail = OutboxMessage.objects.get(kind="enquiry_written")
    assert mail.to == story.eva.email
    with pytest.raises(Refusal) as refused:
        actions.write_to_editor(actor=story.ben, enquiry=enquiry, text="Me too.")
    assert refused.value.status == 404


# --- Who reads it -------------------------------------------------------------------------------


def test_only_the_author_and_the_asked_editor_read_it(story: Story, lia: User) -> None:
    ask(story)
    assert reading(story, {**story.people, "lia": lia}) == {"ada", "eva"}


def test_pages_show_it_to_nobody_else(story: Story, lia: User, client_of: SignIn) -> None:
    enquiry = ask(story)
    answer(story, enquiry)
    pages = [
        reverse("enquiries:enquiries"),
        reverse("enquiries:enquiry", args=[enquiry.public_id]),
        reverse("desk:enquiries"),
        reverse("desk:enquiry", args=[enquiry.public_id]),
        reverse("desk:desk"),
    ]
    shown = {
        (name, page)
        for name, person in {**story.people, "lia": lia}.items()
        for page in pages
        if METADATA["title"].encode() in client_of(person).get(page).content
    }
    assert shown == {("ada", pages[0]), ("ada", pages[1]), ("eva", pages[2]), ("eva", pages[3])}


def test_a_conflict_that_comes_later_hides_it(story: Story, client_of: SignIn) -> None:
    enquiry = ask(story)
    move_to_northgate(story.eva)
    assert reading(story, story.people) == {"ada"}
    eva = client_of(story.eva)
    assert eva.get(reverse("desk:enquiry", args=[enquiry.public_id])).status_code == 404
    with pytest.raises(Refusal) as refused:
        answer(story, enquiry)
    assert refused.value.status == 404
    with pytest.raises(Refusal) as refused:
        actions.write_to_editor(actor=story.ada, enquiry=enquiry, text="Still there?")
    assert refused.value.code == "editor_gone"
    assert not OutboxMessage.objects.filter(kind="enquiry_written").exists()
    page = client_of(story.ada).get(reverse("enquiries:enquiry", args=[enquiry.public_id]))
    assert b"This editor cannot advise you any more." in page.content


def test_an_author_of_the_manuscript_in_conflict_hides_it(story: Story) -> None:
    """ben joined; eva comes to work where ben does."""
    enquiry = ask(story)
    submitted_with(story, enquiry)
    assert reading(story, story.people) == {"ada", "eva"}
    Affiliation.objects.create(user=story.eva, institution="Halvard Imaging Institute")
    assert reading(story, story.people) == {"ada"}


def test_a_declared_conflict_hides_it(story: Story) -> None:
    enquiry = ask(story)
    manuscript = submitted_with(story, enquiry)
    EditorConflict.objects.create(
        manuscript=manuscript, editor=story.eva, rule="declared", found_at=clock.now()
    )
    assert reading(story, story.people) == {"ada"}


def test_an_editor_who_left_reads_nothing(story: Story) -> None:
    ask(story)
    end_role(actor=story.ivo, issue=story.issue, person=story.eva, name=GUEST_EDITOR)
    assert reading(story, story.people) == {"ada"}


def test_the_number_of_queries_does_not_grow(
    story: Story, django_assert_num_queries: Callable[..., object]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            list(enquiries_to(story.eva, story.issue))
        return len(caught)

    submitted_with(story, ask(story))
    few = count()
    for author in ("ben", "rui", "sol", "tea"):
        ask(story, author)
    assert count() == few


# --- With the manuscript ------------------------------------------------------------------------


def test_the_title_proposes_the_enquiry_and_the_author_decides(story: Story) -> None:
    same, other = ask(story), ask(story, title="On the motion of the heart under stress")
    version = latest_version(story.draft())
    assert [(line.enquiry, line.is_ticked) for line in linkable_enquiries(story.ada, version)] == [
        (other, False),
        (same, True),
    ]
    authoring.link_enquiries(actor=story.ada, version=version, enquiries=[other])
    assert [(line.enquiry, line.is_ticked) for line in linkable_enquiries(story.ada, version)] == [
        (other, True),
        (same, False),
    ]
    authoring.link_enquiries(actor=story.ada, version=version, enquiries=[])
    assert set(Enquiry.objects.values_list("manuscript", flat=True)) == {None}


def test_only_the_own_enquiry_can_be_tied_to_the_own_draft(story: Story) -> None:
    of_ada, of_ben = ask(story), ask(story, "ben")
    version = latest_version(story.draft())
    authoring.link_enquiries(actor=story.ada, version=version, enquiries=[of_ada, of_ben])
    of_ben.refresh_from_db()
    assert of_ben.manuscript is None
    with pytest.raises(Refusal) as refused:
        authoring.link_enquiries(actor=story.ben, version=version, enquiries=[of_ben])
    assert refused.value.status == 404


def test_a_draft_begun_from_an_enquiry_takes_it_along(story: Story, client_of: SignIn) -> None:
    enquiry = ask(story)
    foreign = ask(story, "ben", title="Zqxforeign work of ben")
    ada = client_of(story.ada)
    ada.post(reverse("submissions:start"), {"enquiry": enquiry.public_id})
    begun = Manuscript.objects.get()
    version = latest_version(begun)
    assert (version.title, version.abstract) == (enquiry.title, enquiry.abstract)
    enquiry.refresh_from_db()
    assert enquiry.manuscript == begun
    ada.post(reverse("submissions:start"), {"enquiry": foreign.public_id})
    assert latest_version(Manuscript.objects.latest("pk")).title == ""


def test_the_editor_in_chief_reads_it_once_submitted(story: Story, client_of: SignIn) -> None:
    enquiry = ask(story)
    answer(story, enquiry)
    draft = story.draft()
    authoring.link_enquiries(actor=story.ada, version=latest_version(draft), enquiries=[enquiry])
    assert threads_about(viewer(story, story.kim), draft) == []
    story.submit(draft, "ada")
    manuscript = story.admit(draft)
    address = reverse("desk:manuscript", args=[manuscript.public_id])
    read = {
        name
        for name in ("eva", "gus", "kim", "ivo")
        if QUESTION.encode() in client_of(story.people[name]).get(address).content
    }
    assert read == {"eva", "kim"}
    assert b"nquiry" not in client_of(story.ivo).get(address).content


def test_an_editor_in_chief_in_conflict_never_reads_it(story: Story, client_of: SignIn) -> None:
    enquiry = ask(story)
    move_to_northgate(story.kim)
    manuscript = story.admit(submitted_with(story, enquiry))
    page = client_of(story.kim).get(reverse("desk:manuscript", args=[manuscript.public_id]))
    assert page.status_code == 404


def test_who_answered_fits_is_proposed_first_with_the_reason(
    story: Story, lia: User, client_of: SignIn
) -> None:
    story.people["lia"] = lia
    enquiry = ask(story, editor="lia")
    manuscript = story.admit(submitted_with(story, enquiry))
    version = latest_version(manuscript)
    before = [choice.editor for choice in editor_choices(manuscript, version) if choice.is_open]
    answer(story, enquiry)
    after = [choice for choice in editor_choices(manuscript, version) if choice.is_open]
    assert before[0] == story.eva
    assert [(after[0].editor, after[0].answer_words)] == [(lia, "answered: fits if…")]
    assert [choice.answer for choice in after[1:]] == [None] * len(after[1:])
    page = client_of(story.ivo).get(reverse("desk:assign_editor", args=[manuscript.public_id]))
    assert "answered: fits if…" in page.content.decode()
    assert WORDS not in page.content.decode()


def test_who_answered_does_not_fit_is_not_put_first(story: Story, lia: User) -> None:
    story.people["lia"] = lia
    enquiry = ask(story, editor="lia")
    answer(story, enquiry, Suitability.DOES_NOT_FIT)
    manuscript = story.admit(submitted_with(story, enquiry))
    choices = editor_choices(manuscript, latest_version(manuscript))
    assert [(c.editor, c.answer_words) for c in choices if c.answer] == [
        (lia, "answered: does not fit")
    ]
    assert choices[0].editor == story.eva


def test_a_conflict_found_later_silences_the_answer(story: Story, lia: User) -> None:
    story.people["lia"] = lia
    enquiry = ask(story, editor="lia")
    answer(story, enquiry)
    move_to_northgate(lia)
    manuscript = story.admit(submitted_with(story, enquiry))
    choices = editor_choices(manuscript, latest_version(manuscript))
    (closed,) = [choice for choice in choices if choice.editor == lia]
    assert not closed.is_open
    assert closed.answer is None


# --- In the browser, without scripts ------------------------------------------------------------


def test_the_whole_way_through_the_pages(story: Story, client_of: SignIn) -> None:
    ada, eva = client_of(story.ada), client_of(story.eva)
    page = ada.get(reverse("enquiries:ask")).content.decode()
    assert "Eva Engel" in page
    assert "Gus Gallo" not in page
    sent = {
        "editor": story.eva.public_id,
        "title": "One Encoder",
        "abstract": "It is new.",
        "question": QUESTION,
    }
    assert ada.post(reverse("enquiries:ask"), {**sent, "question": ""}).status_code == 422
    assert ada.post(reverse("enquiries:ask"), sent).status_code == 302
    enquiry = Enquiry.objects.get()
    at_desk = reverse("desk:enquiry", args=[enquiry.public_id])
    assert "One author asks you whether a work fits" in " ".join(
        eva.get(reverse("desk:desk")).content.decode().split()
    )
    assert eva.post(at_desk, {"suitability": "fits_if", "text": ""}).status_code == 422
    assert eva.post(at_desk, {"suitability": "fits_if", "text": WORDS}).status_code == 302
    page = ada.get(reverse("enquiries:enquiry", args=[enquiry.public_id])).content.decode()
    assert WORDS in page
    assert "Begin the manuscript" in page


def test_submitting_ties_what_is_ticked(story: Story, client_of: SignIn) -> None:
    same = ask(story)
    draft = story.draft()
    version = latest_version(draft)
    ada = client_of(story.ada)
    page = ada.get(reverse("submissions:check", args=[version.public_id])).content.decode()
    assert f'value="{same.public_id}" id="enquiry-{same.public_id}" checked' in page
    ada.post(
        reverse("submissions:submit", args=[version.public_id]),
        {"enquiries_offered": "1", "enquiry": same.public_id},
    )
    same.refresh_from_db()
    assert same.manuscript == draft
    draft.refresh_from_db()
    assert draft.number
