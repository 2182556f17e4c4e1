"""The ground of the house: settings, clock, dates, record, outbox, files, schedule."""

from tmi_special_issue.celery import app as celery_app

__all__ = ["celery_app"]
