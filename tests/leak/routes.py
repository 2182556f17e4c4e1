"""Every address of the house, from the resolver and not from links that happen to be shown."""

import itertools
from collections.abc import Callable, Iterator
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


# For each argument name, the values that exist in the world plus values that do not.
Provider = Callable[[str], list[Any]]


def addresses(route: Route, provider: Provider) -> list[str]:
    """Every address of a route for the provider's values. Fails when a value has no provider."""
    if not route.arguments:
        return [reverse(route.name)]
    choices = [provider(name) for name in route.arguments]
    found = []
    for values in itertools.product(*choices):
        try:
            found.append(
                reverse(route.name, kwargs=dict(zip(route.arguments, values, strict=True)))
            )
        except NoReverseMatch:
            continue
    return found
