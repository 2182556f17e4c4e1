"""What may stand next in a search: fields, then the values of a field."""

import re
from dataclasses import dataclass

from editors.search.fields import FIELDS, Context

SHOWN_MAX = 12
_LAST = re.compile(r'[^\s()"]*("[^"]*)?\Z')


@dataclass(frozen=True)
class Completion:
    """The whole text as it would read, and what the last word means."""

    text: str
    means: str


def completions(text: str, context: Context) -> list[Completion]:
    """At most a dozen ways to go on with the last word that is being typed."""
    found = _LAST.search(text)
    last = found[0] if found else ""
    before = text[: len(text) - len(last)]
    sign, word = ("-", last[1:]) if last.startswith("-") else ("", last)
    name, colon, value = word.partition(":")
    if not word:
        return []
    if not colon:
        offered = {f"{f.name}:": f"{f.help}, as in {f.example}" for f in FIELDS.values()}
        offered |= {f"score.{key}:": words for key, words in context.scores.items()}
    else:
        field = FIELDS.get(name.lower())
        if field is None:
            return []
        values = field.values(context)
        offered = {f"{field.name}:{_quoted(code)}": words for code, words in values.items()}
        bare = value.removeprefix('"')
        word = f"{field.name}:{bare}"
    return [
        Completion(f"{before}{sign}{whole}", means)
        for whole, means in offered.items()
        if whole.replace('"', "").startswith(word.lower()) and whole != word
    ][:SHOWN_MAX]


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value
