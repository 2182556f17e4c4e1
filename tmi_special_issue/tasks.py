"""Celery tasks of the ground. Each looks at the database and is safe to run twice."""

from celery import shared_task

from tmi_special_issue import clock, outbox
from tmi_special_issue import tick as schedule


@shared_task(name="tmi_special_issue.tasks.tick")
def tick() -> None:
    """Do what is due."""
    schedule.run()


@shared_task(name="tmi_special_issue.tasks.deliver_mail")
def deliver_mail() -> None:
    """Send the mails that wait."""
    outbox.deliver_due(clock.now())
