"""Every address of the house, from the resolver and not from links that happen to be shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Route:
    """One named pattern with the names of its arguments."""

    name: str
    arguments: tuple[str, ...]


def routes() -> list[Route]:
    """All named routes of the resolver, namespaces included."""
    return sorted(set(_walk(get_resolver(), ())), key=lambda route: route.name)


def _walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from _walk(entry, inner)
        elif entry.name:
            arguments = tuple(entry.pattern.regex.groupindex)
            yield Route(":".join((*namespaces, entry.name)), arguments)


def addresses(route: Route, arguments: list[dict[str, Any]]) -> list[str]:
    """The addresses of a route for these arguments; a value its converter refuses is left out."""
    found = []
    for values in arguments:
        try:
            found.append(reverse(route.name, kwargs=values))
        except NoReverseMatch:
            continue
    return found
