"""Redis, worker and PostgreSQL are killed under the running site, and the work goes on.

The tests share one site and take what they need from its stage, so that each stands alone.
"""

from __future__ import annotations

import pytest

from tests.faults.site import Site

pytestmark = [pytest.mark.faults, pytest.mark.slow]

WAITING = "select id from ground_outboxmessage where state not in ('sent', 'uncertain')"


def submit(site: Site, draft: str) -> int:
    return site.post(f"/submissions/versions/{draft}/submit/", "ada").status


def release(site: Site, decided: dict[str, str]) -> int:
    address = f"/desk/{decided['manuscript']}/decide/release/"
    return site.post(address, "eva", letter=decided["letter"]).status


def is_submitted(site: Site, draft: str) -> bool:
    query = "select submitted_at from submissions_version where public_id = %s"
    return site.ask(query, draft)[0][0] is not None


def all_is_sent(site: Site) -> None:
    """The queue drains, and every mail has come once."""
    site.tick()
    site.wait(lambda: site.count(WAITING) == 0, "the outbox to drain")
    assert {mail: n for mail, n in site.mail.times().items() if n != 1} == {}


def test_the_site_accepts_while_redis_is_dead_and_work_resumes(site: Site) -> None:
    all_is_sent(site)
    draft, decided = site.stage["drafts"][0], site.stage["decided"][0]
    before = len(site.mail.accepted)
    site.redis.kill()
    try:
        assert submit(site, draft) == 302
        assert release(site, decided) == 302
        # Rate limits live in Redis as well; people must still be able to sign in.
        assert site.get("/account/login/").status == 200
        assert site.post("/account/login/", "", login="x@y.example", password="z").status == 200
        assert site.get("/health/").status == 200
        assert is_submitted(site, draft)
        assert len(site.mail.accepted) == before
    finally:
        site.redis.start()
    all_is_sent(site)
    assert "ada@northgate.example" in site.mail.about("Received")
    assert site.mail.about("Decision on Manuscript").count("ada@northgate.example") == 1


def test_mail_under_way_when_the_worker_is_killed_comes_once(site: Site) -> None:
    all_is_sent(site)
    site.mail.hang()
    assert submit(site, site.stage["drafts"][1]) == 302
    assert site.mail.hanging.wait(60), "no mail was under way"
    site.worker.kill()
    site.mail.go_on()
    site.worker.start()
    # What the dead worker held is free again after five minutes, which have passed now.
    site.ask("update ground_outboxmessage set lease_until = now() - interval '1 s'")
    all_is_sent(site)


def test_a_letter_under_way_when_the_worker_is_killed_waits_and_is_sent_by_a_person(
    site: Site,
) -> None:
    all_is_sent(site)
    letters = len(site.mail.about("Decision on Manuscript"))
    site.mail.hang()
    assert release(site, site.stage["decided"][1]) == 302
    assert site.mail.hanging.wait(60), "no mail was under way"
    site.worker.kill()
    site.mail.go_on()
    site.worker.start()
    site.ask("update ground_outboxmessage set lease_until = now() - interval '1 s'")
    all_is_sent(site)
    held = "select public_id from ground_outboxmessage where state = 'uncertain'"
    # It may be another mail of the same release that hung; a letter is never sent twice unasked.
    for (public_id,) in site.ask(held):
        assert '"mail": false' in site.get("/health/").text
        site.manage("held_mail", "--send", public_id)
    all_is_sent(site)
    sent = site.mail.about("Decision on Manuscript")
    # To the corresponding author, with a copy to the co-author.
    assert len(sent) == letters + 2


def test_a_letter_is_made_once_though_its_worker_is_killed(site: Site) -> None:
    all_is_sent(site)
    reviewed = site.stage["reviewed"]
    log = site.worker.log
    begun = log.read_text().count("render_letter")
    values = {"kind": "accept", "reasons": "All four are of one mind."}
    assert site.post(f"/desk/{reviewed}/decide/", "eva", **values).status == 302
    site.wait(lambda: log.read_text().count("render_letter") > begun, "the letter to be begun")
    site.worker.kill()
    site.worker.start()
    site.tick()
    query = """
        select letter.state, letter.file_id from editors_letter letter
        join editors_decision decision on decision.id = letter.decision_id
        join submissions_version version on version.id = decision.version_id
        join submissions_manuscript manuscript on manuscript.id = version.manuscript_id
        where manuscript.public_id = %s
    """
    site.wait(lambda: [s for s, _ in site.ask(query, reviewed)] == ["rendered"], "the letter")
    rendered = "select sequence from ground_auditentry where verb = 'letter.rendered'"
    made = site.count(rendered)
    site.send_task("tmi_special_issue.tasks.tick", times=3)
    all_is_sent(site)
    assert site.count(rendered) == made


def test_the_same_task_many_times_does_its_work_once(site: Site) -> None:
    all_is_sent(site)
    assert submit(site, site.stage["drafts"][2]) == 302
    site.send_task("tmi_special_issue.tasks.deliver_mail", times=8)
    site.send_task("tmi_special_issue.tasks.tick", times=4)
    all_is_sent(site)
    doubled = "select key from ground_effect group by key having count(*) > 1"
    assert site.ask(doubled) == []


def test_postgres_dies_and_comes_back_and_so_does_the_site(site: Site) -> None:
    all_is_sent(site)
    draft = site.stage["drafts"][3]
    site.postgres.kill()
    try:
        for answer in (
            site.get("/submissions/", "ada"),
            site.get("/"),
            site.post(f"/submissions/versions/{draft}/submit/", "ada"),
        ):
            assert (answer.status, answer.headers.get("Retry-After")) == (503, "30")
            assert "Traceback" not in answer.text
        assert site.get("/health/").status == 503
    finally:
        site.postgres.start()
    # Neither web server nor worker was started again.
    site.wait(lambda: site.get("/submissions/", "ada").status == 200, "the pages", within=30)
    assert site.get("/health/").status == 200
    assert not is_submitted(site, draft)
    assert submit(site, draft) == 302
    assert is_submitted(site, draft)
    all_is_sent(site)


def test_the_record_is_whole_after_all_that(site: Site) -> None:
    """Runs last in this file: the chain of hashes has no gap and no file lacks its bytes."""
    said = site.run_python(
        "-c",
        "import django; django.setup()\n"
        "from tmi_special_issue import audit, files\n"
        "from tmi_special_issue.models import StoredFile\n"
        "print(*audit.verify())\n"
        "print(*(f for f in StoredFile.objects.all() if len(files.read(f)) != f.byte_count))",
    )
    assert said.strip() == ""
