"""Rings for a worker after commit. Rows say what is due, so a dead broker loses nothing."""

from functools import partial

import structlog
from celery import current_app
from django.db import transaction

log = structlog.get_logger(__name__)


def ring(task_name: str, *args: str) -> None:
    """Ask a worker to run a task by name once the present transaction has committed."""
    transaction.on_commit(partial(_send, task_name, args))


def _send(task_name: str, args: tuple[str, ...]) -> None:
    try:
        current_app.send_task(task_name, args=args)
    except Exception as error:  # any transport raises its own kind
        log.warning("broker_unreachable", task=task_name, error=str(error)[:200])
