"""Every action is atomic, takes keywords only, names its actor and leaves a line in the record."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.rules.source import dotted, parse, python_files, shown

# Actions that change nothing that the record is about, with the reason.
NOT_RECORDED = {
    "save_draft": "autosave; the record tells of what is submitted",
    "begin_upload": "an unfinished upload is nothing yet; the record tells of the file attached",
    "receive_part": "the same",
    "cancel_upload": "the same",
    "sweep_uploads": "the same; the log has a line",
    "save_answers": "autosave; the record tells of what is submitted",
    "sketch_version": "numbers to find a text by; the comparison that follows is recorded",
    "keep_fits": "worked out from what is recorded already, and again at any time",
    "note_matching": "how far a worker is; asking and answering are recorded",
    "nudge_invitation": "a reminder moves nothing; the outbox keeps it",
}


def action_files() -> list[Path]:
    """``actions.py`` or the files of ``actions/`` in every package."""
    return [
        path
        for path in python_files()
        if path.name == "actions.py" or (path.parent.name == "actions" and path.stem != "__init__")
    ]


@cache
def functions(path: Path) -> dict[str, ast.FunctionDef]:
    """The module's own functions by name."""
    return {node.name: node for node in parse(path).body if isinstance(node, ast.FunctionDef)}


def public(path: Path) -> Iterator[ast.FunctionDef]:
    """The module's actions: what ``actions/__init__.py`` offers, or all of an ``actions.py``."""
    offered = None
    if path.parent.name == "actions":
        offered = exported(path.parent / "__init__.py")
    for name, node in functions(path).items():
        if name in offered if offered is not None else not name.startswith("_"):
            yield node


def exported(path: Path) -> set[str]:
    """The names of ``__all__``."""
    for node in parse(path).body:
        if isinstance(node, ast.Assign) and dotted(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def calls(node: ast.AST) -> set[str]:
    """The dotted names that a function calls."""
    return {dotted(inner.func) for inner in ast.walk(node) if isinstance(inner, ast.Call)}


def reaches_record(name: str, path: Path, seen: set[str] | None = None) -> bool:
    """Whether a function calls audit.record itself, or another function of ours that does."""
    seen = seen if seen is not None else set()
    key = f"{path}:{name}"
    if key in seen:
        return False
    seen.add(key)
    here = functions(path)
    if name not in here:
        return False
    called = calls(here[name])
    if "audit.record" in called:
        return True
    imported = imported_from(path)
    for call in called:
        last = call.split(".")[-1]
        if last in here and reaches_record(last, path, seen):
            return True
        for target in imported.get(call.split(".")[0], []):
            if reaches_record(last, target, seen):
                return True
    return False


def imported_from(path: Path) -> dict[str, list[Path]]:
    """Imported name -> files in which the name (or a function of that module) may be defined."""
    found: dict[str, list[Path]] = {}
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                targets = module_files(node.module) + module_files(f"{node.module}.{alias.name}")
                if targets:
                    found.setdefault(alias.asname or alias.name, []).extend(targets)
    return found


@cache
def module_files(module: str) -> list[Path]:
    """The files of one of our modules; a package gives all its files."""
    known = {
        shown(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
        for path in python_files()
    }
    if module not in known:
        return []
    path = known[module]
    return sorted(path.parent.glob("*.py")) if path.name == "__init__.py" else [path]


def test_every_action_leaves_a_line_in_the_record() -> None:
    silent = [
        shown(path, node.lineno) + f" {node.name}"
        for path in action_files()
        for node in public(path)
        if node.name not in NOT_RECORDED and not reaches_record(node.name, path)
    ]
    assert silent == []


def test_every_action_is_one_transaction() -> None:
    loose = [
        shown(path, node.lineno) + f" {node.name}"
        for path in action_files()
        for node in public(path)
        if "transaction.atomic" not in {dotted(mark) for mark in node.decorator_list}
        and not any(call.startswith("transaction.atomic") for call in calls(node))
    ]
    assert loose == []


def test_every_action_takes_keywords_only_and_an_actor() -> None:
    wrong = [
        shown(path, node.lineno) + f" {node.name}"
        for path in action_files()
        for node in public(path)
        if node.args.args
        or node.args.posonlyargs
        or "actor" not in {argument.arg for argument in node.args.kwonlyargs}
    ]
    assert wrong == []


def test_every_exception_is_an_action() -> None:
    names = {node.name for path in action_files() for node in public(path)}
    assert set(NOT_RECORDED) - names == set()
