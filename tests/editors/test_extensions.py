"""More time for a revision: the authors ask by one button, the desk answers by one button."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import RoleName, User
from editors import actions as desk
from submissions import actions, queries, schedule
from submissions.models import Extension, ExtensionRequest, Manuscript
from submissions.states import RevisionKind, Stage
from tests.cast import Story, latest_version
from tests.people import grant_role
from tests.submissions.drafts import fresh, revision_asked, submitted
from tests.submissions.test_actions import refused
from tmi_special_issue import audit, clock
from tmi_special_issue.models import MilestoneKind, OutboxMessage, SpecialIssue

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]

DUE = datetime(2024, 10, 2, 11, 59, 59, tzinfo=UTC)
TWO_WEEKS_LATER = DUE + timedelta(days=14)


@pytest.fixture
def manuscript(ada: User, ben: User, ivo: User, issue: SpecialIssue) -> Manuscript:
    """A major revision is asked for; nobody has begun it."""
    return revision_asked(ada, issue, ben)


def ask(actor: User, manuscript: Manuscript, reason: str = "") -> ExtensionRequest:
    return actions.ask_extension(
        actor=actor, manuscript=manuscript, until=TWO_WEEKS_LATER, reason=reason
    )


def due(manuscript: Manuscript) -> datetime:
    now = fresh(manuscript)
    return queries.present_window(now, queries.latest_version(now)).effective_at


def mailed(kind: str) -> list[str]:
    return sorted(OutboxMessage.objects.filter(kind=kind).values_list("to", flat=True))


def verbs(manuscript: Manuscript) -> list[str]:
    found = audit.entries_about(manuscript.audit_key).filter(verb__startswith="extension.")
    return list(found.values_list("verb", flat=True))


# --- Asking ------------------------------------------------------------------------------------


def test_asking_twice_asks_once_and_moves_nothing(
    ada: User, ivo: User, manuscript: Manuscript
) -> None:
    assert ask(ada, manuscript) == ask(ada, manuscript, "The scanner was away.")
    assert (due(manuscript), fresh(manuscript).stage) == (DUE, Stage.MAJOR_REVISION)
    assert mailed("extension_asked") == sorted([manuscript.issue.contact_email, ivo.email])
    assert verbs(manuscript) == ["extension.asked"]


def test_only_who_works_on_it_can_ask(
    ada: User, ben: User, eva: User, sam: User, manuscript: Manuscript
) -> None:
    for person in (ben, eva, sam):
        with refused("not_found"):
            ask(person, manuscript)
    assert not ExtensionRequest.objects.exists()
    assert ask(ada, manuscript).is_open


def test_only_for_a_revision_and_only_later(
    ada: User, issue: SpecialIssue, manuscript: Manuscript
) -> None:
    original = submitted(ada, issue)
    with refused("wrong_stage"):
        ask(ada, original)
    for until in (DUE, DUE - timedelta(days=1)):
        with refused("not_longer"):
            actions.ask_extension(actor=ada, manuscript=manuscript, until=until)


def test_one_button_on_the_authors_page_asks_for_two_weeks(
    ada: User, manuscript: Manuscript, client_of: SignIn
) -> None:
    browser = client_of(ada)
    page = browser.get(reverse("submissions:show", args=[manuscript.public_id])).content.decode()
    assert 'type="date" name="until" value="2024-10-15"' in page
    address = reverse("submissions:ask_extension", args=[manuscript.public_id])
    told = browser.post(address, {"until": "2024-10-15", "reason": ""}, follow=True)
    page = told.content.decode()
    assert "The editors were asked for more time." in page
    assert "More time is asked for." in page
    assert address not in page  # one open request at a time
    request = ExtensionRequest.objects.get()
    assert (request.until, request.reason, request.is_open) == (TWO_WEEKS_LATER, "", True)


def test_a_date_that_is_not_later_comes_back_with_the_words_that_were_typed(
    ada: User, ben: User, manuscript: Manuscript, client_of: SignIn
) -> None:
    address = reverse("submissions:ask_extension", args=[manuscript.public_id])
    answer = client_of(ada).post(address, {"until": "2024-10-01", "reason": "The scanner broke."})
    assert answer.status_code == 422
    assert "New date: it must be later than 1 Oct 2024" in answer.content.decode()
    assert "The scanner broke." in answer.content.decode()
    assert not ExtensionRequest.objects.exists()
    assert client_of(ben).get(address).status_code == 302  # reads, and does not ask


# --- Answering ---------------------------------------------------------------------------------


def test_granted_every_date_moves(
    ada: User, ivo: User, manuscript: Manuscript, client_of: SignIn
) -> None:
    actions.start_revision(actor=ada, manuscript=manuscript)
    ask(ada, manuscript, "The scanner was away.")
    office = client_of(ivo)
    listed = office.get(reverse("desk:desk"), {"show": "asking"}).content.decode()
    assert str(manuscript) in listed
    its_page = reverse("desk:manuscript", args=[manuscript.public_id])
    page = office.get(its_page).content.decode()
    assert "The authors ask for more time." in page
    assert "The scanner was away." in page
    told = office.post(reverse("desk:grant_extension", args=[manuscript.public_id]), follow=True)
    assert "has more time now" in told.content.decode()
    assert "The authors ask for more time." not in told.content.decode()
    assert "15 Oct 2024" in told.content.decode()  # the desk's own date
    request, extension = ExtensionRequest.objects.get(), Extension.objects.get()
    assert (request.outcome, extension.until, extension.granted_by) == (
        "granted",
        TWO_WEEKS_LATER,
        ivo,
    )
    assert (due(manuscript), mailed("extension_granted")) == (TWO_WEEKS_LATER, [ada.email])
    assert verbs(manuscript) == ["extension.asked", "extension.granted"]
    author = client_of(ada)
    page = author.get(reverse("submissions:show", args=[manuscript.public_id])).content.decode()
    assert "15 Oct 2024" in page
    assert "More time is asked for." not in page
    with clock.frozen_at(DUE + timedelta(days=1)):
        schedule.run(clock.now())
        assert fresh(manuscript).stage == Stage.REVISION_DRAFT
    with clock.frozen_at(TWO_WEEKS_LATER + timedelta(days=1)):
        schedule.run(clock.now())
        assert fresh(manuscript).stage == Stage.REVISION_LAPSED


def test_granting_twice_grants_once(ada: User, kim: User, manuscript: Manuscript) -> None:
    ask(ada, manuscript)
    desk.grant_extension(actor=kim, manuscript=manuscript)
    with refused("not_asked"):
        desk.grant_extension(actor=kim, manuscript=manuscript)
    assert Extension.objects.count() == 1


def test_another_date_answers_the_request_too(ada: User, ivo: User, manuscript: Manuscript) -> None:
    ask(ada, manuscript)
    until = DUE + timedelta(days=7)
    desk.extend_manuscript(
        actor=ivo, manuscript=manuscript, kind=MilestoneKind.REVISION, until=until, reason="A week."
    )
    assert (ExtensionRequest.objects.get().outcome, due(manuscript)) == ("granted", until)


def test_refused_the_author_reads_why_and_may_ask_again(
    ada: User, ivo: User, manuscript: Manuscript, client_of: SignIn
) -> None:
    ask(ada, manuscript)
    office = client_of(ivo)
    address = reverse("desk:refuse_extension", args=[manuscript.public_id])
    assert office.post(address, {"note": "  "}).status_code == 422
    office.post(address, {"note": "The issue goes to print in November."})
    assert (ExtensionRequest.objects.get().outcome, due(manuscript)) == ("refused", DUE)
    mail = OutboxMessage.objects.get(kind="extension_refused")
    assert (mail.to, "goes to print in November" in mail.text) == (ada.email, True)
    assert "stays 1 Oct 2024, 23:59 AoE" in mail.text
    page = client_of(ada).get(reverse("submissions:show", args=[manuscript.public_id]))
    assert "The issue goes to print in November." in page.content.decode()
    assert ask(ada, manuscript, "Only a week.").is_open


def test_who_may_not_grant(
    ada: User, eva: User, sam: User, rui: User, manuscript: Manuscript, client_of: SignIn
) -> None:
    ask(ada, manuscript)
    for person in (ada, sam, rui):
        for name in ("grant_extension", "refuse_extension"):
            address = reverse(f"desk:{name}", args=[manuscript.public_id])
            assert client_of(person).post(address, {"note": "No."}).status_code == 404
    with refused("not_allowed"):
        desk.grant_extension(actor=eva, manuscript=manuscript)
    assert ExtensionRequest.objects.get().is_open


def test_an_editor_in_conflict_sees_no_trace(issue: SpecialIssue, client_of: SignIn) -> None:
    story = Story(issue)
    paper = story.reviewed("reject_resubmit")
    story.decide(paper, "reject_resubmit")
    ask(story.ada, paper, "Zqx the scanner.")
    listed = client_of(story.gus).get(reverse("desk:desk")).content.decode()
    assert "Author asks" not in listed
    assert "Author asks" in client_of(story.eva).get(reverse("desk:desk")).content.decode()


# --- What happens meanwhile --------------------------------------------------------------------


def test_a_lapsed_revision_opens_again(ada: User, kim: User, manuscript: Manuscript) -> None:
    actions.start_revision(actor=ada, manuscript=manuscript)
    with clock.frozen_at(DUE + timedelta(days=1)):
        schedule.run(clock.now())
        assert fresh(manuscript).stage == Stage.REVISION_LAPSED
        ask(ada, manuscript)
        desk.grant_extension(actor=kim, manuscript=manuscript)
        assert fresh(manuscript).stage == Stage.REVISION_DRAFT
        assert due(manuscript) == TWO_WEEKS_LATER


def test_a_request_older_than_its_own_date_is_not_granted(
    ada: User, kim: User, manuscript: Manuscript
) -> None:
    ask(ada, manuscript)
    with clock.frozen_at(TWO_WEEKS_LATER + timedelta(seconds=1)), refused("not_longer"):
        desk.grant_extension(actor=kim, manuscript=manuscript)
    assert not Extension.objects.exists()


def test_a_revision_that_comes_without_it_closes_the_request(issue: SpecialIssue) -> None:
    story = Story(issue)
    paper = story.reviewed("minor_revision")
    story.decide(paper, RevisionKind.MINOR)
    actions.ask_extension(actor=story.ada, manuscript=fresh(paper), until=TWO_WEEKS_LATER)
    story.revise(paper)
    assert ExtensionRequest.objects.get().outcome == "closed"
    assert latest_version(paper).submitted_at is not None
    with refused("not_asked"):
        desk.grant_extension(actor=story.kim, manuscript=fresh(paper))


def test_a_withdrawal_closes_the_request(ada: User, ivo: User, manuscript: Manuscript) -> None:
    ask(ada, manuscript)
    actions.ask_withdrawal(actor=ada, manuscript=manuscript, reason="An error was found.")
    desk.confirm_withdrawal(actor=ivo, manuscript=fresh(manuscript))
    assert ExtensionRequest.objects.get().outcome == "closed"


def test_the_lead_guest_editor_may_grant(
    ada: User, eva: User, ivo: User, issue: SpecialIssue, manuscript: Manuscript
) -> None:
    grant_role(actor=ivo, issue=issue, person=eva, name=RoleName.LEAD_GUEST_EDITOR)
    ask(ada, manuscript)
    desk.grant_extension(actor=eva, manuscript=manuscript)
    assert due(manuscript) == TWO_WEEKS_LATER
