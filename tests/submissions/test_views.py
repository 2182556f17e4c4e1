"""The pages of the authors, as a browser without scripts sees them, and as the scripts ask."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import User
from submissions import actions, mails
from submissions.models import Author, Manuscript, NamedReviewer, Version, VersionFile
from submissions.states import Confirmation, FileKind, Stage
from tests.cast import METADATA
from tests.papers import paper
from tests.people import OPENING
from tests.submissions.drafts import (
    DECIDING,
    accepted,
    at_stage,
    complete_draft,
    empty_draft,
    fresh,
    newest,
    put_file,
    revision_asked,
    submitted,
)
from tmi_special_issue import clock, files, links
from tmi_special_issue.models import SpecialIssue, StoredFile, Topic

pytestmark = pytest.mark.django_db

CLOSING = datetime(2024, 7, 2, 11, 59, 59, tzinfo=UTC)
SignIn = Callable[[User | None], Client]


def screen(name: str, version: Version) -> str:
    return reverse(f"submissions:{name}", args=[version.public_id])


def text_of(response: Any) -> str:
    """The page's words, without tags, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- What anybody may read --------------------------------------------------------------------


def test_the_call_says_what_until_when_and_by_whom(issue: SpecialIssue, client: Client) -> None:
    page = client.get("/")
    words = text_of(page)
    assert page.status_code == 200
    for topic in Topic.objects.filter(issue=issue):
        assert topic.name in words
    for expected in (
        "Advancements in Foundation Models for Medical Imaging",
        "1 July 2024",
        "15 August 2024",
        "1 October 2024",
        "15 November 2024",
        "Marleen de Bruijne",
        "Review articles and position papers are out of scope.",
        "Submit a manuscript",
    ):
        assert expected in words


def test_the_call_describes_itself_to_programs(issue: SpecialIssue, client: Client) -> None:
    issue.title = "Models </script><script>alert(1)</script>"
    issue.save()
    page = client.get("/").content.decode()
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    graph = json.loads(found[0])["@graph"]
    assert [part["@type"] for part in graph] == ["CreativeWork", *["Event"] * 4]
    assert graph[0]["name"].endswith(issue.title)
    assert 'property="og:title"' in page


def test_after_the_closing_the_call_offers_no_submit(
    issue: SpecialIssue, client: Client, ada: User, client_of: SignIn
) -> None:
    with clock.frozen_at(CLOSING + timedelta(minutes=16)):
        for browser in (client, client_of(ada)):
            words = text_of(browser.get("/"))
            assert "Submissions are closed." in words
            assert "Submit a manuscript" not in words
        assert "Begin a new draft" not in text_of(client_of(ada).get(reverse("submissions:start")))


def test_the_call_offers_both_ways_in(
    issue: SpecialIssue, client: Client, ada: User, client_of: SignIn
) -> None:
    for browser in (client, client_of(ada)):
        page = browser.get("/").content.decode()
        assert f'href="{reverse("enquiries:ask")}">Ask a guest editor whether it fits' in page
        assert "Submit a manuscript" in page


def test_each_date_has_a_place_for_the_readers_zone(
    issue: SpecialIssue, client: Client, ada: User, client_of: SignIn
) -> None:
    """Empty for the browser to fill where the zone is not known, and filled where it is."""
    assert client.get("/").content.decode().count('<span class="moment-own"></span>') == 4
    ada.time_zone = "Asia/Tokyo"
    ada.save()
    words = text_of(client_of(ada).get("/"))
    assert [words.count(f"{day}, 20:59 in Tokyo") for day in ("2 Jul", "16 Aug", "2 Oct")] == [
        1
    ] * 3
    assert "16 Nov, 20:59 in Tokyo" in words


def test_the_first_visit_is_light(issue: SpecialIssue, client: Client) -> None:
    """100 kB with fonts, styles and scripts as the site sends them; 20 kB on the second visit."""
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    text = gzip.decompress(page.content).decode()
    names = set(re.findall(r'(?:href|src)="/static/([^"?#]+)', text))
    assert {name for name in names if name.endswith(".woff2")} == {
        "vendor/fonts/inter-latin.woff2",
        "vendor/fonts/source-serif-4-latin.woff2",
    }
    weights = [
        len(content if name.endswith(".woff2") else gzip.compress(content))
        for name in names
        for content in [(settings.BASE_DIR / "static" / name).read_bytes()]
    ]
    assert len(page.content) <= 20_000
    assert len(page.content) + sum(weights) <= 100_000


def test_a_calendar_program_may_subscribe(issue: SpecialIssue, client: Client) -> None:
    page = client.get("/").content.decode()
    address = links.absolute("submissions:calendar").split("://")[1]
    assert f'href="webcal://{address}"' in page
    content = client.get(reverse("submissions:calendar")).content
    assert b"REFRESH-INTERVAL;VALUE=DURATION:P1D" in content


def test_the_calendar_has_the_four_dates_and_stays_the_same(
    issue: SpecialIssue, client: Client
) -> None:
    first, second = (client.get(reverse("submissions:calendar")).content for _ in range(2))
    assert first == second
    assert first.count(b"BEGIN:VEVENT") == 4
    assert b"DTSTART:20240702T115959Z" in first


def test_how_review_works_carries_the_record(issue: SpecialIssue, client: Client) -> None:
    words = text_of(client.get(reverse("submissions:review_process")))
    assert "Identity transparency Single anonymized" in words
    assert "Post-publication commenting Closed" in words


def test_without_an_issue_the_front_page_still_answers(client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get(reverse("submissions:calendar")).status_code == 404


def test_the_call_for_programs_is_an_allow_list(issue: SpecialIssue, client: Client) -> None:
    address = reverse("api_call")
    content = client.get(address).json()
    assert set(content) == {
        "key", "journal", "title", "manuscript_type", "summary", "scope", "out_of_scope",
        "zone", "zone_label", "page_limit", "topics", "milestones",
    }  # fmt: skip
    assert len(content["topics"]) == 12
    assert content["milestones"][0] == {
        "kind": "submission",
        "name": "Submissions close",
        "due_at": "2024-07-02T11:59:59Z",
    }
    refused = client.get(address, {"fields": "next_number"})
    assert (refused.status_code, refused.json()["code"]) == (400, "unknown_parameter")
    assert client.post(address).status_code == 405


# --- The doors --------------------------------------------------------------------------------


def test_every_page_of_the_door_asks_for_a_sign_in(
    ada: User, issue: SpecialIssue, client: Client
) -> None:
    version = complete_draft(ada, issue)
    row = VersionFile.objects.get(version=version)
    addresses = [
        reverse("submissions:manuscripts"),
        reverse("submissions:start"),
        *(
            screen(name, version)
            for name in ("files", "manuscript", "authors", "declarations", "check", "missing")
        ),
        reverse("submissions:show", args=[version.manuscript.public_id]),
        *(reverse(f"submissions:{n}", args=[row.public_id]) for n in ("file", "served")),
    ]
    for address in addresses:
        answer = client.get(address)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (
            302,
            reverse("account_login"),
        )


def test_a_stranger_gets_the_answer_of_absence(
    ada: User, sam: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = complete_draft(ada, issue)
    row = VersionFile.objects.get(version=version)
    browser = client_of(sam)
    absent = "0" * 16
    for name, public_id in (
        *((n, version.public_id) for n in ("files", "manuscript", "authors", "check", "missing")),
        ("show", version.manuscript.public_id),
        *((n, row.public_id) for n in ("file", "served", "thumbnail")),
    ):
        real = browser.get(reverse(f"submissions:{name}", args=[public_id]))
        none = browser.get(reverse(f"submissions:{name}", args=[absent]))
        assert (real.status_code, none.status_code) == (404, 404), name
        assert text_of(real) == text_of(none)
    for name, public_id in (
        ("save", version.public_id),
        ("submit", version.public_id),
        ("remove", row.public_id),
        ("revise", version.manuscript.public_id),
    ):
        answer = browser.post(reverse(f"submissions:{name}", args=[public_id]))
        assert answer.status_code == 404, name
    assert newest(version.manuscript).is_draft


def test_a_guest_editor_finds_their_own_manuscript_here(
    ada: User, gus: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = submitted(ada, issue, gus)
    page = client_of(gus).get(reverse("submissions:manuscripts"))
    assert str(manuscript.number) in text_of(page)
    show = client_of(gus).get(reverse("submissions:show", args=[manuscript.public_id]))
    assert show.status_code == 200


# --- The whole way without scripts ------------------------------------------------------------


def author_rows(*people: dict[str, str]) -> dict[str, str]:
    rows = {"authors-TOTAL_FORMS": str(len(people)), "authors-INITIAL_FORMS": "0"}
    for number, person in enumerate(people):
        rows |= {f"authors-{number}-{name}": value for name, value in person.items()}
    return rows


def declared(**changes: Any) -> dict[str, Any]:
    values = {
        name: METADATA[name]
        for name in (
            "cover_letter",
            "concurrent_submissions",
            "human_subjects",
            "data_availability",
            "code_availability",
            "ai_use",
            "has_no_funding",
            "competing_interests",
        )
    }
    empty = {
        f"{prefix}-{part}": "0"
        for prefix in ("funders", "conflicts", "suggested", "opposed")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {**values, "declares": "on", **empty, **changes}


@pytest.mark.slow
def test_from_the_front_page_to_the_receipt_without_scripts(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    browser = client_of(ada)
    begun = browser.post(reverse("submissions:start"))
    version = Version.objects.get()
    assert begun["Location"] == screen("files", version)
    assert "no PDF yet" in text_of(browser.get(begun["Location"]))
    upload = reverse("submissions:upload", args=[version.public_id, "main"])
    kept = browser.post(upload, {"file": SimpleUploadedFile("paper.pdf", paper(10))}, follow=True)
    assert "“paper.pdf” is here." in text_of(kept)
    assert "10 pages (limit 10, references included)." in text_of(kept)
    chosen = [topic.pk for topic in Topic.objects.all()[:2]]
    saved = browser.post(
        screen("manuscript", version),
        {
            **{name: METADATA[name] for name in ("title", "abstract", "validation_statement")},
            "index_terms": "foundation model, volumetric imaging",
            "topics": chosen,
            "revision": "0",
        },
    )
    assert saved["Location"] == screen("authors", version)
    author = Author.objects.get(version=version)
    people = author_rows(
        {
            "public_id": author.public_id,
            "given_name": "Ada",
            "family_name": "Avelin",
            "email": ada.email,
            "orcid": "https://orcid.org/0000-0000-0000-001X",
            "institution": "Northgate University",
        },
        {"family_name": "Brandt", "email": "Ben@Halvard.example", "institution": "Halvard"},
    )
    saved = browser.post(
        screen("authors", version), {**people, "corresponding": "0", "revision": "1"}
    )
    assert saved["Location"] == screen("declarations", version)
    saved = browser.post(screen("declarations", version), declared(revision="2"))
    assert saved["Location"] == screen("check", version)
    check = browser.get(saved["Location"])
    assert "Nothing is missing. You can submit." in text_of(check)
    done = browser.post(screen("submit", version), follow=True)
    assert "Received as TMI-FM-2024-0001." in text_of(done)
    kept_version = newest(version.manuscript)
    assert (kept_version.title, kept_version.index_terms) == (
        METADATA["title"],
        ["foundation model", "volumetric imaging"],
    )
    assert [a.email for a in Author.objects.filter(version=version)] == [
        ada.email,
        "ben@halvard.example",
    ]
    again = browser.post(screen("submit", version), follow=True)
    assert again.redirect_chain[-1][0] == reverse(
        "submissions:show", args=[version.manuscript.public_id]
    )
    assert browser.get(screen("manuscript", version)).status_code == 302


def test_the_buttons_of_an_author_row_work_without_scripts(
    ada: User, ben: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = complete_draft(ada, issue, ben)
    browser = client_of(ada)

    def press(act: str) -> list[str]:
        rows = Author.objects.filter(version=version)
        listed = author_rows(
            *(
                {
                    "public_id": row.public_id,
                    "family_name": row.family_name,
                    "email": row.email,
                    "institution": row.institution,
                }
                for row in rows
            )
        )
        corresponding = next((str(n) for n, row in enumerate(rows) if row.is_corresponding), "")
        count = newest(version.manuscript).edit_count
        answer = browser.post(
            screen("authors", version),
            {**listed, "corresponding": corresponding, "revision": str(count), "act": act},
        )
        assert answer.status_code == 302
        return [row.email.partition("@")[0] for row in Author.objects.filter(version=version)]

    assert press("up-1") == ["ben", "ada"]
    assert Author.objects.get(version=version, is_corresponding=True).email == ada.email
    assert press("up-0") == ["ben", "ada"]
    assert press("down-0") == ["ada", "ben"]
    assert press("add") == ["ada", "ben", ""]
    assert press("remove-2") == ["ada", "ben"]
    assert press("up-99") == ["ada", "ben"]


def test_a_slip_in_an_orcid_is_told_and_nothing_is_lost(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    rows = author_rows({"family_name": "Typed Name", "orcid": "0000-0000-0000-0018"})
    page = client_of(ada).post(screen("authors", version), {**rows, "revision": "0"})
    assert page.status_code == 422
    assert "typing slip" in text_of(page)
    assert 'value="Typed Name"' in page.content.decode()


def test_funders_are_rows_and_the_next_row_waits(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    typed = declared(
        **{
            "has_no_funding": "",
            "funders-TOTAL_FORMS": "2",
            "funders-0-funder": "Harbour Council",
            "funders-0-award": "HC-7",
            "funders-1-funder": " ",
            "act": "name-funders",
            "revision": "0",
        }
    )
    answer = browser.post(screen("declarations", version), typed)
    assert answer["Location"] == screen("declarations", version) + "#funders"
    assert newest(version.manuscript).funders == [{"funder": "Harbour Council", "award": "HC-7"}]
    page = browser.get(screen("declarations", version)).content.decode()
    assert 'name="funders-1-funder"' in page
    assert 'name="funders-2-funder"' not in page
    assert "Harbour Council, grant HC-7" in text_of(browser.get(screen("check", version)))


def test_named_reviewers_are_saved_with_the_declarations(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    typed = declared(
        **{
            "suggested-TOTAL_FORMS": "2",
            "suggested-0-name": "Sol Sandvik",
            "suggested-0-reason": "knows the field",
            "opposed-TOTAL_FORMS": "1",
            "opposed-0-name": "Olaf Opposed",
            "act": "name-suggested",
            "revision": "0",
        }
    )
    answer = browser.post(screen("declarations", version), typed)
    assert answer["Location"] == screen("declarations", version) + "#suggested"
    assert list(NamedReviewer.objects.values_list("name", flat=True)) == [
        "Sol Sandvik",
        "Olaf Opposed",
    ]
    words = text_of(browser.get(screen("check", version)))
    assert "Opposed reviewer Olaf Opposed" in words


# --- What scripts ask -------------------------------------------------------------------------


def save(browser: Client, version: Version, **values: Any) -> Any:
    return browser.post(
        screen("save", version), {"screen": "manuscript", **values}, headers={"Accept": "*/*"}
    )


def test_autosave_answers_with_the_revision(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    answer = save(client_of(ada), version, title="Typed so far", revision="0")
    assert answer.json() == {"saved_at": OPENING.isoformat(), "revision": 1}
    assert newest(version.manuscript).title == "Typed so far"


def test_a_second_tab_is_told_and_overwrites_nothing(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    save(browser, version, title="First tab", revision="0")
    stale = save(browser, version, title="Second tab", revision="0")
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_edit")
    assert "Your text is kept here" in stale.json()["detail"]
    plain = browser.post(screen("manuscript", version), {"title": "Second tab", "revision": "0"})
    assert plain.status_code == 409
    assert 'value="Second tab"' in plain.content.decode()
    assert newest(version.manuscript).title == "First tab"


def test_autosave_names_the_field_that_cannot_be_stored(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    answer = save(browser, version, title="x" * 301, revision="0")
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"title"})
    unknown = browser.post(screen("save", version), {"screen": "elsewhere"})
    assert unknown.status_code == 400
    foreign = save(browser, version, topics=["999999"], revision="0")
    assert set(foreign.json()["errors"]) == {"topics"}


def test_the_panel_follows_what_was_saved(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    before = text_of(browser.get(screen("missing", version)))
    save(browser, version, title="One encoder", revision="0")
    after = text_of(browser.get(screen("missing", version)))
    assert "Title" in before
    assert "Title" not in after


def test_a_refused_upload_answers_the_script_with_a_sentence(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    answer = client_of(ada).post(
        reverse("submissions:upload", args=[version.public_id, "main"]),
        {"file": SimpleUploadedFile("paper.docx", b"PK\x03\x04")},
        headers={"X-Requested-With": "upload"},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "not_pdf")
    assert StoredFile.objects.count() == 0


def test_an_upload_is_cut_off_at_its_limit(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    issue.main_file_bytes_max = 100_000
    issue.save()
    version = empty_draft(ada, issue)
    answer = client_of(ada).post(
        reverse("submissions:upload", args=[version.public_id, "main"]),
        {"file": SimpleUploadedFile("paper.pdf", b"%PDF-" + b"x" * 3_000_000)},
        headers={"X-Requested-With": "upload"},
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert StoredFile.objects.count() == 0


def test_an_upload_needs_a_file_a_kind_and_the_forms_secret(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = empty_draft(ada, issue)
    browser = client_of(ada)
    address = reverse("submissions:upload", args=[version.public_id, "main"])
    assert "no file was chosen" in text_of(browser.post(address, follow=True))
    wrong = reverse("submissions:upload", args=[version.public_id, "virus"])
    assert browser.post(wrong).status_code == 422
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    assert strict.post(address, {"file": SimpleUploadedFile("p.pdf", b"x")}).status_code == 403


# --- Files, deadline, answers -----------------------------------------------------------------


def test_the_author_gets_the_own_file_and_sees_the_served_one(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    row = VersionFile.objects.get(version=complete_draft(ada, issue))
    browser = client_of(ada)
    own = browser.get(reverse("submissions:file", args=[row.public_id]))
    assert b"".join(own) == files.read(row.file)
    assert own["Content-Disposition"].startswith('attachment; filename="avelin-main.pdf"')
    copy = browser.get(reverse("submissions:served", args=[row.public_id]))
    assert b"Avelin" not in b"".join(copy)
    assert "avelin" not in copy["Content-Disposition"]
    assert browser.get(reverse("submissions:thumbnail", args=[row.public_id])).status_code == 404


def test_after_the_deadline_submit_is_closed_and_the_draft_is_readable(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    version = complete_draft(ada, issue)
    row = VersionFile.objects.get(version=version)
    browser = client_of(ada)
    with clock.frozen_at(CLOSING + timedelta(minutes=16)):
        words = text_of(browser.get(screen("check", version)))
        assert "Submit is closed." in words
        assert "Submit the manuscript" not in words
        answer = browser.post(screen("submit", version), follow=True)
        assert "By the server's clock your click came at 2 Jul 2024, 12:15:59 UTC." in (
            text_of(answer).replace("&#x27;", "'")
        )
        assert browser.get(reverse("submissions:file", args=[row.public_id])).status_code == 200
    assert newest(version.manuscript).is_draft


def test_a_co_author_answers_by_link_without_an_account(
    ada: User, ben: User, issue: SpecialIssue, client: Client
) -> None:
    manuscript = submitted(ada, issue, ben)
    author = Author.objects.get(version__manuscript=manuscript, email=ben.email)
    address = reverse("submissions:authorship", args=[mails.authorship_token(author)])
    page = client.get(address)
    assert "I am an author" in text_of(page)
    author.refresh_from_db()
    assert author.confirmation == Confirmation.PENDING
    assert "You have confirmed." in text_of(
        client.post(address, {"answer": "confirm"}, follow=True)
    )
    disputed = client.post(address, {"answer": "dispute"}, follow=True)
    assert "You have said that you are not an author." in text_of(disputed)
    author.refresh_from_db()
    assert author.confirmation == Confirmation.DISPUTED
    nonsense = client.post(address, {"answer": "perhaps"}, follow=True)
    assert "Press one of the two buttons." in text_of(nonsense)
    forged = client.get(reverse("submissions:authorship", args=["x:y:z"]))
    assert (forged.status_code, "This link does not work" in text_of(forged)) == (404, True)


def test_the_link_dies_while_the_submission_is_with_its_author(
    ada: User, ben: User, issue: SpecialIssue, client: Client
) -> None:
    manuscript = submitted(ada, issue, ben)
    author = Author.objects.get(version__manuscript=manuscript, email=ben.email)
    actions.unsubmit_manuscript(actor="system:test", manuscript=manuscript, faults="x")
    address = reverse("submissions:authorship", args=[mails.authorship_token(author)])
    assert client.get(address).status_code == 404


def test_the_page_tells_state_letters_and_the_way_on(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = revision_asked(ada, issue)
    letter = actions.deliver_letter(
        actor="system:test",
        manuscript=manuscript,
        file=files.store(b"%PDF- letter", name="l.pdf", media_type="application/pdf"),
        title="Decision of 15 August 2024",
        sent_at=OPENING,
    )
    browser = client_of(ada)
    show = reverse("submissions:show", args=[manuscript.public_id])
    words = text_of(browser.get(show))
    for expected in (
        "Reject/Resubmit: major revision",
        "1 Oct 2024, 23:59 AoE",
        "Decision of 15 August 2024",
        "Begin the revision",
    ):
        assert expected in words
    opened = browser.get(reverse("submissions:correspondence", args=[letter.public_id]))
    assert b"".join(opened) == b"%PDF- letter"
    begun = browser.post(reverse("submissions:revise", args=[manuscript.public_id]))
    version = newest(manuscript)
    assert begun["Location"] == screen("response", version)
    assert "Response to reviewers" in text_of(browser.get(begun["Location"]))
    assert "Add an author" not in text_of(browser.get(screen("authors", version)))
    assert "Go on with the revision" in text_of(browser.get(show))


def test_a_co_author_reads_and_has_no_buttons(
    ada: User, ben: User, sam: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = revision_asked(ada, issue, ben)
    show = reverse("submissions:show", args=[manuscript.public_id])
    words = text_of(client_of(ben).get(show))
    assert "Reject/Resubmit: major revision" in words
    assert "Begin the revision" not in words
    assert (
        client_of(ben).post(reverse("submissions:revise", args=[manuscript.public_id])).status_code
        == 404
    )
    final = reverse("submissions:final_files", args=[manuscript.public_id])
    assert client_of(ben).get(final).status_code == 302
    assert client_of(sam).get(final).status_code == 404


def test_the_same_page_before_and_after_the_reviews_are_in(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    """T3 and T5: an unreleased decision and the reviews leave no trace on the author's pages."""
    manuscript = at_stage(submitted(ada, issue), *DECIDING[:2])
    browser = client_of(ada)
    pages = [
        reverse("submissions:show", args=[manuscript.public_id]),
        reverse("submissions:manuscripts"),
    ]
    before = [text_of(browser.get(page)) for page in pages]
    at_stage(manuscript, Stage.AWAITING_DECISION)
    assert [text_of(browser.get(page)) for page in pages] == before


def test_final_files_are_handed_in_on_their_page(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = accepted(ada, issue)
    browser = client_of(ada)
    address = reverse("submissions:final_files", args=[manuscript.public_id])
    assert "Copyright form" in text_of(browser.get(address))
    assert "Still missing: " in text_of(browser.post(address, follow=True))
    for kind in (FileKind.FINAL_PDF, FileKind.SOURCES, FileKind.COPYRIGHT_FORM):
        put_file(newest(manuscript), kind)
    done = browser.post(address, follow=True)
    assert "Accepted, final files received" in text_of(done)
    assert fresh(manuscript).stage == Stage.FINAL_FILES_RECEIVED


def test_a_returned_submission_shows_what_to_mend(
    ada: User, issue: SpecialIssue, client_of: SignIn
) -> None:
    manuscript = submitted(ada, issue)
    actions.unsubmit_manuscript(
        actor="system:test", manuscript=manuscript, faults="Figure 3 has no licence."
    )
    browser = client_of(ada)
    show = reverse("submissions:show", args=[manuscript.public_id])
    for page in (show, screen("files", newest(manuscript))):
        assert "Figure 3 has no licence." in text_of(browser.get(page))


def test_pages_cost_the_same_however_many_manuscripts_there_are(
    ada: User, ben: User, issue: SpecialIssue, client_of: SignIn, django_assert_max_num_queries: Any
) -> None:
    manuscript = submitted(ada, issue, ben)
    for _ in range(6):
        empty_draft(ada, issue)
    draft = complete_draft(ada, issue, ben)
    assert Manuscript.objects.count() == 8
    browser = client_of(ada)
    for address in (
        "/",
        reverse("submissions:manuscripts"),
        reverse("submissions:show", args=[manuscript.public_id]),
        *(screen(n, draft) for n in ("files", "manuscript", "authors", "declarations", "check")),
        screen("missing", draft),
    ):
        browser.get(address)
        with django_assert_max_num_queries(20):
            assert browser.get(address).status_code == 200
