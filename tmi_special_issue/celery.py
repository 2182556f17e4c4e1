"""The Celery application."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tmi_special_issue.settings")

app = Celery("tmi_special_issue")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
