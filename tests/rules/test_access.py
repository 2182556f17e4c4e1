"""The access matrix: every address, as every member of the cast, against ``access.txt``.

A new address without a row fails. To see the present answers in the form of the table, for
reading and never for pasting unread: ``ACCESS_OUT=file pytest tests/rules/test_access.py``.

The world, all written by *ada* with *ben*: a draft; a manuscript under review, which *eva* handles,
*rui* has reviewed, *sol* and *tea* have agreed to review and *uma* is asked to; and one with a
released decision that asks for a minor revision; one of which that revision is begun and more time
asked for; and one with a decision that is drafted, its letter rendered, and not released. *gus* is
in conflict with all of them. *ada* has asked *eva* whether the work fits.

A status with a plus sign says that the request wrote something besides the session.
"""

from __future__ import annotations

import logging
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Affiliation, User
from editors.actions import (
    ask_matching,
    ask_people,
    begin_import,
    begin_sheet,
    merge_people,
    save_search,
    take_snapshot,
    write_note,
)
from editors.actions.recruiting import Wish
from editors.models import Letter
from editors.states import MatchingMode
from reviews.actions import ask_certificate, ask_for_time, render_certificate, renew_feed
from reviews.models import (
    Alternate,
    Assignment,
    Bench,
    PeopleMerge,
    ProposedReviewer,
    ReviewAttachment,
)
from reviews.recruiting import Source
from submissions.actions import (
    ask_author_change,
    ask_extension,
    ask_withdrawal,
    begin_upload,
    start_revision,
)
from submissions.mails import authorship_token, consent_token
from submissions.models import Author, Correspondence, Receipt, Upload, Version, VersionFile
from submissions.states import FileKind
from tests.cast import Story, fresh, latest_version
from tests.people import OPENING, open_the_issue
from tests.rules.crawl import Crawler, Observation, Route, routes, unnamed_addresses
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage

TABLE = Path(__file__).with_name("access.txt")
CAST = ("nobody", "ada", "ben", "rui", "sol", "uma", "eva", "gus", "kim", "ivo", "sam")
Row = tuple[str, ...]
# Without the mark no database is made for this module.
pytestmark = [pytest.mark.django_db, pytest.mark.leak]


def expected() -> dict[tuple[str, str], Row]:
    """The table: (address, method) -> one status for each of the cast."""
    rows = {}
    for line in TABLE.read_text().splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if words[:2] == ["address", "method"]:
            assert tuple(words[2:]) == CAST, "the head of the table names the cast in order"
            continue
        assert len(words) == 2 + len(CAST), f"a row of another length: {line}"
        rows[words[0], words[1]] = tuple(words[2:])
    return rows


def in_rows(observations: list[Observation]) -> dict[tuple[str, str], Row]:
    """What was observed, in the form of the table. Addresses of no method are left out."""
    statuses: dict[tuple[str, str], dict[str, str]] = {}
    for seen in observations:
        answer = f"{seen.status}{'+' if seen.writes else ''}"
        statuses.setdefault((seen.route, seen.method), {})[seen.person] = answer
    return {
        key: tuple(by_person[name] for name in CAST)
        for key, by_person in statuses.items()
        if set(by_person.values()) != {"405"}
    }


def as_text(rows: dict[tuple[str, str], Row]) -> str:
    """The rows as the table is written."""
    widths = max(len(name) for name, _ in rows) + 2
    head = f"{'address':<{widths}}method " + " ".join(f"{name:>6}" for name in CAST)
    lines = [
        f"{name:<{widths}}{method:<7}" + " ".join(f"{status:>6}" for status in row)
        for (name, method), row in rows.items()
    ]
    return "\n".join([head, *lines]) + "\n"


def arguments(route: Route, world: dict[str, Any]) -> dict[str, Any]:
    """The values in the world for an address, by its door and the name of its argument."""
    door = route.name.split(":")[0]
    values = {**world[""], **world.get(door, {}), **world.get(route.name, {})}
    missing = [name for name in route.arguments if name not in values]
    assert not missing, f"{route.name}: say in `the_world` what {missing} is"
    return {name: values[name] for name in route.arguments}


def the_world(story: Story) -> dict[str, Any]:
    """Values of arguments: for all addresses, for a door, for one address."""
    asked_enquiry = story.ask("ada", "eva")
    kept = save_search(actor=story.people["eva"], issue=story.issue, name="Late", text="late:yes")
    draft = story.draft()
    decided = story.reviewed("minor_revision")
    story.decide(decided, "minor_revision")
    paper = story.handled()
    story.invite(paper)
    for name in ("rui", "sol", "tea"):
        story.agree(paper, name)
    story.deliver(paper, "rui")
    story.begin(paper, "sol")
    revising = story.reviewed("minor_revision")
    story.decide(revising, "minor_revision")
    start_revision(actor=story.people["ada"], manuscript=fresh(revising))
    ask_extension(
        actor=story.people["ada"],
        manuscript=fresh(revising),
        until=OPENING + timedelta(days=150),
    )
    drafted = story.reviewed("reject")
    story.draft_decision(drafted, "reject")
    of_drafted = {"public_id": drafted.public_id}
    ask_withdrawal(actor=story.people["ada"], manuscript=drafted, reason="We go elsewhere.")
    # Without ben: he is asked for his consent, and the editor-in-chief waits for it.
    change = ask_author_change(
        actor=story.people["ada"],
        manuscript=drafted,
        authors=[story.author_entry("ada", is_corresponding=True)],
        reason="Ben asks for it.",
    )
    people_file = begin_import(
        actor=story.people["ivo"],
        issue=story.issue,
        content=b"email,family_name\nnew@pool.example,Newcomer\n",
        name="people.csv",
    )
    joined = join_accounts(story)
    snapshot = take_snapshot(actor=story.people["ivo"], issue=story.issue)
    run = ask_matching(actor=story.people["kim"], issue=story.issue, mode=MatchingMode.FAIR)
    of_run = {"public_id": run.public_id}
    begin_sheet(actor=story.people["ivo"], issue=story.issue, number=1)
    version, draft_version = latest_version(paper), latest_version(draft)
    main, draft_main = main_file(version), main_file(draft_version)
    main.hidden_text = [{**HIDDEN, "places": [[60, 60, 90, 70]]}]
    main.save()
    of_draft = {"public_id": draft_version.public_id}
    begun = {"public_id": upload_begun(story.people["ada"], draft_version).public_id}
    of_revision = {"public_id": latest_version(revising).public_id}
    of_file = {"public_id": main.public_id}
    of_a_person = {"public_id": story.people["rui"].public_id}
    asked = {"public_id": story.assignment(paper, "uma").public_id}
    late = story.assignment(paper, "tea")
    ask_for_time(actor=late.reviewer, assignment=late, until=OPENING + timedelta(days=60))
    served = render_certificate(
        certificate=ask_certificate(actor=story.people["rui"], issue=story.issue, year=2024)
    )
    named = ProposedReviewer.objects.create(
        assignment=late, name="Wim Wolter", email="wim@wolter.example"
    )
    written_by = Author.objects.get(version=version, user=story.people["ben"])
    letter = Letter.objects.get(decision__version__manuscript=decided)
    return {
        "": {},
        "submissions": {"public_id": paper.public_id},
        **{f"submissions:{name}": of_draft for name in OF_A_DRAFT},
        **{f"submissions:{name}": of_revision for name in OF_A_REVISION},
        "submissions:upload": {**of_draft, "kind": "main"},
        **{f"submissions:{name}": of_file for name in ("file", "served", "thumbnail")},
        "submissions:hidden_text": of_file,
        "submissions:hidden_page": {**of_file, "page": 1},
        **{f"submissions:{name}": begun for name in OF_AN_UPLOAD},
        "submissions:describe": {"public_id": draft_main.public_id},
        "submissions:remove": {"public_id": draft_main.public_id},
        "submissions:correspondence": {
            "public_id": Correspondence.objects.get(manuscript=decided).public_id
        },
        "submissions:author_consent": {
            "token": consent_token(change.consents.get(email=story.people["ben"].email))
        },
        "submissions:receipt": {"public_id": Receipt.objects.get(version=version).public_id},
        "submissions:revise": {"public_id": decided.public_id},
        "submissions:ask_extension": {"public_id": decided.public_id},
        "submissions:authorship": {"token": authorship_token(written_by)},
        "enquiries": {"public_id": asked_enquiry.public_id},
        "desk:enquiry": {"public_id": asked_enquiry.public_id},
        "desk:forget_search": {"public_id": kept.public_id},
        "reviews": {
            "public_id": story.assignment(paper, "sol").public_id,
            "file_id": main.public_id,
            "attachment_id": attached_to(story.assignment(paper, "sol")).public_id,
        },
        "reviews:calendar": {"token": renew_feed(actor=story.people["rui"]).token},
        "reviews:certificate": {"public_id": served.public_id},
        "reviews:join": {"token": asked_to_join(story)},
        "reviews:agree": asked,
        "reviews:decline": asked,
        "reviews:invitation": {"token": token_mailed_for(story.assignment(paper, "uma"))},
        "desk": {
            "public_id": paper.public_id,
            "file_id": main.public_id,
            "attachment_id": attached_to(story.assignment(paper, "rui")).public_id,
            "alternate_id": on_the_bench(story, version).public_id,
            "assignment_id": late.public_id,
            "mail_id": OutboxMessage.objects.filter(about=paper.audit_key)[0].public_id,
            "note_id": write_note(
                actor=story.people["eva"], manuscript=paper, text="Look again.", is_private=False
            ).public_id,
            "proposal_id": named.public_id,
        },
        **{f"desk:{name}": of_drafted for name in OF_A_DECISION},
        **{f"desk:{name}": of_run for name in ("matching_run", "matching_apply")},
        **{f"desk:{name}": of_a_person for name in OF_A_PERSON},
        **{f"desk:{name}": {"public_id": people_file.public_id} for name in OF_AN_IMPORT},
        "desk:edit_question": {"key": "impact"},
        "desk:sheet_preview": {"number": 1},
        "desk:series": {"code": "funnel", "form": "csv"},
        "desk:edit_letter_words": {"outcome": "reject"},
        "desk:undo_merge": {"public_id": joined.public_id},
        "desk:grant_extension": {"public_id": revising.public_id},
        "desk:refuse_extension": {"public_id": revising.public_id},
        "desk:confirm_withdrawal": of_drafted,
        "desk:approve_author_change": of_drafted,
        "desk:decline_author_change": of_drafted,
        "desk:decline_withdrawal": of_drafted,
        "desk:export": {"public_id": snapshot.public_id, "form": "csv"},
        "desk:letter": {"public_id": decided.public_id, "letter_id": letter.public_id},
        "accounts": {"public_id": Affiliation.objects.get(user=story.people["ada"]).public_id},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
    }


def on_the_bench(story: Story, version: Version) -> Alternate:
    """Uma stands by; she is asked already, so nobody is left to be invited."""
    bench = Bench.objects.create(
        version=version, approved_by=story.people["eva"], approved_at=clock.now()
    )
    return Alternate.objects.create(bench=bench, reviewer=story.people["uma"], position=1)


OF_A_DRAFT = (
    "files",
    "manuscript",
    "authors",
    "declarations",
    "check",
    "archive",
    "overlap",
    "missing",
    "save",
    "fill",
    "submit",
    "begin_upload",
)
HIDDEN = {"page": 1, "reason": "drawn invisibly", "words": 3, "text": "words not seen"}
OF_A_REVISION = ("response", "response_word", "import_word")
OF_A_DECISION = ("letter_state", "release", "recall", "discard", "points")
OF_A_PERSON = ("reviewer", "limits", "merge", "apart")
OF_AN_IMPORT = ("pool_import", "confirm_import", "discard_import", "without_address")
OF_AN_UPLOAD = ("upload_part", "finish_upload", "cancel_upload")


def upload_begun(person: User, version: Version) -> Upload:
    """A film of which nothing has arrived."""
    return begin_upload(
        actor=person,
        version=version,
        kind=FileKind.VIDEO,
        name="film.mp4",
        byte_count=1_000_000,
        fingerprint="f" * 64,
    )


def attached_to(assignment: Assignment) -> ReviewAttachment:
    """A PDF beside a review."""
    file = main_file(assignment.version).file
    return ReviewAttachment.objects.create(
        assignment=assignment,
        number=1,
        file=file,
        page_count=1,
        author_sees=False,
        attached_at=clock.now(),
    )


def join_accounts(story: Story) -> PeopleMerge:
    """The office has joined a second account of uma's to the first."""
    second = User.objects.create_user("uma@second.example", family_name="Upadhyay")
    return merge_people(
        actor=story.people["ivo"], issue=story.issue, kept=story.people["uma"], gone=second
    )


def main_file(version: Version) -> VersionFile:
    """The paper itself."""
    return VersionFile.objects.get(version=version, kind=FileKind.MAIN)


def token_mailed_for(assignment: Assignment) -> str:
    """The secret of an invitation, which only the mail knows."""
    mail = OutboxMessage.objects.get(kind="review_invited", about=assignment.audit_key)
    found = re.search(r"/invitation/([^/\s]+)/", mail.text)
    assert found
    return found[1]


def asked_to_join(story: Story) -> str:
    """The secret of the mail that asks sam to join the pool."""
    ask_people(
        actor=story.people["eva"],
        issue=story.issue,
        wishes=[Wish(story.people["sam"].email, Source.TYPED, person=story.people["sam"])],
    )
    found = re.search(r"/pool/([^/\s]+)/", OutboxMessage.objects.get(kind="pool_asked").text)
    assert found
    return found[1]


@pytest.fixture(scope="module")
def observations(django_db_setup: None, django_db_blocker: Any) -> list[Observation]:
    """The whole crawl, once for all tests of this module; the database is left as it was."""
    logging.disable(logging.CRITICAL)  # two thousand expected refusals
    with django_db_blocker.unblock(), clock.frozen_at(OPENING), transaction.atomic():
        story = Story(open_the_issue())
        world = the_world(story)
        crawler = Crawler({"nobody": None, **{n: story.people[n] for n in CAST[1:]}})
        seen = [
            crawler.ask(method, address, route.name, person)
            for route in routes()
            for address in [reverse(route.name, kwargs=arguments(route, world))]
            for method in ("GET", "POST")
            for person in CAST
        ]
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
    return seen


def test_every_answer_is_the_one_in_the_table(observations: list[Observation]) -> None:
    observed, wanted = in_rows(observations), expected()
    if out := os.environ.get("ACCESS_OUT"):
        Path(out).write_text(as_text(observed))
    assert sorted(set(observed) - set(wanted)) == [], "an address without a row"
    assert sorted(set(wanted) - set(observed)) == [], "a row without an address"
    wrong = [
        f"{name} {method} as {person}: {got}, not {want}"
        for (name, method), row in observed.items()
        for person, got, want in zip(CAST, row, wanted[name, method], strict=True)
        if got != want
    ]
    assert wrong == []


def test_get_never_writes(observations: list[Observation]) -> None:
    """Mail programs open links by themselves; nothing may happen then."""
    writing = [
        f"{seen.route} as {seen.person}: {', '.join(seen.writes)}"
        for seen in observations
        if seen.method == "GET" and seen.writes
    ]
    assert writing == []


def test_no_answer_is_an_error_of_ours(observations: list[Observation]) -> None:
    broken = [
        f"{seen.method} {seen.route} as {seen.person}: {seen.status}"
        for seen in observations
        if seen.status >= 500
    ]
    assert broken == []


def test_every_address_is_reached_by_somebody(observations: list[Observation]) -> None:
    """A page that nobody reaches is one whose secrets no crawl would find."""
    reached = {
        seen.route
        for seen in observations
        if seen.status not in (401, 403, 404, 405)
        and (seen.person != "nobody" or seen.status == 200)
    }
    assert {route.name for route in routes()} - reached == UNREACHED


# Addresses that need what this world has not: a role to end, recovery codes, a failed ORCID visit.
UNREACHED = {
    "desk:end_role",
    "mfa_view_recovery_codes",
    "mfa_download_recovery_codes",
    "socialaccount_login_error",
}


def test_a_stranger_cannot_tell_a_manuscript_from_nothing(observations: list[Observation]) -> None:
    """What *sam* gets for a manuscript at each door is what everybody gets for no manuscript."""
    doors = ("submissions:", "enquiries:", "reviews:", "desk:")
    # The link of a mail opens for whoever holds it; that it is nobody else's is tested elsewhere.
    of_a_thing = {r.name for r in routes() if r.arguments and "token" not in r.arguments}
    answers = {
        seen.status
        for seen in observations
        if (seen.person, seen.method) == ("sam", "GET")
        and seen.route.startswith(doors)
        and seen.route in of_a_thing
    }
    assert answers - {404, 405} == set()


def test_whoever_is_not_let_in_writes_nothing(observations: list[Observation]) -> None:
    """A refusal that comes after the write is none."""
    late = [
        f"{seen.method} {seen.route} as {seen.person}: {seen.status} {seen.writes}"
        for seen in observations
        if seen.status in (401, 403, 404, 405) and seen.writes
    ]
    assert late == []


def test_every_address_has_a_name() -> None:
    elsewhere = [path for path in unnamed_addresses() if not path.startswith(OLD_OF_ALLAUTH)]
    assert elsewhere == []


# Addresses of earlier versions of allauth, which lead on to the named ones.
OLD_OF_ALLAUTH = "/account/social/"
