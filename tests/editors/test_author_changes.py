"""Other authors after the hand-in: everybody agrees, the editor-in-chief approves (J17)."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editors import actions as desk
from editors import schedule
from editors.models import EditorConflict
from editors.queries import handling_editor
from submissions import actions
from submissions.actions.author_changes import consent_actor
from submissions.actions.drafts import AuthorEntry
from submissions.mails import consent_token
from submissions.models import Author, AuthorChange, AuthorConsent, Manuscript
from submissions.queries import manuscripts_of
from submissions.states import AuthorChangeState, Confirmation, Stage
from tests.cast import Story, fresh, latest_version
from tests.submissions.test_actions import refused
from tests.submissions.test_views import text_of
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]

# She works where uma, who reviews, works too.
LEE = AuthorEntry(
    given_name="Lee",
    family_name="Lumb",
    email="lee@lumenvalley.example",
    institution="Lumen Valley Institute",
    country="IN",
)


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


def listed(story: Story, manuscript: Manuscript) -> list[AuthorEntry]:
    return [story.author_entry(name, name == "ada") for name in ("ada", "ben")]


def ask(story: Story, manuscript: Manuscript, *authors: AuthorEntry) -> AuthorChange:
    return actions.ask_author_change(
        actor=story.ada,
        manuscript=fresh(manuscript),
        authors=authors,
        reason="Lee made the annotations.",
    )


def agree(change: AuthorChange, *addresses: str) -> None:
    for address in addresses:
        consent = AuthorConsent.objects.get(change=change, email=address)
        actions.answer_author_change(actor=consent_actor(consent), consent=consent, agrees=True)


def mailed(kind: str) -> set[str]:
    return set(OutboxMessage.objects.filter(kind=kind).values_list("to", flat=True))


def names(manuscript: Manuscript) -> list[str]:
    return [a.full_name for a in Author.objects.filter(version=latest_version(manuscript))]


def test_every_old_and_new_author_is_asked_and_nothing_changes_before(story: Story) -> None:
    manuscript = story.submitted()
    change = ask(story, manuscript, listed(story, manuscript)[0], LEE)
    assert mailed("author_change_asked") == {story.ben.email, LEE.email}
    parts = dict(AuthorConsent.objects.filter(change=change).values_list("email", "part"))
    assert parts == {story.ada.email: "stays", LEE.email: "joins", story.ben.email: "leaves"}
    agree(change, LEE.email)
    with pytest.raises(Refusal) as caught:
        desk.approve_author_change(actor=story.kim, manuscript=fresh(manuscript))
    assert caught.value.code == "consent_missing"
    assert names(manuscript) == ["Ada Avelin", "Ben Brandt"]


def test_approved_the_list_changes_and_the_removed_author_loses_the_manuscript(
    story: Story,
) -> None:
    manuscript = story.submitted()
    change = ask(story, manuscript, LEE, listed(story, manuscript)[0])
    agree(change, LEE.email, story.ben.email)
    assert manuscripts_of(story.ben).filter(pk=manuscript.pk).exists()
    desk.approve_author_change(actor=story.kim, manuscript=fresh(manuscript))
    rows = list(Author.objects.filter(version=latest_version(manuscript)))
    assert [(r.full_name, r.position, r.is_corresponding, r.confirmation) for r in rows] == [
        ("Lee Lumb", 1, False, Confirmation.CONFIRMED),
        ("Ada Avelin", 2, True, Confirmation.CONFIRMED),
    ]
    assert not manuscripts_of(story.ben).filter(pk=manuscript.pk).exists()
    assert mailed("authors_changed") == {story.ada.email, story.ben.email, LEE.email}
    change.refresh_from_db()
    assert (change.state, change.answered_by) == (AuthorChangeState.APPROVED, story.kim)
    with refused("not_asked"):
        desk.approve_author_change(actor=story.kim, manuscript=fresh(manuscript))


def test_one_refusal_ends_the_request(story: Story) -> None:
    manuscript = story.submitted()
    change = ask(story, manuscript, *listed(story, manuscript), LEE)
    consent = AuthorConsent.objects.get(change=change, email=story.ben.email)
    actions.answer_author_change(actor=consent_actor(consent), consent=consent, agrees=False)
    change.refresh_from_db()
    assert change.state == AuthorChangeState.REFUSED
    assert mailed("author_change_refused") == {story.ada.email}
    late = AuthorConsent.objects.get(change=change, email=LEE.email)
    with refused("settled"):
        actions.answer_author_change(actor=consent_actor(late), consent=late, agrees=True)
    assert names(manuscript) == ["Ada Avelin", "Ben Brandt"]


def test_what_cannot_be_asked(story: Story) -> None:
    manuscript = story.submitted()
    ada, ben = listed(story, manuscript)
    for person in (story.ben, story.sam, story.kim):
        with refused("not_found"):
            actions.ask_author_change(
                actor=person, manuscript=manuscript, authors=[ada], reason="x"
            )
    with refused("nothing_changed"):
        ask(story, manuscript, ada, ben)
    with refused("authors_faulty"):
        ask(story, manuscript, ada, replace(LEE, email="nowhere"))
    with refused("authors_faulty"):
        ask(story, manuscript, ben, LEE)  # nobody is corresponding
    with refused("reason_missing"):
        actions.ask_author_change(actor=story.ada, manuscript=manuscript, authors=[ada], reason=" ")
    ask(story, manuscript, ada)
    with refused("asked_already"):
        ask(story, manuscript, ada, LEE)
    draft = story.draft()
    with refused("wrong_stage"):
        ask(story, draft, ada)


def test_only_the_editor_in_chief_approves(story: Story) -> None:
    manuscript = story.handled()
    change = ask(story, manuscript, listed(story, manuscript)[0])
    agree(change, story.ben.email)
    for person, code in (
        (story.eva, "not_allowed"),
        (story.ivo, "not_allowed"),
        (story.gus, "not_found"),
    ):
        with refused(code):
            desk.approve_author_change(actor=person, manuscript=fresh(manuscript))


def test_the_editor_in_chief_and_the_office_hear_once_that_all_agree(story: Story) -> None:
    manuscript = story.submitted()
    change = ask(story, manuscript, listed(story, manuscript)[0])
    schedule.tell_consented(clock.now())
    assert mailed("author_change_consented") == set()
    agree(change, story.ben.email)
    schedule.tell_consented(clock.now())
    schedule.tell_consented(clock.now())
    assert mailed("author_change_consented") == {story.kim.email, story.ivo.email}
    assert OutboxMessage.objects.filter(kind="author_change_consented").count() == 2


def test_a_reviewer_in_conflict_with_a_new_author_is_told_to_the_editor_and_the_office(
    story: Story,
) -> None:
    manuscript = story.in_review()
    change = ask(story, manuscript, *listed(story, manuscript), LEE)
    agree(change, story.ben.email, LEE.email)
    desk.approve_author_change(actor=story.kim, manuscript=fresh(manuscript))
    mails = OutboxMessage.objects.filter(kind="author_conflicts_found")
    assert {mail.to for mail in mails} == {story.eva.email, story.kim.email, story.ivo.email}
    assert "Uma Upadhyay: Same institution as Lee Lumb: Lumen Valley Institute" in mails[0].text
    assert "Rui" not in mails[0].text
    assert mailed("authors_changed").isdisjoint({story.uma.email, story.rui.email})


def test_a_handling_editor_who_works_with_a_new_author_loses_the_manuscript(story: Story) -> None:
    manuscript = story.in_review()
    near_eva = replace(
        LEE, email="lee@orrin.example", institution="Orrin School of Medicine", country="CH"
    )
    change = ask(story, manuscript, *listed(story, manuscript), near_eva)
    agree(change, story.ben.email, near_eva.email)
    desk.approve_author_change(actor=story.kim, manuscript=fresh(manuscript))
    assert EditorConflict.objects.filter(editor=story.eva, rule="F2").exists()
    assert handling_editor(fresh(manuscript)) is None
    assert fresh(manuscript).stage == Stage.AWAITING_EDITOR
    assert story.eva.email not in mailed("author_conflicts_found")
    mail = OutboxMessage.objects.get(kind="author_conflicts_found", to=story.ivo.email)
    assert "Eva Engel, who handled it, may not see it any more." in mail.text


def test_declined_the_authors_stay_and_read_why(story: Story, client_of: SignIn) -> None:
    manuscript = story.submitted()
    change = ask(story, manuscript, listed(story, manuscript)[0])
    agree(change, story.ben.email)
    address = reverse("desk:decline_author_change", args=[manuscript.public_id])
    chief = client_of(story.kim)
    page = chief.get(reverse("desk:manuscript", args=[manuscript.public_id]))
    assert "The authors ask for another list of authors" in page.content.decode()
    assert chief.post(address, {"note": ""}).status_code == 422
    chief.post(address, {"note": "Contributions do not end with the submission."})
    assert names(manuscript) == ["Ada Avelin", "Ben Brandt"]
    mail = OutboxMessage.objects.get(kind="author_change_declined")
    assert "Contributions do not end" in mail.text


def test_the_link_opens_a_page_and_only_its_button_answers(story: Story, client_of: SignIn) -> None:
    manuscript = story.submitted()
    change = ask(story, manuscript, listed(story, manuscript)[0], LEE)
    mail = OutboxMessage.objects.get(kind="author_change_asked", to=LEE.email)
    found = re.search(r"http\S+(/submissions/authors/\S+/)", mail.text)
    assert found
    browser = client_of(None)
    words = text_of(browser.get(found[1]))
    assert "You would be added as an author." in words
    assert "Ben Brandt" in words
    consent = AuthorConsent.objects.get(change=change, email=LEE.email)
    assert consent.agrees is None
    browser.post(found[1], {"answer": "agree"})
    consent.refresh_from_db()
    assert consent.agrees is True
    # The link of one person answers for nobody else, and a forged one opens nothing.
    other = AuthorConsent.objects.get(change=change, email=story.ben.email)
    assert other.agrees is None
    assert consent_token(other) not in found[1]
    assert browser.get("/submissions/authors/forged/").status_code == 404


def test_the_list_is_changed_on_the_page_without_scripts(story: Story, client_of: SignIn) -> None:
    manuscript = story.submitted()
    author = client_of(story.ada)
    address = reverse("submissions:change_authors", args=[manuscript.public_id])
    page = author.get(address)
    posted = _fields(page.context["formset"]) | {"corresponding": "0"}
    moved = author.post(address, {**posted, "act": "down-0", "reason": "Order."})
    assert [row.initial["family_name"] for row in moved.context["formset"]] == ["Brandt", "Avelin"]
    assert moved.context["corresponding"] == 1
    assert AuthorChange.objects.count() == 0
    posted = _fields(moved.context["formset"]) | {"corresponding": "1"}
    assert author.post(address, {**posted, "act": "ask"}).status_code == 422  # no reason
    author.post(address, {**posted, "act": "ask", "reason": "Ben did most of it."})
    assert AuthorChange.objects.get().reason == "Ben did most of it."
    shown = reverse("submissions:show", args=[manuscript.public_id])
    assert "Another list of authors is asked for." in text_of(author.get(shown))
    author.post(reverse("submissions:take_back_author_change", args=[manuscript.public_id]))
    assert AuthorChange.objects.get().state == AuthorChangeState.TAKEN_BACK


def _fields(formset: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    rows = list(formset)  # type: ignore[call-overload]
    found["authors-TOTAL_FORMS"] = found["authors-INITIAL_FORMS"] = str(len(rows))
    for row in rows:
        for name in row.fields:
            if value := row[name].value():
                found[row.add_prefix(name)] = value
    return found
