"""How long ten thousand people with publications take from the file into the pool.

    make -s bench NAME=pool            # 10,000 people; ARGS=2000 for another number

The file is CSV with five publications a person, abstracts and co-authors among them, and goes the
whole way on SQLite: read, compared with everybody known, noted line by line, confirmed, written.
The last row imports the same file again, when everybody is known. The last line is JSON: seconds
from the upload to the last person written, and the most memory that the process had.
"""

# ruff: noqa: E402 - Django is set up before its models are imported.

from __future__ import annotations

import csv
import json
import os
import resource
import sys
import time
from collections.abc import Callable
from io import StringIO
from random import Random

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import django

django.setup()

from django.core.management import call_command

from accounts.models import User
from bench import words
from bench.people import domain_of, institution_of
from reviews import actions
from reviews.actions import imports
from reviews.models import PoolImport, Publication
from tests.people import make_person, open_the_issue
from tmi_special_issue import clock
from tmi_special_issue.models import SpecialIssue

PAPERS = 5
COLUMNS = (
    "email",
    "given_name",
    "family_name",
    "country",
    "institution",
    "mail_domain",
    "topics",
    "paper_title",
    "paper_year",
    "paper_doi",
    "paper_abstract",
    "paper_coauthors",
)


def the_file(count: int) -> bytes:
    """CSV of invented people with their publications, a row each."""
    random, text = Random(7), StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for number in range(count):
        theme = number % len(words.THEMES)
        for place in range(PAPERS):
            writer.writerow(
                (
                    f"person{number}@{domain_of(number)}",
                    f"Given{number}",
                    f"Family{number}",
                    "NO",
                    institution_of(number),
                    domain_of(number),
                    "human-feedback",
                    f"{words.title(random, theme)} {number}.{place}",
                    2024 - place,
                    f"10.5555/{number}.{place}",
                    words.abstract(random, theme)[:600],
                    "; ".join(f"Author {random.randrange(20_000)}" for _ in range(3)),
                )
            )
    return text.getvalue().encode()


def main(count: int) -> None:
    """Measure, print a table, and one line of JSON."""
    call_command("migrate", verbosity=0)
    issue = open_the_issue()
    office = make_person("ivo", issue)
    content = the_file(count)
    print(f"{'step':<34}{'people':>8}{'seconds':>9}")
    seconds = _import(issue, office, content, "into an empty pool")
    assert User.objects.filter(email__startswith="person").count() == count
    assert Publication.objects.count() == count * PAPERS
    _import(issue, office, content, "again, everybody known")
    assert Publication.objects.count() == count * PAPERS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'file':<34}{len(content) / 1024**2:>14.1f} MB")
    print(json.dumps({"people": count, "seconds": round(seconds, 1), "rss_mb": round(peak)}))


def _import(issue: SpecialIssue, office: User, content: bytes, words_for_it: str) -> float:
    began = time.perf_counter()
    made = actions.begin_import(actor=office, issue=issue, content=content, name="people.csv")
    _timed("read and compare", made, lambda: actions.read_import(actor="b:b", pool_import=made))
    actions.confirm_import(actor=office, pool_import=made)
    _timed("write", made, lambda: actions.write_import(actor="b:b", pool_import=made))
    seconds = time.perf_counter() - began
    made.refresh_from_db()
    assert made.state == "done", made.failure
    print(f"{words_for_it:<34}{made.total_count:>8}{seconds:>9.1f}")
    return seconds


def _timed(step: str, made: PoolImport, act: Callable[[], object]) -> None:
    began = time.perf_counter()
    act()
    made.refresh_from_db()
    print(f"  {step:<32}{made.total_count:>8}{time.perf_counter() - began:>9.1f}")


if __name__ == "__main__":
    imports.BYTES_AT_ONCE = imports.PEOPLE_AT_ONCE = 0
    with clock.frozen_at(clock.real_now()):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
