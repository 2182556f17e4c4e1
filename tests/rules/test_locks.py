"""The two locks: hashed, without a host name, and of one mind."""

from __future__ import annotations

import re
import tomllib

from tests.rules.source import ROOT

PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^ \\;]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """Package -> version of a lock."""
    return dict(PIN.findall((ROOT / name).read_text()))


def test_every_package_has_a_hash() -> None:
    for name in ("requirements.lock", "requirements.production.lock"):
        blocks = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text().strip())
        assert [block.split("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_a_lock_names_no_host() -> None:
    for name in ("requirements.lock", "requirements.production.lock"):
        assert "://" not in (ROOT / name).read_text()


def test_production_runs_the_versions_that_are_tested() -> None:
    tested, shipped = pins("requirements.lock"), pins("requirements.production.lock")
    assert {name: tested.get(name) for name in shipped} == shipped


def test_production_holds_every_dependency_and_no_test_tool() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    shipped = set(pins("requirements.production.lock"))
    bare = re.compile(r"^[A-Za-z0-9._-]+")

    def names(requirements: list[str]) -> set[str]:
        found = (bare.match(line) for line in requirements)
        return {match[0].lower().replace("_", "-") for match in found if match}

    assert names(project["dependencies"]) - shipped == set()
    tools = {"pytest-django", "mypy", "ruff", "playwright", "moto"}
    assert tools & shipped == set()
