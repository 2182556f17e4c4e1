"""The desk's pages: who gets them, what they say, and that the acts work without scripts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from editors.actions import draft_decision, recommend_decision, render_letter
from editors.models import Decision, EditorConflict, Letter
from editors.queries import current_letter
from reviews.models import Assignment, Publication, ReviewerProfile
from reviews.states import AssignmentState
from submissions.models import Manuscript, Version, VersionFile
from submissions.states import Stage
from tests.editors.building import add_reviewer, add_version, make_manuscript, reviewed
from tmi_special_issue import audit, clock, files
from tmi_special_issue.models import OutboxMessage, SpecialIssue

ClientOf = Callable[[User | None], Client]


@pytest.fixture
def four(rui: User, sol: User, tea: User, uma: User) -> list[User]:
    people = [rui, sol, tea, uma]
    for person in people:
        profile = ReviewerProfile.objects.create(user=person)
        Publication.objects.create(
            profile=profile, title="Volumetric encoders for imaging", year=2023
        )
    return people


@pytest.fixture
def ready(issue: SpecialIssue, ada: User, eva: User, four: list[User]) -> Version:
    return reviewed(issue, ada, eva, four)


def page(browser: Client, name: str, *args: str) -> str:
    answer = browser.get(reverse(name, args=args))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


MANUSCRIPT_PAGES = [
    "desk:manuscript",
    "desk:unsubmit",
    "desk:assign_editor",
    "desk:ask_reassignment",
    "desk:extend",
    "desk:panel",
    "desk:panel_confirm",
    "desk:decide",
    "desk:recommend",
    "desk:letter_state",
]


@pytest.mark.parametrize("name", MANUSCRIPT_PAGES)
def test_for_a_stranger_or_a_conflicted_editor_there_is_no_such_page(
    name: str, ready: Version, client_of: ClientOf, gus: User, ada: User, sam: User, rui: User
) -> None:
    draft_decision(actor=_handler(ready), manuscript=ready.manuscript, kind="accept", reasons="R.")
    EditorConflict.objects.create(
        manuscript=ready.manuscript,
        editor=gus,
        rule="F2",
        evidence="same university",
        found_at=clock.now(),
    )
    there = reverse(name, args=[ready.manuscript.public_id])
    absent = reverse(name, args=["0" * 16])
    for person in (gus, ada, sam, rui):
        browser = client_of(person)
        answers = [browser.get(there), browser.get(absent)]
        assert [a.status_code for a in answers] == [404, 404]
    assert client_of(None).get(there).status_code == 302


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("desk:desk", {"eva", "kim", "ivo"}),
        ("desk:acceptance", {"kim", "ivo"}),
        ("desk:people", {"ivo"}),
        ("desk:settings", {"kim", "ivo"}),
    ],
)
def test_pages_of_the_issue_by_role(
    name: str, allowed: set[str], client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    found = set()
    for who in ("eva", "kim", "ivo", "ada", "rui", "sam"):
        status = client_of(request.getfixturevalue(who)).get(reverse(name)).status_code
        assert status in {200, 404}
        if status == 200:
            found.add(who)
    assert found == allowed


def test_the_manuscript_page_shows_scores_words_and_the_next_act(
    ready: Version, eva: User, client_of: ClientOf
) -> None:
    text = page(client_of(eva), "desk:manuscript", ready.manuscript.public_id)
    for said in [
        "Write the decision",
        "What the reviewers say",
        "Very good",
        "For the editors only",
        "Secret words number 3.",
        "Rui Rezende",
        "Reviews complete, with the guest editor",
    ]:
        assert said in text, said


def test_the_manuscript_page_asks_the_same_number_of_queries(
    issue: SpecialIssue, ada: User, eva: User, four: list[User], client_of: ClientOf
) -> None:
    browser = client_of(eva)

    def count(version: Version) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(browser, "desk:manuscript", version.manuscript.public_id)
        return len(captured)

    first = reviewed(issue, ada, eva, four)
    count(first)
    alone = count(first)
    for _ in range(6):
        reviewed(issue, ada, eva, four)
    assert count(first) == alone


def test_earlier_rounds_are_tabs(
    issue: SpecialIssue, ada: User, eva: User, client_of: ClientOf
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    add_version(version.manuscript, 1, title="The revised title", people=[ada])
    browser = client_of(eva)
    url = reverse("desk:manuscript", args=[version.manuscript.public_id])
    assert "The revised title" in browser.get(url).content.decode()
    earlier = browser.get(f"{url}?round=0").content.decode()
    assert "This is an earlier round" in earlier
    assert version.title in earlier


def test_a_file_goes_out_in_its_cleaned_copy_under_a_neutral_name(
    ready: Version, eva: User, gus: User, client_of: ClientOf
) -> None:
    row = VersionFile.objects.get(version=ready)
    cleaned = files.store(b"%PDF cleaned", name="x.pdf", media_type="application/pdf")
    row.file.served = cleaned
    row.file.save(update_fields=["served"])
    url = reverse("desk:file", args=[ready.manuscript.public_id, row.public_id])
    answer = client_of(eva).get(url)
    assert b"".join(answer.streaming_content) == b"%PDF cleaned"  # type: ignore[attr-defined]
    assert f"{ready.label}-main.pdf" in answer["Content-Disposition"]
    assert answer["Content-Disposition"].startswith("attachment")
    other = make_manuscript(ready.manuscript.issue, eva, stage=Stage.IN_REVIEW)
    crossed = reverse("desk:file", args=[other.manuscript.public_id, row.public_id])
    assert client_of(gus).get(crossed).status_code == 404


def test_the_checklist_from_the_page(
    issue: SpecialIssue, ada: User, ivo: User, client_of: ClientOf
) -> None:
    version = make_manuscript(issue, ada)
    browser = client_of(ivo)
    key = version.manuscript.public_id
    assert "Pass the checklist" in page(browser, "desk:manuscript", key)
    refused = browser.post(reverse("desk:unsubmit", args=[key]), {"faults": ""})
    assert refused.status_code == 422
    assert browser.get(reverse("desk:admit", args=[key])).status_code == 405
    answer = browser.post(reverse("desk:admit", args=[key]), follow=True)
    assert "is admitted." in answer.content.decode()
    twice = browser.post(reverse("desk:admit", args=[key]), follow=True)
    assert "is no longer where it was" in twice.content.decode()


def test_an_editor_is_assigned_from_the_page(
    issue: SpecialIssue, ada: User, kim: User, eva: User, gus: User, client_of: ClientOf
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.AWAITING_EDITOR)
    browser = client_of(kim)
    key = version.manuscript.public_id
    text = page(browser, "desk:assign_editor", key)
    assert f'value="{eva.public_id}"' in text
    assert f'value="{gus.public_id}"' not in text
    assert "Northgate University" in text
    forged = browser.post(reverse("desk:assign_editor", args=[key]), {"editor": gus.public_id})
    assert forged.status_code == 422
    answer = browser.post(
        reverse("desk:assign_editor", args=[key]), {"editor": eva.public_id}, follow=True
    )
    assert "Eva Engel handles" in answer.content.decode()


def test_four_are_ticked_shown_and_invited(
    issue: SpecialIssue, ada: User, eva: User, four: list[User], client_of: ClientOf
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    browser = client_of(eva)
    key = version.manuscript.public_id
    assert page(browser, "desk:panel", key).count(" checked") == 4
    chosen = [person.public_id for person in four]
    confirm = browser.get(reverse("desk:panel_confirm", args=[key]), {"pick": chosen})
    text = confirm.content.decode()
    assert "Invite all four" in text
    assert f'action="{reverse("desk:panel", args=[key])}"' in text
    assert "invitation to review" in text
    assert not Assignment.objects.exists()
    for _ in range(2):
        answer = browser.post(reverse("desk:panel", args=[key]), {"pick": chosen}, follow=True)
        assert answer.status_code == 200
    assert Assignment.objects.count() == 4
    assert OutboxMessage.objects.filter(kind="review_invited").count() == 4


def test_whoever_declined_is_offered_again_and_not_ticked(
    issue: SpecialIssue, ada: User, eva: User, four: list[User], client_of: ClientOf
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    add_reviewer(version, four[0], state=AssignmentState.DECLINED, invited_by=eva)
    answer = client_of(eva).get(reverse("desk:panel", args=[version.manuscript.public_id]))
    assert {c.user for c in answer.context["four"]} == set(four[1:])
    assert [c.user for c in answer.context["bench"]] == [four[0]]
    assert answer.context["standing_by"] == set()


def test_a_second_round_ticks_those_who_did_not_accept(
    issue: SpecialIssue, ada: User, eva: User, four: list[User], client_of: ClientOf
) -> None:
    first = reviewed(issue, ada, eva, four)
    content = Assignment.objects.get(version=first, reviewer=four[0]).review
    content.recommendation = "accept"
    content.save(update_fields=["recommendation"])
    add_version(first.manuscript, 1, title="Revised", people=[ada], kind="reject_resubmit")
    answer = client_of(eva).get(reverse("desk:panel", args=[first.manuscript.public_id]))
    ticked = [c.user for c in answer.context["four"]]
    assert set(four[1:]) <= set(ticked)


def test_the_decision_from_the_page(
    ready: Version, eva: User, ada: User, client_of: ClientOf
) -> None:
    browser = client_of(eva)
    key = ready.manuscript.public_id
    decide = reverse("desk:decide", args=[key])
    empty = browser.post(decide, {"kind": "", "reasons": "Some words kept."})
    assert empty.status_code == 422
    assert "Some words kept." in empty.content.decode()
    browser.post(decide, {"kind": "minor_revision", "reasons": "Sound."})
    letter = Letter.objects.get()
    waiting = page(browser, "desk:letter_state", key)
    assert "hx-get" in waiting
    render_letter(letter=letter)
    shown = page(browser, "desk:decide", key)
    letter.refresh_from_db()
    assert letter.file is not None
    assert letter.file.sha256 in shown
    pdf = browser.get(reverse("desk:letter", args=[key, letter.public_id]) + "?look=1")
    assert b"".join(pdf.streaming_content) == files.read(letter.file)  # type: ignore[attr-defined]
    author = client_of(ada)
    assert author.get(reverse("desk:letter", args=[key, letter.public_id])).status_code == 404
    answer = browser.post(
        reverse("desk:release", args=[key]), {"letter": letter.public_id}, follow=True
    )
    assert "is out; the letter is on its way" in answer.content.decode()
    again = browser.post(
        reverse("desk:release", args=[key]), {"letter": letter.public_id}, follow=True
    )
    assert "was released already" in again.content.decode()
    assert OutboxMessage.objects.filter(kind="decision_released").count() == 1


def test_a_minute_of_release_is_meant_in_the_zone_of_the_issue(
    ready: Version, eva: User, client_of: ClientOf
) -> None:
    decision = draft_decision(
        actor=eva, manuscript=ready.manuscript, kind="accept", reasons="Sound."
    )
    letter = current_letter(decision)
    assert letter is not None
    render_letter(letter=letter)
    minute = (clock.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    client_of(eva).post(
        reverse("desk:release", args=[ready.manuscript.public_id]),
        {
            "letter": letter.public_id,
            "release_at": (minute - timedelta(hours=12)).strftime("%Y-%m-%dT%H:%M"),
        },
    )
    assert Decision.objects.get().release_at == minute


def test_round_two_offers_no_major_revision(
    issue: SpecialIssue, ada: User, eva: User, client_of: ClientOf
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva, revision_number=1)
    text = page(client_of(eva), "desk:decide", version.manuscript.public_id)
    assert 'value="minor_revision"' in text
    assert 'value="reject_resubmit"' not in text


def test_recommending_leads_to_the_chiefs_page(
    issue: SpecialIssue, ready: Version, eva: User, kim: User, client_of: ClientOf
) -> None:
    SpecialIssue.objects.filter(pk=issue.pk).update(decision_authority="editor_in_chief")
    key = ready.manuscript.public_id
    assert client_of(eva).get(reverse("desk:decide", args=[key])).status_code == 302
    text = page(client_of(eva), "desk:recommend", key)
    assert "Recommend and draft the letter" in text
    ready.manuscript.issue.refresh_from_db()
    recommend_decision(
        actor=eva, manuscript=ready.manuscript, kind="reject", reasons="No.", note="Weak baseline."
    )
    chief = page(client_of(kim), "desk:decide", key)
    assert "Weak baseline." in chief
    assert "Save and make a new letter" in chief
    own = page(client_of(eva), "desk:recommend", key)
    assert "Release" not in own.replace("Released", "")


def test_nothing_leaks_to_the_author_before_the_release(
    ready: Version, eva: User, ada: User, client_of: ClientOf
) -> None:
    browser = client_of(ada)
    url = reverse("submissions:show", args=[ready.manuscript.public_id])
    before = browser.get(url)
    decision = draft_decision(
        actor=eva, manuscript=ready.manuscript, kind="accept", reasons="Zqx7 sound."
    )
    letter = current_letter(decision)
    assert letter is not None
    render_letter(letter=letter)
    Manuscript.objects.filter(pk=ready.manuscript_id).update(stage_since=clock.now())
    after = browser.get(url)
    assert (before.status_code, after.status_code) == (200, 200)
    assert b"Zqx7" not in after.content
    assert _plain(before.content) == _plain(after.content)


def test_roles_and_authority_from_their_pages(
    issue: SpecialIssue, ivo: User, sam: User, client_of: ClientOf
) -> None:
    browser = client_of(ivo)
    browser.post(reverse("desk:people"), {"email": sam.email, "name": "guest_editor"})
    assert "Sam Stranger" in page(browser, "desk:people")
    browser.post(
        reverse("desk:end_role"), {"person": sam.public_id, "name": "guest_editor"}, follow=True
    )
    assert "Sam Stranger" not in page(browser, "desk:people")
    browser.post(reverse("desk:settings"), {"decision_authority": "editor_in_chief"})
    issue.refresh_from_db()
    assert issue.decision_authority == "editor_in_chief"
    assert audit.entries_about(issue.audit_key).filter(verb="authority.changed").count() == 1


def test_the_list_is_taken_and_downloaded(
    ready: Version, eva: User, ivo: User, client_of: ClientOf
) -> None:
    from editors.actions import release_decision

    decision = draft_decision(
        actor=eva, manuscript=ready.manuscript, kind="accept", reasons="Sound."
    )
    letter = current_letter(decision)
    assert letter is not None
    release_decision(actor=eva, decision=decision, letter=render_letter(letter=letter))
    browser = client_of(ivo)
    browser.post(reverse("desk:acceptance"))
    text = page(browser, "desk:acceptance")
    assert "List 1" in text
    key = ready.manuscript.issue.acceptance_snapshots.get().public_id
    for form in ("csv", "xlsx", "json"):
        url = reverse("desk:export", args=[key, form])
        one, two = browser.get(url), browser.get(url)
        assert one.content == two.content
        assert one["Content-Disposition"].startswith("attachment")
        assert client_of(eva).get(url).status_code == 404
    assert browser.get(reverse("desk:export", args=[key, "pdf"])).status_code == 404


def test_reviewer_acts_from_the_page(
    issue: SpecialIssue, ada: User, eva: User, rui: User, client_of: ClientOf
) -> None:
    version = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    assignment = add_reviewer(version, rui, invited_by=eva)
    browser = client_of(eva)
    both = [version.manuscript.public_id, assignment.public_id]
    browser.post(reverse("desk:remind", args=both))
    assert OutboxMessage.objects.filter(kind="review_reminded").count() == 1
    until = (clock.now() + timedelta(days=30)).date().isoformat()
    browser.post(reverse("desk:extend_review", args=both), {"until": until})
    assignment.refresh_from_db()
    assert assignment.due_at is not None
    assert assignment.due_at.date().isoformat() > until
    empty = browser.post(reverse("desk:unassign", args=both), {"reason": ""})
    assert empty.status_code == 422
    browser.post(reverse("desk:unassign", args=both), {"reason": "does not answer"})
    assignment.refresh_from_db()
    assert assignment.state == "unassigned"
    other = make_manuscript(issue, ada, stage=Stage.IN_REVIEW, editor=eva)
    crossed = [other.manuscript.public_id, assignment.public_id]
    assert browser.post(reverse("desk:remind", args=crossed)).status_code == 404


def _handler(version: Version) -> User:
    return version.manuscript.handlings.get().editor


def _plain(content: bytes) -> bytes:
    """A page without the secret that every answer carries anew."""
    import re

    text = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", content)
    return re.sub(rb'"X-CSRFToken": "[^"]+"', b"", text)
