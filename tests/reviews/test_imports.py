"""A file on its way into the pool: shown first, written once, in steps, nothing written over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Affiliation, Role, RoleName, User
from reviews import actions
from reviews.actions import imports
from reviews.importing import Outcome
from reviews.models import (
    ImportState,
    PoolImport,
    PoolImportLine,
    Publication,
    ReviewerProfile,
)
from reviews.queries import reviewer_pool
from reviews.queries.imports import unfinished_imports
from reviews.tasks import carry_import
from tmi_special_issue.models import AuditEntry, OutboxMessage, SpecialIssue
from tmi_special_issue.refusal import Refusal

HEAD = "email,given_name,family_name,orcid,institution,topics,paper_title,paper_year,paper_doi\n"
ORCID = "0000-0000-0000-0159"


def sent(issue: SpecialIssue, actor: User, rows: str, **options: str) -> PoolImport:
    """A file that the office has sent."""
    return actions.begin_import(
        actor=actor, issue=issue, content=(HEAD + rows).encode(), name="people.csv", **options
    )


def written(issue: SpecialIssue, actor: User, rows: str) -> PoolImport:
    """A file that was sent and confirmed."""
    return actions.confirm_import(actor=actor, pool_import=sent(issue, actor, rows))


def outcomes(made: PoolImport) -> list[tuple[int, str, str]]:
    rows = PoolImportLine.objects.filter(pool_import=made).order_by("line", "pk")
    return list(rows.values_list("line", "outcome", "evidence"))


ROWS = (
    f"new@halvard.example,Nia,Newcomer,{ORCID},Halvard,human-feedback;unheard,One,2023,10.5555/1\n"
    "new@halvard.example,,,,,,Two,2022,\n"
    "rui@saolazaro.example,Other,Name,0000-0000-0000-0167,Elsewhere,,Three,2021,\n"
    ",Sol,Sandvik,,Tarnby Technical University,,Four,2020,\n"
    ",No,Body,,Nowhere,,Five,2020,\n"
    "broken,,,,,,,,\n"
)


def test_reading_writes_nobody(issue: SpecialIssue, ivo: User, rui: User, sol: User) -> None:
    before = (User.objects.count(), Affiliation.objects.count(), Role.objects.count())
    made = sent(issue, ivo, ROWS)
    assert (made.state, made.joined_count, made.total_count) == (ImportState.READ, 1, 4)
    assert outcomes(made) == [
        (2, Outcome.NEW, ""),
        (4, Outcome.KNOWN, "address"),
        (5, Outcome.KNOWN, "name and institution"),
        (6, Outcome.NO_ADDRESS, ""),
        (7, Outcome.FAULT, ""),
    ]
    assert (User.objects.count(), Affiliation.objects.count(), Role.objects.count()) == before
    assert Publication.objects.count() == ReviewerProfile.objects.count() == 0


def test_confirmed_people_are_in_the_pool_without_a_mail(
    issue: SpecialIssue, ivo: User, rui: User, sol: User
) -> None:
    made = written(issue, ivo, ROWS)
    assert (made.state, made.done_count) == (ImportState.DONE, 4)
    new = User.objects.get(email="new@halvard.example")
    assert (new.full_name, new.orcid, new.orcid_verified) == ("Nia Newcomer", ORCID, False)
    assert not new.has_usable_password()
    address = EmailAddress.objects.get(user=new)
    assert (address.email, address.primary, address.verified) == (new.email, True, False)
    assert set(reviewer_pool(issue)) == {new, rui, sol}
    papers = Publication.objects.filter(profile__user=new).order_by("title")
    assert [(p.title, p.year, p.doi) for p in papers] == [
        ("One", 2023, "10.5555/1"),
        ("Two", 2022, ""),
    ]
    assert [t.code for t in new.reviewer_profile.topics.all()] == ["human-feedback"]
    line = PoolImportLine.objects.get(pool_import=made, person=new)
    assert line.sentence == "No topics of the call: unheard."
    assert OutboxMessage.objects.count() == 0


def test_what_people_say_of_themselves_stays(
    issue: SpecialIssue, ivo: User, rui: User, sol: User
) -> None:
    written(issue, ivo, ROWS)
    rui.refresh_from_db()
    assert (rui.full_name, rui.orcid) == ("Rui Rezende", "0000-0000-0000-0167")
    places = Affiliation.objects.filter(user=rui).order_by("institution")
    assert [p.institution for p in places] == ["Elsewhere", "Sao Lazaro Teaching Hospital"]
    assert Role.objects.filter(user=rui, name=RoleName.REVIEWER).count() == 1


def test_the_same_file_twice_adds_nothing(
    issue: SpecialIssue, ivo: User, rui: User, sol: User
) -> None:
    def everything() -> list[int]:
        tables = (User, Affiliation, Role, Publication, ReviewerProfile, EmailAddress)
        return [table.objects.count() for table in tables]  # type: ignore[attr-defined]

    written(issue, ivo, ROWS)
    before = everything()
    again = written(issue, ivo, ROWS)
    assert everything() == before
    assert outcomes(again)[0] == (2, Outcome.KNOWN, "ORCID iD and address")


def test_a_second_click_writes_nothing(issue: SpecialIssue, ivo: User) -> None:
    made = written(issue, ivo, "a@x.example,,Ott,,,,,,\n")
    entries = AuditEntry.objects.count()
    actions.confirm_import(actor=ivo, pool_import=made)
    actions.write_import(actor="system:import", pool_import=made)
    assert AuditEntry.objects.count() == entries


def test_who_signs_up_between_preview_and_confirmation_is_known(
    issue: SpecialIssue, ivo: User
) -> None:
    made = sent(issue, ivo, "late@x.example,Lea,Ott,,,,One,2020,\n")
    late = User.objects.create_user("late@x.example", family_name="Latecomer")
    done = actions.confirm_import(actor=ivo, pool_import=made)
    assert outcomes(done) == [(2, Outcome.KNOWN, "address")]
    late.refresh_from_db()
    assert late.family_name == "Latecomer"
    assert Publication.objects.get().profile.user == late


def many(count: int) -> str:
    return "".join(f"p{n}@pool.example,P,N{n},,I {n},,Paper {n},2020,\n" for n in range(count))


def test_a_worker_that_dies_is_followed_by_one_that_goes_on(
    issue: SpecialIssue, ivo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "STEP", 10)
    monkeypatch.setattr(imports, "PEOPLE_AT_ONCE", 5)
    made = written(issue, ivo, many(25))
    assert made.state == ImportState.WRITING
    steps = iter([1, 2])
    whole = imports.keep_people

    def dies(**values: object) -> object:
        if next(steps) == 2:
            raise RuntimeError("killed")
        return whole(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "keep_people", dies)
    with pytest.raises(RuntimeError):
        actions.write_import(actor="system:import", pool_import=made)
    made.refresh_from_db()
    assert (made.state, made.done_count) == (ImportState.WRITING, 10)
    assert reviewer_pool(issue).count() == Publication.objects.count() == 10
    monkeypatch.setattr(imports, "keep_people", whole)
    carry_import(made.public_id)  # another worker may still be at it
    assert Publication.objects.count() == 10
    monkeypatch.setattr(imports, "LEASE", timedelta(0))
    carry_import(made.public_id)
    made.refresh_from_db()
    assert (made.state, made.done_count) == (ImportState.DONE, 25)
    assert reviewer_pool(issue).count() == Publication.objects.count() == 25


def test_a_large_file_waits_for_a_worker(
    issue: SpecialIssue, ivo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BYTES_AT_ONCE", 10)
    made = sent(issue, ivo, many(3))
    assert (made.state, PoolImportLine.objects.count()) == (ImportState.READING, 0)
    with pytest.raises(Refusal) as refused:
        actions.confirm_import(actor=ivo, pool_import=made)
    assert refused.value.code == "not_read"
    carry_import(made.public_id)
    made.refresh_from_db()
    assert (made.state, made.total_count) == (ImportState.READ, 3)


def test_a_file_that_kills_its_readers_is_given_up(
    issue: SpecialIssue, ivo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BYTES_AT_ONCE", 10)
    monkeypatch.setattr(imports, "LEASE", timedelta(0))
    made = sent(issue, ivo, many(3))
    PoolImport.objects.update(attempts=imports.ATTEMPTS_MOST)
    carry_import(made.public_id)
    made.refresh_from_db()
    assert made.state == ImportState.FAILED
    assert "three times" in made.failure


def test_what_cannot_be_read_is_told(issue: SpecialIssue, ivo: User) -> None:
    made = actions.begin_import(actor=ivo, issue=issue, content=b"\xff\xff;x", name="people.xls")
    assert made.state == ImportState.FAILED
    assert made.failure.startswith("Line 1 is not written in UTF-8.")


def test_an_empty_file_and_a_huge_one_are_refused(
    issue: SpecialIssue, ivo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BYTES_MOST", 1024 * 1024)
    for content, code in ((b"", "empty"), (b"x" * (1024 * 1024 + 1), "too_large")):
        with pytest.raises(Refusal) as refused:
            actions.begin_import(actor=ivo, issue=issue, content=content, name="people.csv")
        assert refused.value.code == code
    assert PoolImport.objects.count() == 0


def test_a_file_is_thrown_away_and_not_after_it_was_written(issue: SpecialIssue, ivo: User) -> None:
    made = sent(issue, ivo, "a@x.example,,Ott,,,,,,\n")
    assert actions.discard_import(actor=ivo, pool_import=made).state == ImportState.DISCARDED
    with pytest.raises(Refusal):
        actions.confirm_import(actor=ivo, pool_import=made)
    done = written(issue, ivo, "a@x.example,,Ott,,,,,,\n")
    with pytest.raises(Refusal) as refused:
        actions.discard_import(actor=ivo, pool_import=done)
    assert refused.value.code == "already_written"


def test_of_very_many_faults_the_rest_is_counted(
    issue: SpecialIssue, ivo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "FAULTS_MOST", 3)
    made = sent(issue, ivo, "broken,,,,,,,,\n" * 10)
    sentences = [line.sentence for line in made.lines.order_by("line", "pk")]
    assert len(sentences) == 4
    assert sentences[3] == "From here on 7 more rows have faults."


def test_the_record_names_file_people_and_who_confirmed(issue: SpecialIssue, ivo: User) -> None:
    made = written(issue, ivo, "a@x.example,,Ott,,,,,,\n")
    entries = AuditEntry.objects.filter(subject=made.audit_key).order_by("sequence")
    assert [(e.verb, e.actor) for e in entries] == [
        ("pool_import.begun", ivo.audit_key),
        ("pool_import.read", "system:import"),
        ("pool_import.confirmed", ivo.audit_key),
        ("pool_import.written", "system:import"),
    ]
    person = User.objects.get(email="a@x.example")
    assert entries[3].facts["added"] == [person.audit_key]


def test_bibtex_adds_papers_to_the_person_named(issue: SpecialIssue, ivo: User, rui: User) -> None:
    content = b"@article{one, title={One}, year=2020, author={Rezende, Rui and Ott, Zoe}}"
    made = actions.begin_import(
        actor=ivo, issue=issue, content=content, name="rui.bib", owner=rui.email
    )
    actions.confirm_import(actor=ivo, pool_import=made)
    paper = Publication.objects.get()
    assert (paper.profile.user, paper.title) == (rui, "One")
    assert [c["name"] for c in paper.coauthors] == ["Rui Rezende", "Zoe Ott"]


def test_what_nobody_works_on_is_rung_for_again(
    issue: SpecialIssue, ivo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "BYTES_AT_ONCE", 10)
    waiting = sent(issue, ivo, many(2))
    assert list(unfinished_imports()) == [waiting]
