"""The mail log: who reads it, what of it, and sending again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.queries import role_names
from editors import actions
from editors.mail_text import HIDDEN_LINK, without_secrets
from editors.queries.desk import Viewer
from editors.queries.mails import mail_lines, mails_about, mails_in_sight
from submissions.models import Manuscript
from tests.cast import Story
from tmi_special_issue import clock
from tmi_special_issue.models import AuditEntry, MailState, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

SignIn = Callable[[User | None], Client]
SITE = "https://issue.example"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{SITE}/desk/abc/", f"{SITE}/desk/abc/"),
        (f"Go to {SITE}/reviews/invitation/zqxsecret/.", f"Go to {HIDDEN_LINK}."),
        (f"({SITE}/submissions/authorship/zqxsecret/)", f"({HIDDEN_LINK})"),
        (f"{SITE}/no/such/zqxsecret", HIDDEN_LINK),
        (f"{SITE}/desk/?zqx=secret", HIDDEN_LINK),
        ("https://doi.example/10.1/x", "https://doi.example/10.1/x"),
    ],
)
def test_links_that_let_somebody_in_are_taken_out(text: str, shown: str) -> None:
    assert without_secrets(text, SITE) == shown


@pytest.fixture
def story(issue: SpecialIssue) -> Story:
    return Story(issue)


@pytest.fixture
def paper(story: Story) -> Manuscript:
    manuscript = story.handled()
    story.invite(manuscript)
    return manuscript


def viewer(story: Story, name: str) -> Viewer:
    person = story.people[name]
    return Viewer(person, story.issue, role_names(person, story.issue))


def about(paper: Manuscript) -> set[OutboxMessage]:
    return set(mails_about(Manuscript.objects.filter(pk=paper.pk)))


@pytest.mark.django_db
def test_the_log_holds_every_mail_about_the_manuscript_and_no_other(
    story: Story, paper: Manuscript
) -> None:
    before = about(paper)
    assert {mail.kind for mail in before} >= {"manuscript_submitted", "review_invited"}
    story.sam.orcid = "0000-0002-1825-0097"
    other = story.handled("sam", ())
    assert about(paper) == before
    assert not before & about(other)
    assert set(mails_in_sight(viewer(story, "eva"))) == before | about(other)
    assert set(mails_in_sight(viewer(story, "gus"))) == about(other)
    for name in ("ada", "rui"):
        assert not mails_in_sight(viewer(story, name)).exists()


@pytest.mark.django_db
def test_the_secret_of_an_invitation_stays_with_its_reviewer(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    mail = OutboxMessage.objects.filter(kind="review_invited", to=story.rui.email).get()
    token = re.search(r"/invitation/([^/\s]+)/", mail.text)
    assert token
    for name, where in (("eva", "mails"), ("kim", "mails"), ("kim", "all_mails")):
        args = [paper.public_id] if where == "mails" else []
        page = client_of(story.people[name]).get(reverse(f"desk:{where}", args=args))
        text = page.content.decode()
        assert story.rui.email in text
        assert HIDDEN_LINK in text
        assert token[1] not in text


@pytest.mark.django_db
def test_what_was_written_to_the_desk_is_read_by_its_recipient_alone(
    story: Story, paper: Manuscript
) -> None:
    mail = OutboxMessage.objects.filter(kind="editor_assigned", to=story.eva.email).get()
    read = {
        name: [bool(line.text) for line in mail_lines(viewer(story, name), [mail])]
        for name in ("eva", "kim", "ivo")
    }
    assert read == {"eva": [True], "kim": [False], "ivo": [False]}


@pytest.mark.django_db
def test_a_mail_that_was_given_up_goes_out_again_once(story: Story, paper: Manuscript) -> None:
    mail = OutboxMessage.objects.filter(kind="review_invited", to=story.rui.email).get()
    with pytest.raises(Refusal) as refused:
        actions.send_mail_again(actor=story.eva, manuscript=paper, mail=mail)
    assert refused.value.code == "not_held"
    OutboxMessage.objects.filter(pk=mail.pk).update(state=MailState.FAILED, attempts=8)
    for name in ("ada", "rui", "gus", "sam"):
        with pytest.raises(Refusal) as refused:
            actions.send_mail_again(actor=story.people[name], manuscript=paper, mail=mail)
        assert refused.value.status == 404
    again = actions.send_mail_again(actor=story.eva, manuscript=paper, mail=mail)
    assert (again.pk, again.to, again.state, again.attempts) == (
        mail.pk,
        mail.to,
        MailState.QUEUED,
        0,
    )
    with pytest.raises(Refusal):
        actions.send_mail_again(actor=story.kim, manuscript=paper, mail=mail)
    told = AuditEntry.objects.get(verb="mail.sent_again")
    assert (told.actor, told.subject) == (story.eva.audit_key, mail.audit_key)


@pytest.mark.django_db
def test_a_mail_of_another_manuscript_is_not_found(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    story.sam.orcid = "0000-0002-1825-0097"
    other = story.handled("sam", ())
    mail = OutboxMessage.objects.filter(about=paper.audit_key)[0]
    OutboxMessage.objects.filter(pk=mail.pk).update(state=MailState.FAILED)
    with pytest.raises(Refusal) as refused:
        actions.send_mail_again(actor=story.eva, manuscript=other, mail=mail)
    assert refused.value.status == 404
    for name in ("eva", "gus"):
        there = reverse("desk:send_mail_again", args=[other.public_id, mail.public_id])
        assert client_of(story.people[name]).post(there).status_code == 404
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED


@pytest.mark.django_db
def test_the_pages_filter_by_state_and_send_again(
    story: Story, paper: Manuscript, client_of: SignIn
) -> None:
    mail = OutboxMessage.objects.filter(kind="review_invited", to=story.rui.email).get()
    OutboxMessage.objects.filter(pk=mail.pk).update(state=MailState.FAILED)
    browser = client_of(story.kim)
    failed = browser.get(reverse("desk:all_mails"), {"state": "failed"})
    assert [line.mail for line in failed.context["lines"]] == [mail]
    all_of_them = browser.get(reverse("desk:all_mails"), {"state": "nonsense"})
    assert len(all_of_them.context["lines"]) == min(50, len(about(paper)))
    here = reverse("desk:mails", args=[paper.public_id])
    assert b"Send again" in browser.get(here).content
    there = reverse("desk:send_mail_again", args=[paper.public_id, mail.public_id])
    assert browser.post(there)["Location"] == here
    assert b"goes out again" in browser.get(here).content
    assert OutboxMessage.objects.get(pk=mail.pk).state == MailState.QUEUED


@pytest.mark.django_db
def test_no_mail_of_an_unreleased_decision_exists(story: Story) -> None:
    decided = story.reviewed("reject")
    before = about(decided)
    story.draft_decision(decided, "reject", reasons="Zqxheld reasons")
    written = about(decided) - before
    assert not any("Zqxheld" in mail.text or "eject" in mail.subject for mail in written)
    assert clock.now() >= max(mail.queued_at for mail in about(decided))
