"""A lower package never uses a name that a foreign key of a higher one hangs onto its models.

``manuscript.handlings`` inside ``submissions`` would be an upward dependency without an import,
in Python, in a query string or in a template (`architecture.md` 2).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db.models import Model

from tests.rules.source import PACKAGES, parse, python_files, shown, templates

QUERY_STRING = re.compile(r"-?[a-z]\w*(__\w+)*")
LEVEL = {package: number for number, package in enumerate(PACKAGES)}


def package_of(model: type[Model]) -> str:
    """The package in which a model lives; its label may differ from its name."""
    return model._meta.app_config.name if model._meta.app_config else ""


def reverse_names() -> dict[str, set[str]]:
    """Reverse name -> packages that define it, where the definer is above the owner."""
    found: dict[str, set[str]] = {}
    for model in apps.get_models():
        owner = package_of(model)
        if owner not in LEVEL:
            continue
        for relation in model._meta.related_objects:
            definer = package_of(relation.related_model)
            if definer in LEVEL and LEVEL[definer] > LEVEL[owner] and not relation.hidden:
                name = relation.get_accessor_name()
                if name:
                    found.setdefault(name, set()).add(definer)
    return found


def lowest_level(name: str, definers: set[str]) -> int:
    """The lowest package that may use a reverse name."""
    return min(LEVEL[definer] for definer in definers)


def own_names(package: str) -> set[str]:
    """Field names and reverse names that a package or one below it defines itself."""
    names: set[str] = set()
    for model in apps.get_models():
        if LEVEL.get(package_of(model), 99) <= LEVEL[package]:
            names |= {field.name for field in model._meta.fields + model._meta.many_to_many}
    return names


def used_in_python(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every attribute, and every word of a query string or keyword (``a__b=``)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.keyword) and node.arg:
            for word in node.arg.split("__"):
                yield node.value.lineno, word
        elif isinstance(node, ast.Constant) and QUERY_STRING.fullmatch(str(node.value)):
            for word in str(node.value).lstrip("-").split("__"):
                yield node.lineno, word


def used_in_template(text: str) -> Iterator[tuple[int, str]]:
    """Every name after a dot inside a template tag or variable."""
    for number, line in enumerate(text.splitlines(), start=1):
        for tag in re.findall(r"\{[{%](.*?)[%}]\}", line):
            for word in re.findall(r"\.([a-z_]\w*)", tag):
                yield number, word


def package_of_template(path: Path) -> str | None:
    """The package whose pages a template draws; None for shared ones."""
    folder = path.parts[path.parts.index("templates") + 1]
    return folder if folder in LEVEL else None


def test_no_package_uses_a_reverse_name_from_above() -> None:
    names = reverse_names()
    assert "assignments" in names, "the rule must know the house's own example"
    found = []
    for package in PACKAGES:
        own = own_names(package)
        above = {
            name
            for name, definers in names.items()
            if lowest_level(name, definers) > LEVEL[package] and name not in own
        }
        for path in python_files(package):
            found += [
                f"{shown(path, line)} {word}"
                for line, word in used_in_python(parse(path))
                if word in above
            ]
        for path in templates():
            if package_of_template(path) == package:
                found += [
                    f"{shown(path, line)} {word}"
                    for line, word in used_in_template(path.read_text("utf-8"))
                    if word in above
                ]
    assert found == []


def test_every_foreign_key_upwards_has_a_name_of_its_own() -> None:
    """A default name such as ``assignment_set`` could not be told from other attributes."""
    default = [name for name in reverse_names() if name.endswith("_set")]
    assert default == []


def test_the_rule_sees_each_way_of_using_a_name() -> None:
    python = ast.parse(
        "version.assignments\nq.filter(assignments__state=1)\nq.order_by('-assignments__id')\n"
    )
    assert [line for line, word in used_in_python(python) if word == "assignments"] == [1, 2, 3]
    template = "{% for a in version.assignments.all %}\n{{ version.assignments.count }}"
    assert [line for line, word in used_in_template(template) if word == "assignments"] == [1, 2]
