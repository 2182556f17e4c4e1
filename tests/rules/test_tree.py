"""What is shipped names no machine, no registry and no drawer for everything."""

from __future__ import annotations

import re

from tests.rules.source import ROOT, shown, tracked_files

# Written so that this file does not find itself.
REGISTRY = re.compile(r"//[a-z.]*(pypi|npm|debian)[a-z.]*/")
MACHINE = re.compile(r"(^|[ \"'=(])/(work|root|home/[a-z]+|Users)/")
SECRET = re.compile(r"AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY-----|ghp_[A-Za-z0-9]{30}")
DRAWERS = {"core", "common", "utils", "util", "helpers", "helper", "misc", "base_utils", "managers"}
BINARY = {".png", ".jpg", ".woff2", ".ico", ".pdf", ".gz", ".br", ".webp", ".ttf", ".otf"}


def lines() -> list[tuple[str, int, str]]:
    """Every line of every text file that git would ship, vendored files left out."""
    found = []
    for path in tracked_files():
        if path.suffix in BINARY or "vendor" in path.parts:
            continue
        text = path.read_text("utf-8", errors="replace")
        found += [(shown(path), number, line) for number, line in enumerate(text.splitlines(), 1)]
    return found


def test_no_line_names_a_registry_or_a_machine() -> None:
    found = [
        f"{name}:{number}"
        for name, number, line in lines()
        if REGISTRY.search(line) or MACHINE.search(line)
    ]
    assert found == []


def test_no_secret_is_shipped() -> None:
    assert [f"{name}:{number}" for name, number, line in lines() if SECRET.search(line)] == []


def test_the_corpora_are_named_in_tests_and_benchmarks_only() -> None:
    folder = "../sha" + "red"
    tops = {name.split("/")[0] for name, _, line in lines() if folder in line}
    assert tops - {"tests", "bench", "scripts"} == set()


def test_no_file_is_a_drawer_for_everything() -> None:
    found = [
        shown(path)
        for path in tracked_files()
        if path.suffix == ".py" and (path.stem in DRAWERS or path.parent.name in DRAWERS)
    ]
    assert found == []


def test_nothing_of_a_run_is_shipped() -> None:
    state = {"var", ".venv", "node_modules", "__pycache__", ".env"}
    found = [shown(p) for p in tracked_files() if state & set(p.relative_to(ROOT).parts)]
    assert found == []
