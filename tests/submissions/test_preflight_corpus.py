"""The preflight on a corpus of real and made PDFs, each with the verdict that is wanted.

The corpus lies beside the repository and is not part of it; without it these tests are skipped.
Two files are inspected at a time, all of them once, before the first test reads an answer.
"""

import csv
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

from submissions.checks import FileReport, PdfRules, examine_pdf
from submissions.preflight import Facts, cleaner, inspect

CORPUS = Path(__file__).resolve().parents[3] / "shared/data/uploads"
MANIFEST = CORPUS / "manifest.csv"
# The corpus has papers of up to 101 pages that must be kept, so no limit of a round applies.
RULES = PdfRules(page_limit=None)
SECONDS = 10.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not MANIFEST.exists(), reason="THE UPLOAD CORPUS IS NOT HERE"),
]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the manifest."""

    file: str
    verdict: str
    reason: str
    why: str

    @property
    def path(self) -> Path:
        return CORPUS / self.file

    @property
    def is_pdf_slot(self) -> bool:
        """Zip and Word files have verdicts for other slots; here they are refused."""
        return self.file.lower().endswith(".pdf")


@dataclass(frozen=True, slots=True)
class Answer:
    facts: Facts
    report: FileReport
    seconds: float


def rows() -> list[Row]:
    if not MANIFEST.exists():
        return []
    with MANIFEST.open(encoding="utf-8", newline="") as file:
        return [
            Row(row["file"], row["verdict"], row["reason_code"], row["why"])
            for row in csv.DictReader(file)
        ]


ROWS = rows()


def having(*verdicts: str) -> list[Row]:
    return [row for row in ROWS if row.verdict in verdicts and row.is_pdf_slot]


def name_of(row: Row) -> str:
    return row.file


def ask(row: Row) -> Answer:
    begun = time.monotonic()
    facts = inspect(row.path)
    return Answer(facts, examine_pdf(facts, RULES), time.monotonic() - begun)


@pytest.fixture(scope="module")
def answers() -> Iterator[dict[str, Answer]]:
    with ThreadPoolExecutor(2) as pool:
        yield dict(zip((row.file for row in ROWS), pool.map(ask, ROWS), strict=True))


@pytest.mark.parametrize("row", having("reject"), ids=name_of)
def test_refused(row: Row, answers: dict[str, Answer]) -> None:
    refusal = answers[row.file].report.refusal
    assert refusal is not None
    assert refusal.sentence.startswith("Main manuscript: ")


@pytest.mark.parametrize("row", having("accept", "accept_flag"), ids=name_of)
def test_accepted_with_the_pages_of_the_manifest(row: Row, answers: dict[str, Answer]) -> None:
    answer = answers[row.file]
    assert answer.report.refusal is None
    wanted = re.match(r"(\d+) page\(s\)", row.why)
    if wanted:
        assert answer.facts.pages == int(wanted.group(1))
    if row.verdict == "accept_flag":
        assert row.reason in answer.report.flags


@pytest.mark.parametrize("row", [r for r in ROWS if not r.is_pdf_slot], ids=name_of)
def test_other_kinds_of_file_are_no_manuscript(row: Row, answers: dict[str, Answer]) -> None:
    if row.file.endswith(".PDF"):
        pytest.fail("an ending in capitals is a PDF like any other")
    refusal = answers[row.file].report.refusal
    assert refusal is not None
    assert refusal.code == "not_pdf"


def test_doubtful_files_get_the_same_answer_again(answers: dict[str, Answer]) -> None:
    doubtful = having("either")
    with ThreadPoolExecutor(2) as pool:
        again = list(pool.map(ask, doubtful))
    for row, answer in zip(doubtful, again, strict=True):
        assert answer.facts == answers[row.file].facts, row.file


def test_every_answer_comes_in_time(answers: dict[str, Answer]) -> None:
    late = {file: answer.seconds for file, answer in answers.items() if answer.seconds > SECONDS}
    assert late == {}
    assert {a.facts.trouble for a in answers.values()} == {""}


def test_served_copies_of_kept_files_are_sound(answers: dict[str, Answer], tmp_path: Path) -> None:
    """Doubtful files may fail to be cleaned, which refuses them; the others may not."""
    kept = [row for row in ROWS if row.is_pdf_slot and answers[row.file].report.is_accepted]

    def fault(row: Row) -> str:
        path = tmp_path / row.path.name
        try:
            # In this process: the files were found harmless, and starting up would be half the
            # time. The confined way is in `test_preflight.py`.
            cleaner.clean(row.path, path)
        except (ValueError, pikepdf.PdfError):
            return "" if row.verdict == "either" else f"{row.file}: no copy"
        checked = subprocess.run(
            ["qpdf", "--check", str(path)], capture_output=True, text=True, check=False
        )
        return "" if checked.returncode == 0 else f"{row.file}: {checked.stdout}{checked.stderr}"

    assert [found for row in kept if (found := fault(row))] == []
