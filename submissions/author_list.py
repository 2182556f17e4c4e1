"""What the buttons and the paste box of the authors' screen do to the list, before it is saved."""

from collections.abc import Sequence
from dataclasses import replace

from submissions.actions.drafts import AuthorEntry
from submissions.name_list import PastedList


def arranged(entries: Sequence[AuthorEntry], act: str) -> list[AuthorEntry]:
    """The list after the pressed button: add, up-2, down-0, remove-1, move-3-0 (from, to)."""
    listed = list(entries)
    if act == "add":
        return [*listed, AuthorEntry(is_corresponding=not listed)]
    verb, *typed = act.split("-")
    places = [int(t) for t in typed if t.isascii() and t.isdecimal() and len(t) < 4]
    if len(places) != len(typed) or any(place >= len(listed) for place in places):
        return listed
    match verb, places:
        case "remove", [place]:
            del listed[place]
        case "up", [place] if place > 0:
            listed.insert(place - 1, listed.pop(place))
        case "down", [place] if place + 1 < len(listed):
            listed.insert(place + 1, listed.pop(place))
        case "move", [place, target]:
            listed.insert(target, listed.pop(place))
    return listed


def with_pasted(entries: Sequence[AuthorEntry], pasted: PastedList) -> list[AuthorEntry]:
    """The list with the pasted people behind it.

    Whoever is in the list already, by address, keeps their row; what it lacks is filled in. An
    empty row that was added and never used gives way.
    """
    listed = [entry for entry in entries if entry.email or entry.given_name or entry.family_name]
    rows = {entry.email.lower(): place for place, entry in enumerate(listed) if entry.email}
    for person in pasted.people:
        place = rows.get(person.email) if person.email else None
        if place is None:
            listed.append(
                AuthorEntry(
                    given_name=person.given_name,
                    family_name=person.family_name,
                    email=person.email,
                    institution=person.institution,
                    is_corresponding=not listed,
                )
            )
        elif not listed[place].institution:
            listed[place] = replace(listed[place], institution=person.institution)
    return listed


def told(before: int, after: int, pasted: PastedList) -> str:
    """What came of a paste, in a sentence or two."""
    added = after - before
    sentence = f"{added} {'author' if added == 1 else 'authors'} added." if added > 0 else ""
    if not sentence:
        sentence = "Nobody was added: everybody pasted is in the list already."
    if pasted.unread:
        shown = ", ".join(f"“{line}”" for line in pasted.unread[:5])
        if not pasted.people:
            return f"Nobody was added. These lines could not be read: {shown}."
        return f"{sentence} Not read: {shown}. Add these by hand."
    return sentence
