"""The pages of the reviewers' door: who sees what, saving, previewing, submitting."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from reviews import actions
from reviews.models import Assignment, Review, ReviewerProfile
from reviews.states import READING, AssignmentState
from submissions.models import Version, VersionFile
from submissions.states import FileKind, Stage
from tests.reviews.conftest import COMMENTS, COMPLETE, deliver, make_manuscript
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue, Topic

Invite = Callable[..., Assignment]
ClientOf = Callable[[User | None], Client]
AUTOSAVE = {"X-Requested-With": "autosave"}
REMARK = {"page": 3, "quote": "A reward model", "text": "On how many pairs?", "optional": False}


def url(name: str, assignment: Assignment) -> str:
    return reverse(f"reviews:{name}", args=[assignment.public_id])


def typed(answers: dict[str, Any], revision: int = 0) -> dict[str, str]:
    """The answers as a browser posts them."""
    posted = {"revision": str(revision)}
    for key, value in answers.items():
        if value is True:
            posted[key] = "on"
        elif isinstance(value, list):
            posted[key] = "\r\n".join(value)
        else:
            posted[key] = str(value)
    return posted


@pytest.fixture
def mine(agreed: Invite, rui: User) -> Assignment:
    """Rui has agreed."""
    return agreed(rui)


@pytest.fixture
def browser(client_of: ClientOf, rui: User) -> Client:
    """Rui's browser."""
    return client_of(rui)


# --- Who sees what ----------------------------------------------------------------------------

PAGES = ["show", "preview", "text"]
POSTS = ["agree", "decline", "save", "deliver", "take_text", "time"]


@pytest.mark.parametrize("who", ["ada", "ben", "sol", "eva", "gus", "kim", "ivo", "sam"])
@pytest.mark.parametrize("name", PAGES + POSTS)
def test_for_everybody_else_a_review_does_not_exist(
    who: str, name: str, mine: Assignment, client_of: ClientOf, request: pytest.FixtureRequest
) -> None:
    other = client_of(request.getfixturevalue(who))
    send = other.post if name in POSTS else other.get
    assert send(url(name, mine)).status_code == 404
    unknown = reverse(f"reviews:{name}", args=["0" * 16])
    assert send(unknown).status_code == 404


@pytest.mark.parametrize("name", PAGES + POSTS)
def test_whoever_is_not_signed_in_is_asked_to(
    name: str, mine: Assignment, client_of: ClientOf
) -> None:
    nobody = client_of(None)
    send = nobody.post if name in POSTS else nobody.get
    for address in (url(name, mine), reverse(f"reviews:{name}", args=["0" * 16])):
        answer = send(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize("name", POSTS)
def test_get_changes_nothing(name: str, mine: Assignment, browser: Client) -> None:
    assert browser.get(url(name, mine)).status_code == 405


def test_reviewers_see_authors_and_no_other_reviewer(
    mine: Assignment, browser: Client, agreed: Invite, sol: User
) -> None:
    other = agreed(sol)
    deliver(other, comments_to_author="Sol's own words. " * 40)
    for address in (url("show", mine), reverse("reviews:assignments")):
        content = browser.get(address).content.decode()
        assert "Sandvik" not in content
        assert "Sol's own words" not in content
    assert "Ada Avelin" in browser.get(url("show", mine)).content.decode()


@pytest.mark.parametrize("state", list(AssignmentState))
def test_files_are_open_in_reading_states_only(
    state: AssignmentState, mine: Assignment, browser: Client
) -> None:
    Assignment.objects.filter(pk=mine.pk).update(state=state, returned_at=clock.now())
    main = mine.version.files.get(kind="main")
    address = reverse("reviews:file", args=[mine.public_id, main.public_id])
    assert browser.get(address).status_code == (200 if state in READING else 404)


def test_the_file_is_neutral_and_never_the_cover_letter(mine: Assignment, browser: Client) -> None:
    main = mine.version.files.get(kind="main")
    answer = browser.get(
        reverse("reviews:file", args=[mine.public_id, main.public_id]), {"inline": "1"}
    )
    assert answer["Content-Disposition"].startswith(
        'inline; filename="TMI-FM-2024-0001-manuscript.pdf"'
    )
    letter = mine.version.files.get(kind="cover_letter")
    hidden = reverse("reviews:file", args=[mine.public_id, letter.public_id])
    assert browser.get(hidden).status_code == 404
    page = browser.get(url("show", mine)).content.decode()
    assert "avelin_private" not in page
    assert letter.public_id not in page


def test_a_file_of_another_manuscript_is_not_reached_through_mine(
    mine: Assignment, browser: Client, issue: SpecialIssue, ben: User
) -> None:
    other = make_manuscript(issue, ben, [ben], number=2)
    theirs = other.files.get(kind="main")
    address = reverse("reviews:file", args=[mine.public_id, theirs.public_id])
    assert browser.get(address).status_code == 404


def test_files_close_when_the_version_went_back_to_its_author(
    mine: Assignment, browser: Client
) -> None:
    Version.objects.filter(pk=mine.version_id).update(submitted_at=None)
    main = mine.version.files.get(kind="main")
    address = reverse("reviews:file", args=[mine.public_id, main.public_id])
    assert browser.get(address).status_code == 404


# --- Answering, signed in ---------------------------------------------------------------------


def test_agree_and_decline_from_the_own_page(
    invite: Invite, rui: User, sol: User, client_of: ClientOf
) -> None:
    first, second = invite(rui), invite(sol)
    page = client_of(rui).get(url("show", first)).content.decode()
    assert "Will you review this manuscript?" in page
    client_of(rui).post(
        url("agree", first),
        {"has_conflict": "no", "accepts_confidentiality": "on", "accepts_ai_terms": "on"},
    )
    client_of(sol).post(url("decline", second), {"reason": "away"})
    assert {a.state for a in Assignment.objects.all()} == {"agreed", "declined"}


# --- Writing ----------------------------------------------------------------------------------


def test_nothing_is_preselected(mine: Assignment, browser: Client) -> None:
    content = browser.get(url("show", mine)).content.decode()
    assert " checked" not in content
    assert content.count('type="radio"') > 50


def test_autosave(mine: Assignment, browser: Client) -> None:
    answer = browser.post(url("save", mine), typed({"originality": 3}), headers=AUTOSAVE)
    assert answer.status_code == 200
    assert set(answer.json()) == {"saved_at", "revision"}
    assert answer.json()["revision"] == 1
    again = browser.post(url("save", mine), typed({"originality": 4}, 1), headers=AUTOSAVE)
    assert again.json()["revision"] == 2
    assert Review.objects.get().answers == {"originality": 4}


def test_a_stale_tab_is_told(mine: Assignment, browser: Client) -> None:
    browser.post(url("save", mine), typed({"originality": 3}), headers=AUTOSAVE)
    answer = browser.post(url("save", mine), typed({"originality": 1}), headers=AUTOSAVE)
    assert answer.status_code == 409
    assert "another tab" in answer.json()["detail"]
    page = browser.post(url("save", mine), typed({"comments_to_author": "mine"}))
    assert page.status_code == 409
    assert "mine</textarea>" in page.content.decode()
    assert Review.objects.get().answers == {"originality": 3}


def test_a_stale_tab_gets_what_the_other_saved_as_it_would_post_it(
    mine: Assignment, browser: Client
) -> None:
    answers = {**COMPLETE, "suggested_references": ["One.", "Two."], "remarks": [REMARK]}
    actions.save_review(actor=mine.reviewer, assignment=mine, answers=answers, edit_count=0)
    answer = browser.post(url("save", mine), typed({"originality": 1}), headers=AUTOSAVE)
    told = answer.json()
    assert (answer.status_code, told["revision"]) == (409, 1)
    assert told["fields"] == {
        **{key: [str(value)] for key, value in COMPLETE.items()},
        "suggested_references": ["One.\nTwo."],
        "coi_confirmed": ["on"],
        "remarks": [["3", "A reward model", "On how many pairs?", False]],
    }


def test_without_a_script_both_texts_are_shown_and_the_next_save_counts(
    mine: Assignment, browser: Client
) -> None:
    browser.post(url("save", mine), typed({"comments_to_author": "theirs", "originality": 3}))
    page = browser.post(url("save", mine), typed({"comments_to_author": "mine", "originality": 3}))
    content = page.content.decode()
    assert page.status_code == 409
    other = content[content.index("Saved in the other tab") :]
    assert "theirs" in other[: other.index("</dl>")]
    assert "Good" not in other[: other.index("</dl>")]  # the same in both
    assert "mine</textarea>" in content
    assert Review.objects.get().answers["comments_to_author"] == "theirs"
    revision = re.search(r'name="revision" value="(\d+)"', content)
    assert revision
    again = browser.post(url("save", mine), typed({"comments_to_author": "mine"}, int(revision[1])))
    assert again.status_code == 302
    assert Review.objects.get().answers == {"comments_to_author": "mine"}


@pytest.mark.parametrize("is_script", [True, False])
def test_who_is_removed_while_typing_keeps_the_last_words_too(
    is_script: bool, mine: Assignment, browser: Client, eva: User
) -> None:
    browser.post(url("save", mine), typed({"comments_to_author": "First"}))
    actions.unassign_reviewer(actor=eva, assignment=mine, reason="Late, with thanks.")
    for _ in range(2):  # the second time nothing is new
        answer = browser.post(
            url("save", mine),
            typed({"comments_to_author": "First and last"}, 1),
            headers=AUTOSAVE if is_script else {},
        )
        assert answer.status_code == 409
        assert "thank you for the time that you gave" in answer.content.decode()
    review = Review.objects.get()
    assert review.answers == {"comments_to_author": "First"}
    assert [s.answers for s in review.snapshots.all()] == [{"comments_to_author": "First and last"}]
    page = browser.get(url("show", mine)).content.decode()
    assert "What you had written" in page
    assert "First and last" in page


def test_nothing_is_kept_long_after_the_end(mine: Assignment, browser: Client, eva: User) -> None:
    browser.post(url("save", mine), typed({"comments_to_author": "First"}))
    actions.unassign_reviewer(actor=eva, assignment=mine, reason="Late, with thanks.")
    with clock.frozen_at(clock.now() + timedelta(days=2)):
        browser.post(url("save", mine), typed({"comments_to_author": "Much later"}, 1))
    assert Review.objects.get().snapshots.count() == 0


def test_the_decision_made_while_writing_keeps_the_text(
    mine: Assignment, browser: Client, eva: User
) -> None:
    browser.post(url("save", mine), typed({"comments_to_author": "Half"}))
    actions.close_round(actor=eva, version=mine.version)
    answer = browser.post(
        url("save", mine), typed({"comments_to_author": "Half and half"}, 1), headers=AUTOSAVE
    )
    assert answer.status_code == 409
    assert "Half and half" in browser.get(url("show", mine)).content.decode()


def test_autosave_of_somebody_signed_out_is_told(mine: Assignment, client_of: ClientOf) -> None:
    answer = client_of(None).post(url("save", mine), typed({}), headers=AUTOSAVE)
    assert answer.status_code == 401


def test_autosave_of_somebody_let_go_is_told_politely(
    mine: Assignment, browser: Client, eva: User
) -> None:
    browser.post(url("save", mine), typed({"originality": 3}), headers=AUTOSAVE)
    actions.unassign_reviewer(actor=eva, assignment=mine, reason="late")
    answer = browser.post(url("save", mine), typed({"originality": 4}, 1), headers=AUTOSAVE)
    assert answer.status_code == 409
    assert "thank you" in answer.json()["detail"]
    assert Review.objects.get().answers == {"originality": 3}


@pytest.mark.parametrize(
    ("change", "field"),
    [({"originality": "9"}, "originality"), ({"comments_to_author": "x" * 20_001}, None)],
)
def test_what_cannot_be_stored_is_said_at_its_field(
    mine: Assignment, browser: Client, change: dict[str, str], field: str | None
) -> None:
    answer = browser.post(url("save", mine), {**typed({}), **change}, headers=AUTOSAVE)
    assert answer.status_code == 422
    [key] = answer.json()["errors"]
    assert key == (field or "comments_to_author")
    assert isinstance(answer.json()["errors"][key][0], str)
    assert browser.post(url("save", mine), {**typed({}), **change}).status_code == 400


def test_20_000_characters_and_line_ends_survive(mine: Assignment, browser: Client) -> None:
    text = ("Größe – 大きさ\r\n" * 2000)[:20_000]
    browser.post(url("save", mine), {**typed({}), "comments_to_author": text})
    assert Review.objects.get().answers["comments_to_author"] == text.replace("\r\n", "\n")


def test_saving_without_javascript_comes_back_to_the_sheet(
    mine: Assignment, browser: Client
) -> None:
    page = browser.post(url("save", mine), typed({"originality": 3}), follow=True)
    content = page.content.decode()
    assert "Saved." in content
    assert content.count(" checked") == 1


def test_missing_answers_are_listed_and_what_was_typed_is_kept(
    mine: Assignment, browser: Client
) -> None:
    rest = {k: v for k, v in COMPLETE.items() if k not in {"impact", "recommendation"}}
    page = browser.post(url("deliver", mine), typed(rest))
    content = page.content.decode()
    assert page.status_code == 400
    assert 'href="#id_impact"' in content
    assert 'href="#id_recommendation"' in content
    assert "2 answers are still missing" in content
    assert Review.objects.get().answers == rest
    assert Assignment.objects.get().state == "in_progress"


def test_submitting_from_the_sheet(mine: Assignment, browser: Client) -> None:
    page = browser.post(url("deliver", mine), typed(COMPLETE), follow=True)
    content = page.content.decode()
    assert "Your review has arrived" in content
    assert Assignment.objects.get().state == "returned"
    assert Review.objects.get().answers == COMPLETE
    assert "Between us: the baseline looks weak." in content
    assert "<textarea" not in content


def test_a_double_click_on_submit_delivers_once(mine: Assignment, browser: Client) -> None:
    browser.post(url("deliver", mine), typed(COMPLETE))
    second = browser.post(url("deliver", mine), typed(COMPLETE))
    assert second.status_code == 409
    assert "was submitted" in second.content.decode()
    assert OutboxMessage.objects.filter(kind="review_delivered").count() == 1


def test_the_preview_is_what_the_author_reads(mine: Assignment, browser: Client) -> None:
    assert browser.get(url("preview", mine)).status_code == 404
    to = browser.post(url("save", mine), {**typed(COMPLETE), "then": "preview"})
    assert to["Location"] == url("preview", mine)
    content = browser.get(to["Location"]).content.decode()
    assert COMMENTS.splitlines()[0] in content
    assert "Between us" not in content
    assert "Overall evaluation" not in content
    assert "Accept pending minor revision" not in content
    assert "Nothing is missing" in content


def test_the_preview_advises_and_holds_nothing_back(
    mine: Assignment, browser: Client, rui: User
) -> None:
    words = f"{COMMENTS}\nYours, {rui.family_name}"
    browser.post(url("save", mine), typed({**COMPLETE, "comments_to_author": words}))
    content = browser.get(url("preview", mine)).content.decode()
    care = content[content.index('id="care"') : content.index("Nothing is missing")]
    assert f"“{rui.family_name}” stands in what the authors read" in care
    assert f'href="{url("show", mine)}#id_comments_to_author"' in care
    assert browser.post(url("deliver", mine)).status_code == 302
    assert Assignment.objects.get().state == "returned"
    assert 'id="care"' not in browser.get(url("preview", mine)).content.decode()


def test_a_comment_is_shown_as_text(mine: Assignment, browser: Client) -> None:
    evil = "<script>alert(1)</script> " * 30
    browser.post(url("save", mine), typed({**COMPLETE, "comments_to_author": evil}))
    for address in (url("preview", mine), url("show", mine)):
        assert "<script>alert(1)" not in browser.get(address).content.decode()


def test_round_two_shows_the_own_earlier_review(
    agreed: Invite, rui: User, version: Version, eva: User, browser: Client
) -> None:
    deliver(agreed(rui))
    actions.close_round(actor=eva, version=version)
    type(version.manuscript).objects.update(stage=Stage.IN_REVIEW)
    revision = Version.objects.create(
        manuscript=version.manuscript,
        revision_number=1,
        title=version.title,
        abstract=version.abstract,
        saved_at=clock.now(),
        submitted_at=clock.now(),
    )
    content = browser.get(url("show", agreed(rui, revision))).content.decode()
    assert "Your review of the version before" in content
    assert COMMENTS.splitlines()[0] in content
    assert 'value="reject_resubmit"' not in content
    assert 'value="reject"' in content


# --- Time -------------------------------------------------------------------------------------


def test_asking_for_time(mine: Assignment, browser: Client) -> None:
    page = browser.post(url("time", mine), {"until": "2024-08-08"}, follow=True)
    assert "You have more time" in page.content.decode()
    page = browser.post(url("time", mine), {"until": "2024-08-14", "reason": "Ill"}, follow=True)
    assert "The editor has been asked" in page.content.decode()
    page = browser.post(url("time", mine), {"until": "2024-06-01"}, follow=True)
    assert "The new date must be after" in page.content.decode()
    page = browser.post(url("time", mine), {"until": "soon"}, follow=True)
    assert "written like 2024-08-08" in page.content.decode()


# --- Own pages --------------------------------------------------------------------------------


def test_the_list_groups_by_what_is_to_do(
    invite: Invite, agreed: Invite, rui: User, issue: SpecialIssue, ada: User, browser: Client
) -> None:
    agreed(rui)
    invite(rui, make_manuscript(issue, ada, [ada], number=2, title="Asked only"))
    done = agreed(rui, make_manuscript(issue, ada, [ada], number=3, title="All done"))
    deliver(done)
    content = browser.get(reverse("reviews:assignments")).content.decode()
    assert content.index("To write") < content.index("You are asked") < content.index("Asked only")
    assert content.index("Past") < content.index("All done")


def test_an_empty_list_says_so(rui: User, client_of: ClientOf, version: Version) -> None:
    content = client_of(rui).get(reverse("reviews:assignments")).content.decode()
    assert "Nothing is asked of you" in content


def test_the_list_takes_the_same_queries_for_1_and_25(
    rui: User, issue: SpecialIssue, ada: User, client_of: ClientOf
) -> None:
    browser = client_of(rui)

    def count(total: int) -> int:
        for number in range(Assignment.objects.count() + 1, total + 1):
            version = make_manuscript(issue, ada, [ada], number=number)
            Assignment.objects.create(
                version=version, reviewer=rui, state="agreed", due_at=clock.now()
            )
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("reviews:assignments")).status_code == 200
        return len(queries)

    browser.get(reverse("reviews:assignments"))
    assert count(1) == count(25) <= 10


def test_the_sheet_takes_the_same_queries_for_1_file_and_4(
    mine: Assignment, browser: Client
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url("show", mine)).status_code == 200
        return len(queries)

    count()
    few = count()
    main = VersionFile.objects.get(version=mine.version, kind=FileKind.MAIN)
    for kind in (FileKind.CODE, FileKind.DATASET, FileKind.MARKED_COPY):
        VersionFile.objects.create(
            version=mine.version, kind=kind, file=main.file, uploaded_at=clock.now()
        )
    assert count() == few <= 17


def test_the_list_is_paged(rui: User, issue: SpecialIssue, ada: User, browser: Client) -> None:
    for number in range(1, 33):
        version = make_manuscript(issue, ada, [ada], number=number)
        Assignment.objects.create(version=version, reviewer=rui, state="agreed", due_at=clock.now())
    second = browser.get(reverse("reviews:assignments"), {"page": "2"}).content.decode()
    assert second.count('class="title"') == 2


def test_somebody_let_in_by_a_link_sees_that_one_only(
    invite: Invite, agreed: Invite, rui: User, issue: SpecialIssue, ada: User, client_of: ClientOf
) -> None:
    agreed(rui, make_manuscript(issue, ada, [ada], number=2, title="Another review"))
    invite(rui)
    text = OutboxMessage.objects.filter(kind="review_invited").latest("pk").text
    path = text[text.index("/reviews/invitation/") :].split()[0]
    nobody = client_of(None)
    nobody.post(
        path,
        {
            "act": "agree",
            "has_conflict": "no",
            "accepts_confidentiality": "on",
            "accepts_ai_terms": "on",
        },
    )
    content = nobody.get(reverse("reviews:assignments")).content.decode()
    assert "Sentence-Level" in content
    assert "Another review" not in content
    assert nobody.get(reverse("reviews:profile")).status_code == 302


def test_the_profile_is_kept(browser: Client, rui: User, issue: SpecialIssue) -> None:
    topic = Topic.objects.get(issue=issue, code="pretraining")
    posted = {
        "topics": [str(topic.pk)],
        "expertise": "Ultrasound",
        "load_limit": "2",
        "paused_from": "2024-07-10",
        "paused_until": "2024-07-20",
    }
    assert browser.post(reverse("reviews:profile"), posted).status_code == 302
    profile = ReviewerProfile.objects.get(user=rui)
    assert (profile.expertise, profile.load_limit) == ("Ultrasound", 2)
    assert list(profile.topics.all()) == [topic]
    assert AuditEntry.objects.filter(verb="reviewer_profile.saved").count() == 1
    page = browser.get(reverse("reviews:profile")).content.decode()
    assert 'value="2024-07-20"' in page


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"paused_from": "2024-07-20", "paused_until": "2024-07-10"}, "before it begins"),
        ({"load_limit": "21"}, "a whole number from 0 to 20, or nothing"),
        ({"paused_from": "then"}, "written like 2024-08-08"),
    ],
)
def test_a_profile_that_cannot_be_is_said(
    browser: Client, rui: User, change: dict[str, str], says: str
) -> None:
    page = browser.post(reverse("reviews:profile"), change)
    assert page.status_code == 400
    assert says in page.content.decode()
    assert not ReviewerProfile.objects.filter(user=rui).exists()


# --- As a text file ---------------------------------------------------------------------------


def uploaded(browser: Client, assignment: Assignment, content: str | bytes) -> HttpResponse:
    upload = SimpleUploadedFile(
        "review.txt", content.encode() if isinstance(content, str) else content
    )
    return cast(HttpResponse, browser.post(url("text", assignment), {"file": upload}))


def test_the_text_file_there_and_back(mine: Assignment, browser: Client) -> None:
    browser.post(url("save", mine), typed({**COMPLETE, "impact": 2}))
    answer = browser.get(url("text", mine))
    assert answer["Content-Disposition"].startswith(
        'attachment; filename="TMI-FM-2024-0001-review.txt"'
    )
    content = answer.content.decode()
    assert "avelin" not in content.casefold()
    same = uploaded(browser, mine, content).content.decode()
    assert "Nothing changes" in same
    changed = content.replace("= Excellent\n2\n", "= Excellent\n5\n")
    page = uploaded(browser, mine, changed).content.decode()
    assert "Keep these answers" in page
    assert page.count("<tr><td") == 1
    assert Review.objects.get().answers["impact"] == 2
    kept = {"content": changed, "revision": str(Review.objects.get().edit_count)}
    assert browser.post(url("take_text", mine), kept)["Location"] == url("show", mine)
    assert Review.objects.get().answers == {**COMPLETE, "impact": 5}
    stale = browser.post(url("take_text", mine), {**kept, "content": content})
    assert stale.status_code == 409
    assert Review.objects.get().answers["impact"] == 5


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\xff\xfe=\x00", "This is not UTF-8 text"),
        ("x" * 400_001, "larger than 400 kB"),
        ("== mood ==\nfine", "The sheet has no question “mood”"),
    ],
)
def test_a_faulty_file_changes_nothing(
    content: str | bytes, words: str, mine: Assignment, browser: Client
) -> None:
    browser.post(url("save", mine), typed({"originality": 3}))
    page = uploaded(browser, mine, content)
    assert page.status_code == 400
    assert words in page.content.decode()
    assert browser.post(url("text", mine)).status_code == 400
    refused = browser.post(url("take_text", mine), {"content": content, "revision": "1"})
    assert refused.status_code == 400
    assert Review.objects.get().answers == {"originality": 3}


def test_a_delivered_review_is_read_as_text_and_not_changed_by_it(
    mine: Assignment, browser: Client
) -> None:
    deliver(mine)
    content = browser.get(url("text", mine)).content.decode()
    assert uploaded(browser, mine, content).status_code == 409
    assert browser.post(url("take_text", mine), {"content": content}).status_code == 409


def test_pasted_markup_is_kept_as_text(mine: Assignment, browser: Client) -> None:
    pasted = "<p class=MsoNormal>1. Add it.<o:p></o:p></p>\r\n<p class=MsoNormal>2. Why?</p>"
    browser.post(url("save", mine), typed({"comments_to_author": pasted}))
    assert Review.objects.get().answers == {"comments_to_author": "1. Add it.\n\n2. Why?"}


def test_an_edit_count_that_never_was_keeps_the_text(mine: Assignment, browser: Client) -> None:
    sent = {"comments_to_author": "Typed before anything was kept.", "revision": "7"}
    answer = browser.post(f"/reviews/{mine.public_id}/save/", sent)
    assert answer.status_code == 409
    assert "Typed before anything was kept." in answer.content.decode()
