"""Uploads the whole corpus through the site and compares each answer with the manifest.

    make -s bench NAME=preflight

Every file goes by HTTP through the view, the engine, the storage and the database (SQLite and a
temporary folder), one after the other. A PDF goes to the slot of the manuscript, a ZIP to that of
a data set, a Word file to that of the final sources. Memory is that of the site's process and of
all confined processes together, looked at every 10 ms; pages that several of them share count
once. The last line is JSON.
"""

# ruff: noqa: E402 - Django is set up before its models are imported.

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from submissions.models import Version, VersionFile
from submissions.states import FileKind
from tests import people
from tests.conftest import sign_in
from tests.submissions.drafts import accepted, empty_draft, newest
from tmi_special_issue import clock
from tmi_special_issue.models import StoredFile

CORPUS = Path(__file__).resolve().parents[2] / "shared/data/uploads"
SECONDS_MOST = 10.0
MEGABYTES_MOST = 512.0
# Flags that a clean paper must not raise; names in the properties are common and true.
LOUD = ("hidden_text", "directed_phrase", "embedded_file", "signature", "annotation_author")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the manifest."""

    file: str
    verdict: str
    reason: str
    pages: int | None

    @property
    def kind(self) -> FileKind:
        """The slot in which this file is offered."""
        ending = self.file.rpartition(".")[2].lower()
        return {"zip": FileKind.DATASET, "docx": FileKind.SOURCES}.get(ending, FileKind.MAIN)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site said to one file, and what it cost."""

    row: Row
    status: int
    code: str
    sentence: str
    flags: tuple[str, ...]
    pages: int | None
    seconds: float
    megabytes: float
    leftovers: int

    @property
    def is_kept(self) -> bool:
        return self.status < 400

    @property
    def is_right(self) -> bool:
        """As the manifest wants it. A doubtful file may be kept or refused, but never crash."""
        if self.status >= 500:
            return False
        if self.row.verdict == "either":
            return True
        wanted = self.row.verdict != "reject"
        return self.is_kept == wanted and self.pages in (None, self.row.pages or self.pages)


def rows() -> list[Row]:
    """The manifest."""
    with (CORPUS / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return [
            Row(
                line["file"],
                line["verdict"],
                line["reason_code"],
                int(found[1]) if (found := re.match(r"(\d+) page\(s\)", line["why"])) else None,
            )
            for line in csv.DictReader(file)
        ]


class Memory:
    """The most memory that this process and all below it held at one moment."""

    def __init__(self) -> None:
        self.peak = 0
        self._stop = threading.Event()
        self._watch = threading.Thread(target=self._look_again_and_again)

    def __enter__(self) -> Memory:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._watch.join()

    def _look_again_and_again(self) -> None:
        while not self._stop.wait(0.01):
            self.peak = max(self.peak, sum(resident(pid) for pid in family(os.getpid())))


def family(pid: int) -> Iterator[int]:
    """A process and all its descendants that run a program of their own.

    A child between its fork and its start still is its parent: every page of it is the parent's.
    """
    yield pid
    below: list[str] = []
    with contextlib.suppress(OSError):  # it may end while it is looked at
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            below += task.read_text().split()
    for child in below:
        if program(int(child)) != program(pid):
            yield from family(int(child))


def program(pid: int) -> bytes:
    """What a process was started with; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def resident(pid: int) -> int:
    """Bytes of memory that a process holds, its share of what it shares; 0 when it is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


class Site:
    """A site with one author, a draft of hers and an accepted manuscript."""

    def __init__(self) -> None:
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        issue = people.open_the_issue()
        ada = people.make_person("ada", issue)
        self.browser: Client = sign_in(ada)
        self.browser.raise_request_exception = False
        self.draft = empty_draft(ada, issue)
        self.accepted = newest(accepted(ada, issue))

    def offer(self, row: Row) -> Answer:
        """Upload one file and look at what is left of it."""
        version = self.accepted if row.kind == FileKind.SOURCES else self.draft
        upload = SimpleUploadedFile(Path(row.file).name, (CORPUS / row.file).read_bytes())
        before = traces()
        begun = time.monotonic()
        with Memory() as memory:
            response = self.browser.post(
                reverse("submissions:upload", args=[version.public_id, row.kind.value]),
                {"file": upload},
                headers={"X-Requested-With": "upload"},
            )
        seconds = time.monotonic() - begun
        problem = response.json() if response.status_code >= 400 else {}
        kept = None if problem else newest_file(version, row.kind)
        leftovers = traces() - before if problem else 0
        if kept is not None and row.kind == FileKind.DATASET:
            kept.delete()
        return Answer(
            row=row,
            status=response.status_code,
            code=problem.get("code", ""),
            sentence=problem.get("detail", ""),
            flags=tuple(kept.flags) if kept else (),
            pages=kept.page_count if kept else None,
            seconds=seconds,
            megabytes=memory.peak / 1024**2,
            leftovers=leftovers,
        )


def newest_file(version: Version, kind: FileKind) -> VersionFile:
    """The file that was kept just now."""
    return VersionFile.objects.filter(version=version, kind=kind).latest("id")


def traces() -> int:
    """Rows and files on disk, temporary ones included."""
    places = [Path(settings.VAR_DIR) / "files", Path(tempfile.gettempdir())]
    on_disk = sum(path.is_file() for place in places for path in place.rglob("*"))
    return on_disk + VersionFile.objects.count() + StoredFile.objects.count()


def table(answers: list[Answer]) -> None:
    """Verdict against expectation, with time and memory."""
    print(
        f"{'expected':<13}{'files':>6}{'kept':>6}{'refused':>9}{'5xx':>5}{'right':>7}"
        f"{'median s':>10}{'p95 s':>8}{'max s':>8}{'peak MB':>9}"
    )
    groups = [*dict.fromkeys(answer.row.verdict for answer in answers), "all"]
    for group in groups:
        members = [a for a in answers if group in (a.row.verdict, "all")]
        seconds = sorted(a.seconds for a in members)
        print(
            f"{group:<13}{len(members):>6}{sum(a.is_kept for a in members):>6}"
            f"{sum(400 <= a.status < 500 for a in members):>9}"
            f"{sum(a.status >= 500 for a in members):>5}{sum(a.is_right for a in members):>7}"
            f"{statistics.median(seconds):>10.2f}{seconds[int(0.95 * (len(seconds) - 1))]:>8.2f}"
            f"{seconds[-1]:>8.2f}{max(a.megabytes for a in members):>9.0f}"
        )
    reasons: dict[tuple[str, str], int] = {}
    for answer in answers:
        if answer.row.verdict == "reject" and not answer.is_kept:
            key = (answer.row.reason, answer.code)
            reasons[key] = reasons.get(key, 0) + 1
    print("\nReason wanted -> reason given (files):")
    for (wanted, given), count in sorted(reasons.items()):
        print(f"  {wanted:<18} {given:<20} {count:>3}")


def main() -> int:
    """Print the table; 0 when every bar is met."""
    if not (CORPUS / "manifest.csv").exists():
        print("The corpus is not beside the repository.")
        print(json.dumps({"error": "no corpus"}))
        return 1
    # A temporary folder of its own, so that whatever is left in it is seen.
    with tempfile.TemporaryDirectory() as folder, clock.frozen_at(people.OPENING):
        tempfile.tempdir = folder
        site = Site()
        answers = [site.offer(row) for row in rows()]
        tempfile.tempdir = None
    table(answers)
    keepers = [a for a in answers if a.row.verdict in ("accept", "accept_flag")]
    refused = [a for a in answers if a.row.verdict == "reject"]
    flagged = [a for a in answers if a.row.verdict == "accept_flag"]
    false_alarms = [
        a for a in answers if a.row.verdict == "accept" and set(a.flags).intersection(LOUD)
    ]
    left = [a for a in answers if a.leftovers]
    print(f"\nRefused files that left something behind: {len(left)}")
    print(f"Files wanted without a flag that got a loud one: {len(false_alarms)}")
    for answer in answers:
        is_flagged = answer.row.verdict != "accept_flag" or answer.row.reason in answer.flags
        if not answer.is_right or not is_flagged or answer.leftovers or answer in false_alarms:
            print(f"  {answer.row.file}: wanted {answer.row.verdict} {answer.row.reason}, got")
            print(f"    {answer.status} {answer.code} {answer.flags} {answer.pages} pages")
    flags_right = sum(a.row.reason in a.flags for a in flagged)
    seconds_max = max(a.seconds for a in answers)
    megabytes_max = max(a.megabytes for a in answers)
    result = {
        "accept": [sum(a.is_right for a in keepers), len(keepers)],
        "reject": [sum(a.is_right for a in refused), len(refused)],
        "flags": [flags_right, len(flagged)],
        "wrong_accepts": sum(a.is_kept for a in refused),
        "seconds_max": round(seconds_max, 2),
        "rss_mb_max": round(megabytes_max),
    }
    print(json.dumps(result))
    is_good = (
        all(a.is_right for a in answers)
        and not left
        and flags_right >= 0.95 * len(flagged)
        and seconds_max <= SECONDS_MOST
        and megabytes_max <= MEGABYTES_MOST
    )
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
