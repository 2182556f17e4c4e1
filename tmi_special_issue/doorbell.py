"""Rings for a worker after commit. Rows say what is due, so a dead broker loses nothing."""

from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import connection, transaction

# By name: Celery's "current app" is kept per thread and would be another one in web threads.
from tmi_special_issue.celery import app

log = structlog.get_logger(__name__)

# One try: a person waits for the page, and the minute's tick sweeps up what was not rung for.
_ONE_TRY = {"max_retries": 0}


@dataclass(frozen=True)
class Ring:
    """One call for a worker, sent when the transaction has committed."""

    task_name: str
    args: tuple[str, ...]

    def __call__(self) -> None:
        options = {**settings.CELERY_BROKER_TRANSPORT_OPTIONS, **_ONE_TRY}
        try:
            with app.connection_for_write(transport_options=options) as broker:
                app.send_task(self.task_name, args=self.args, connection=broker, retry=False)
        except Exception as error:  # every transport raises its own kind
            log.warning("broker_unreachable", task=self.task_name, error=str(error)[:200])


def ring(task_name: str, *args: str) -> None:
    """Ask a worker to run a task by name once the present transaction has committed.

    Twelve mails queued in one transaction ring once.
    """
    wanted = Ring(task_name, args)
    if all(entry[1] != wanted for entry in connection.run_on_commit):
        transaction.on_commit(wanted)
