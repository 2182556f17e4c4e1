"""Decision letters with four reviews each, rendered by worker processes as the site's workers do.

    make -s bench NAME=letters
    make -s bench NAME=letters ARGS="--letters 30 --workers 1"

Each worker takes the next letter from a queue and calls the task that Celery calls: look up, render
through WeasyPrint, hash, store the file, record. PostgreSQL and the file storage are real. The time
runs from the first letter taken to the last one stored; CPU is that of the workers alone. The last
line is JSON.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.queues import Queue
from typing import TYPE_CHECKING

from scripts.settings_names import embedded_settings
from tests.services import PostgresServer, ServerFailed, ServerMissing

if TYPE_CHECKING:
    from tmi_special_issue.models import SpecialIssue

LETTERS = 300
WORKERS = 2
KINDS = ("accept", "minor_revision", "reject_resubmit", "reject")
LINE = "{:<10}{:>9}{:>10}{:>10}{:>9}"


@dataclass(frozen=True, slots=True)
class Worked:
    """What one worker took: CPU in seconds, memory at its highest in MB."""

    letters: int
    cpu: float
    seconds: float
    megabytes: float


def main(arguments: Sequence[str]) -> int:
    """Draft, render, count; 0 when every letter has its bytes."""
    parser = argparse.ArgumentParser(prog="bench.letters", description="Letters by workers.")
    parser.add_argument("--letters", type=int, default=LETTERS, metavar="N")
    parser.add_argument("--workers", type=int, default=WORKERS, metavar="N")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="tmi-bench-") as folder, PostgresServer() as postgres:
        _set_up(folder, postgres.url)
        letters = _drafted(chosen.letters)
        began = time.monotonic()
        worked = _rendered(letters, chosen.workers)
        seconds = time.monotonic() - began
        made, pages = _made()
    print(LINE.format("worker", "letters", "CPU s", "wall s", "MB"))
    for number, one in enumerate(worked, start=1):
        figures = (f"{one.cpu:.1f}", f"{one.seconds:.1f}", f"{one.megabytes:.0f}")
        print(LINE.format(number, one.letters, *figures))
    print(f"{made} of {len(letters)} letters made, {pages / 1024:.0f} kB each in the mean")
    result = {
        "letters": made,
        "workers": chosen.workers,
        "seconds": round(seconds, 1),
        "cpu_ms_per_letter": round(1000 * sum(one.cpu for one in worked) / max(made, 1)),
        "rss_mb_max": round(max(one.megabytes for one in worked)),
    }
    print(json.dumps(result))
    return int(made != len(letters))


def _set_up(folder: str, database: str) -> None:
    """Django on this database, with its tables."""
    ours = embedded_settings(os.environ)
    os.environ.clear()
    os.environ.update(
        {
            **ours,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database,
            "LOG_LEVEL": "ERROR",
        }
    )
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", "--no-input", verbosity=0)


def _drafted(count: int) -> list[str]:
    """So many manuscripts, each with four reviews and a drafted decision; the ids of the letters.

    The outcomes take turns.
    """
    from editors.actions import draft_decision
    from editors.models import Letter
    from tests import people
    from tests.editors.building import reviewed
    from tmi_special_issue import clock

    with clock.frozen_at(people.OPENING):
        issue: SpecialIssue = people.open_the_issue()
        cast = {
            name: people.make_person(name, issue)
            for name in ("ada", "ben", "eva", "rui", "sol", "tea", "uma")
        }
        reviewers = [cast[name] for name in ("rui", "sol", "tea", "uma")]
        for number in range(count):
            version = reviewed(
                issue,
                cast["ada"],
                cast["eva"],
                reviewers,
                coauthors=[cast["ben"]],
                title=f"Manuscript {number} on foundation models",
            )
            draft_decision(
                actor=cast["eva"],
                manuscript=version.manuscript,
                kind=KINDS[number % len(KINDS)],
                reasons="What was decisive stands in these sentences. " * 12,
            )
    return list(Letter.objects.values_list("public_id", flat=True))


def _rendered(letters: list[str], workers: int) -> list[Worked]:
    """Have the letters made by so many processes; what each took."""
    from django.db import connections

    connections.close_all()
    context = multiprocessing.get_context("fork")
    waiting: Queue[str | None] = context.Queue()
    done: Queue[Worked] = context.Queue()
    for entry in [*letters, *[None] * workers]:
        waiting.put(entry)
    processes = [context.Process(target=_work, args=(waiting, done)) for _ in range(workers)]
    for process in processes:
        process.start()
    worked = [done.get() for _ in processes]
    for process in processes:
        process.join()
    return worked


def _work(waiting: Queue[str | None], done: Queue[Worked]) -> None:
    """One worker: letters until there is none."""
    from editors.tasks import render_letter

    began, count = time.monotonic(), 0
    while (public_id := waiting.get()) is not None:
        render_letter(public_id)
        count += 1
    used = resource.getrusage(resource.RUSAGE_SELF)
    done.put(
        Worked(
            letters=count,
            cpu=used.ru_utime + used.ru_stime,
            seconds=time.monotonic() - began,
            megabytes=used.ru_maxrss / 1024,
        )
    )


def _made() -> tuple[int, float]:
    """How many letters have bytes, and how many bytes in the mean."""
    from django.db import connections
    from django.db.models import Avg, Count

    from editors.models import Letter
    from editors.states import LetterState

    found = Letter.objects.filter(state=LetterState.RENDERED).aggregate(
        made=Count("pk"), size=Avg("file__byte_count")
    )
    connections.close_all()
    return int(found["made"]), float(found["size"] or 0)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ServerFailed, ServerMissing) as failure:
        sys.exit(str(failure))
