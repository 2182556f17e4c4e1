"""The source tree as the rules see it."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Low to high: a package may import those before it.
PACKAGES = ("tmi_special_issue", "accounts", "submissions", "reviews", "editors")


def python_files(*packages: str) -> Iterator[Path]:
    """Our modules, migrations left out."""
    for package in packages or PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def templates() -> list[Path]:
    """Every template and mail text."""
    return sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())


def tracked_files() -> list[Path]:
    """What git would ship: committed or about to be, and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in listed if (ROOT / name).is_file()]


def parse(path: Path) -> ast.Module:
    """The syntax tree of a module."""
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def shown(path: Path, line: int | None = None) -> str:
    """The place as an editor opens it: ``reviews/actions.py:12``."""
    place = str(path.relative_to(ROOT))
    return f"{place}:{line}" if line else place


def dotted(node: ast.expr) -> str:
    """``a.b.c`` for a chain of names, else an empty string."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""
