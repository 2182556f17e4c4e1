"""The decision letter: what it says, what it never says, and that its bytes repeat."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime

import pytest

from accounts.models import User
from editors.actions import draft_decision, render_letter
from editors.due import author_due
from editors.letters import body_of, digest, names_found
from editors.models import Decision, Letter
from editors.queries import current_letter
from editors.queries.reviews import labelled_reviews
from editors.states import DECISION_WORDS, DecisionKind, LetterState, offered_decisions
from submissions.models import Version
from submissions.states import Stage
from tests.editors.building import add_review, make_manuscript, reviewed
from tmi_special_issue import files, pdf
from tmi_special_issue.deadlines import end_of_day
from tmi_special_issue.models import SpecialIssue

REASONS = "The work is sound.\n\n<b>Point 1</b> {{ issue }} is mandatory."
AOE = "Etc/GMT+12"


@pytest.fixture
def ready(
    issue: SpecialIssue, ada: User, ben: User, eva: User, rui: User, sol: User, tea: User, uma: User
) -> Version:
    return reviewed(issue, ada, eva, [rui, sol, tea, uma], coauthors=[ben], pages=12)


def drafted(eva: User, version: Version, kind: DecisionKind) -> Letter:
    decision = draft_decision(actor=eva, manuscript=version.manuscript, kind=kind, reasons=REASONS)
    letter = current_letter(decision)
    assert letter is not None
    return render_letter(letter=letter)


def text_of(letter: Letter) -> str:
    assert letter.file is not None
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"],
        input=files.read(letter.file),
        capture_output=True,
        check=True,
    )
    return done.stdout.decode()


def test_the_letter_names_the_decision_and_no_reviewer(
    ready: Version, eva: User, rui: User, sol: User, tea: User, uma: User
) -> None:
    letter = drafted(eva, ready, DecisionKind.REJECT_RESUBMIT)
    text = " ".join(text_of(letter).split())
    assert DECISION_WORDS[DecisionKind.REJECT_RESUBMIT] in text
    for said in [
        ready.label,
        "Ada Avelin, Ben Brandt",
        "01-Oct-2024, 23:59 AoE",
        "Comment number 1.",
        "Reviewer 4",
        "Eva Engel",
        "<b>Point 1</b> {{ issue }} is mandatory.",
    ]:
        assert said in text, said
    assert letter.file is not None
    everything = files.read(letter.file) + text.encode() + json.dumps(letter.content).encode()
    for person in (rui, sol, tea, uma):
        for secret in (person.family_name, person.email, person.public_id):
            assert secret.encode() not in everything
    assert b"Secret words" not in everything


def test_no_score_and_no_recommendation_reaches_the_author(ready: Version, eva: User) -> None:
    content = drafted(eva, ready, DecisionKind.REJECT).content
    labels = {answer["label"] for review in content["reviews"] for answer in review["answers"]}
    assert labels == {
        "Is the novelty sufficient for the journal?",
        "Is the technical quality sufficient?",
    }


def test_the_same_content_gives_the_same_bytes(ready: Version, eva: User) -> None:
    letter = drafted(eva, ready, DecisionKind.ACCEPT)
    assert letter.file is not None
    again = pdf.render("letters/decision.html", Letter.objects.get(pk=letter.pk).content)
    assert again == files.read(letter.file)


def test_the_checksum_covers_the_content(ready: Version, eva: User) -> None:
    content = drafted(eva, ready, DecisionKind.ACCEPT).content
    assert content["content_sha256"] == digest(content)
    assert digest({**content, "title": "Other words."}) != content["content_sha256"]


def test_rendering_twice_stores_once(ready: Version, eva: User) -> None:
    letter = drafted(eva, ready, DecisionKind.ACCEPT)
    again = render_letter(letter=Letter.objects.get(pk=letter.pk))
    assert again.file == letter.file


def test_an_accept_names_final_files_and_the_charge(ready: Version, eva: User) -> None:
    text = " ".join(text_of(drafted(eva, ready, DecisionKind.ACCEPT)).split())
    assert "$1,200" in text
    assert "copyright form" in text


def test_a_letter_that_cannot_be_made_is_tried_again_and_then_told(
    ready: Version, eva: User
) -> None:
    decision = draft_decision(
        actor=eva, manuscript=ready.manuscript, kind="accept", reasons=REASONS
    )
    letter = current_letter(decision)
    assert letter is not None
    broken = {**letter.content, "title": "x" * 2_100_000}
    Letter.objects.filter(pk=letter.pk).update(content=broken)
    states = []
    for _ in range(3):
        states.append(render_letter(letter=Letter.objects.get(pk=letter.pk)).state)
    assert states == [LetterState.WAITING, LetterState.WAITING, LetterState.FAILED]
    assert Letter.objects.get(pk=letter.pk).failure.startswith("Refusal")


def test_a_reviewers_own_name_in_the_text_is_found(
    issue: SpecialIssue, ada: User, eva: User, rui: User, sol: User
) -> None:
    version = make_manuscript(issue, ada, editor=eva)
    add_review(version, rui, number=1, comments_to_author="See Rezende et al., 2021. " * 30)
    add_review(version, sol, number=2)
    found = {entry.label: names_found(entry) for entry in labelled_reviews(version)}
    assert found == {"Reviewer 1": ["Rezende"], "Reviewer 2": []}


def test_numbers_of_letters_count_nothing(ready: Version, eva: User) -> None:
    first = drafted(eva, ready, DecisionKind.ACCEPT)
    second = drafted(eva, ready, DecisionKind.ACCEPT)
    assert first.number != second.number
    assert first.number.rpartition("-L-")[0] == ready.label
    assert Decision.objects.count() == 1


def test_sixty_pages_of_reviews_are_typeset(
    issue: SpecialIssue, ada: User, eva: User, rui: User, sol: User
) -> None:
    version = make_manuscript(issue, ada, editor=eva, stage=Stage.IN_REVIEW)
    words = "\n\n".join(f"{n}. {'The claim needs a test of its own. ' * 12}" for n in range(260))
    for number, person in enumerate((rui, sol), start=1):
        add_review(version, person, number=number, comments_to_author=words)
    decision = draft_decision(
        actor=eva,
        manuscript=version.manuscript,
        kind="reject",
        reasons="R.",
        early_reason="Two suffice.",
    )
    letter = current_letter(decision)
    assert letter is not None
    letter = render_letter(letter=letter)
    assert (letter.state, letter.failure) == (LetterState.RENDERED, "")
    text = text_of(letter)
    assert text.count("\f") >= 60
    assert text.count("259. The claim needs") == 2


def test_names_that_run_from_right_to_left_are_kept(ready: Version, eva: User) -> None:
    name, title = "נעמי שגב", "שיטה חדשה (MRI) לסריקה"
    ready.authors.filter(position=1).update(given_name="נעמי", family_name="שגב")
    Version.objects.filter(pk=ready.pk).update(title=title)
    letter = drafted(eva, ready, DecisionKind.ACCEPT)
    assert (letter.state, letter.content["authors"][0]) == (LetterState.RENDERED, name)
    assert letter.content["title"] == title
    text = text_of(letter)
    for word in ("נעמי", "שגב", "MRI"):
        assert word in text or word[::-1] in text, word


@pytest.mark.parametrize(
    ("kind", "revision_number", "decided", "due"),
    [
        ("reject_resubmit", 0, datetime(2024, 8, 15, 12, tzinfo=UTC), (2024, 10, 1)),
        ("minor_revision", 0, datetime(2024, 8, 15, 12, tzinfo=UTC), (2024, 10, 1)),
        ("minor_revision", 1, datetime(2024, 10, 20, 12, tzinfo=UTC), (2024, 11, 3)),
        ("minor_revision", 1, datetime(2024, 10, 30, 12, tzinfo=UTC), (2024, 11, 8)),
        ("reject_resubmit", 0, datetime(2024, 10, 5, 12, tzinfo=UTC), (2024, 10, 12)),
        ("accept", 1, datetime(2024, 11, 15, 12, tzinfo=UTC), (2024, 11, 29)),
        ("reject", 0, datetime(2024, 8, 15, 12, tzinfo=UTC), None),
    ],
)
def test_due_dates_of_decisions(
    kind: str, revision_number: int, decided: datetime, due: tuple[int, int, int] | None
) -> None:
    found = author_due(
        DecisionKind(kind),
        revision_number=revision_number,
        decided_at=decided,
        revision_due=end_of_day(datetime(2024, 10, 1, tzinfo=UTC).date(), AOE),
        final_due=end_of_day(datetime(2024, 11, 15, tzinfo=UTC).date(), AOE),
        zone=AOE,
    )
    wanted = end_of_day(datetime(*due, tzinfo=UTC).date(), AOE) if due else None
    assert found == wanted


def test_decisions_offered_by_round() -> None:
    assert DecisionKind.REJECT_RESUBMIT not in offered_decisions(1, 4)
    assert offered_decisions(1, 4) == (
        DecisionKind.ACCEPT,
        DecisionKind.MINOR_REVISION,
        DecisionKind.REJECT_OTHER_JOURNAL,
        DecisionKind.REJECT,
    )
    assert DecisionKind.IMMEDIATE_REJECT in offered_decisions(0, 0)


def test_a_letter_of_fixed_words_is_sent_as_it_was_drafted() -> None:
    """Held since before the words could be edited: nothing of it is lost on the way."""
    steps = {
        "text": "Please hand in the revised manuscript by 1 October.",
        "items": ["the revised manuscript as a PDF"],
        "notes": ["A request for revision is not a promise of acceptance."],
        "link": "https://desk.example/manuscript/",
    }
    content = {"opening": "Thank you.", "reasons": ["One point.", "Another."], "next": steps}
    assert [(b["look"], b["text"] or b["items"]) for b in body_of(content)] == [
        ("text", "Thank you."),
        ("text", "One point."),
        ("text", "Another."),
        ("text", "Please hand in the revised manuscript by 1 October."),
        ("list", ["the revised manuscript as a PDF"]),
        ("text", "A request for revision is not a promise of acceptance."),
        ("link", "https://desk.example/manuscript/"),
    ]
    assert body_of({"body": [{"look": "text", "text": "New.", "items": []}]}) == [
        {"look": "text", "text": "New.", "items": []}
    ]
