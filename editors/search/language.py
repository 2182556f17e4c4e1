"""From what is typed to a tree: words, ``field:value``, and / or / not, parentheses. Pure.

The grammar is read by lark. Side by side means *and*; ``or`` binds weaker than ``and``, ``not``
(or a minus sign) stronger. What stands in quotation marks is one word. Which fields there are is
none of the grammar's business.
"""

import re
from dataclasses import dataclass
from functools import cache

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

LENGTH_MAX = 1_000
DEPTH_MAX = 40

_QUOTED_OR_WORD = re.compile(r'[^\s()"]*"[^"]*"|[^\s()"]+')
_NO_VALUE = re.compile(r"[A-Za-z][A-Za-z_]*(\.[A-Za-z_]+)?:(>=|<=|!=|>|<|=)?")

_GRAMMAR = r"""
    start: [either]
    either: both (_OR both)*
    both: one (_AND? one)*
    ?one: _NOT one          -> negation
        | _MINUS one        -> negation
        | "(" either ")"
        | FIELD [OPERATOR] (VALUE | QUOTED) -> term
        | WORD              -> word
        | QUOTED            -> word

    FIELD.4: /[A-Za-z][A-Za-z_]*(\.[A-Za-z_]+)?:(?=\S)/
    OPERATOR.3: ">=" | "<=" | "!=" | ">" | "<" | "="
    _OR.3: /or(?=[\s()]|$)/i
    _AND.3: /and(?=[\s()]|$)/i
    _NOT.3: /not(?=[\s(])/i
    _MINUS.2: /-(?=[^\s])/
    QUOTED.2: /"[^"]*"/
    VALUE: /[^\s()"]+/
    WORD: /[^\s()":\-][^\s()"]*/
    %ignore /\s+/
"""


@dataclass(frozen=True)
class Word:
    """A word, or several in quotation marks, that must be found. `at` is where it begins."""

    text: str
    at: int = 0


@dataclass(frozen=True)
class Term:
    """``field:value`` or ``field:>=value``; `at` and `value_at` are where field and value begin."""

    field: str
    operator: str
    value: str
    at: int = 0
    value_at: int = 0


@dataclass(frozen=True)
class Not:
    """Whatever does not fit."""

    part: "Tree"


@dataclass(frozen=True)
class All:
    """Whatever fits each of these. Of none: everything."""

    parts: tuple["Tree", ...] = ()


@dataclass(frozen=True)
class Any:
    """Whatever fits one of these."""

    parts: tuple["Tree", ...]


Tree = Word | Term | Not | All | Any


class SearchFault(ValueError):
    """A text that is no search: what is wrong, from where to where."""

    def __init__(self, sentence: str, at: int, end: int) -> None:
        super().__init__(sentence)
        self.sentence, self.at, self.end = sentence, at, end


def parse(text: str) -> Tree:
    """The tree of a text; an empty one fits everything.

    Raises:
        SearchFault: too long, too deep, or no sentence of the language.
    """
    if len(text) > LENGTH_MAX:
        raise SearchFault(
            f"A search has room for {LENGTH_MAX:,} characters; this one has {len(text):,}.",
            LENGTH_MAX,
            len(text),
        )
    _check_marks(text)
    _check_values(text)
    try:
        read = _reader().parse(text)
    except UnexpectedInput as fault:
        raise _told(fault, text) from None
    return _Planter().transform(read)


@cache
def _reader() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=True)


def _check_marks(text: str) -> None:
    """Parentheses and quotation marks that do not close are the most common slip."""
    opened: list[int] = []
    quoted_at = -1
    for at, letter in enumerate(text):
        if letter == '"':
            quoted_at = at if quoted_at < 0 else -1
        elif quoted_at >= 0:
            continue
        elif letter == "(":
            opened.append(at)
            if len(opened) > DEPTH_MAX:
                raise SearchFault("The parentheses are nested too deep.", at, at + 1)
        elif letter == ")":
            if not opened:
                raise SearchFault("This parenthesis was never opened.", at, at + 1)
            opened.pop()
    if quoted_at >= 0:
        raise SearchFault("This quotation mark is never closed.", quoted_at, len(text))
    if opened:
        raise SearchFault("This parenthesis is never closed.", opened[-1], opened[-1] + 1)


def _check_values(text: str) -> None:
    """A field whose value is still to be typed."""
    for part in _QUOTED_OR_WORD.finditer(text):
        if _NO_VALUE.fullmatch(part[0]):
            raise SearchFault(f"After “{part[0]}” a value is missing.", part.start(), part.end())


def _told(fault: UnexpectedInput, text: str) -> SearchFault:
    # lark notes no type for it.
    found: int | None = getattr(fault, "pos_in_stream", None)
    end = len(text.rstrip())
    at = end if found is None else found
    if not 0 <= at < end:
        at = end
    if at == end:
        return SearchFault("The search breaks off here; a word is missing.", at, at)
    word = text[at:].split(maxsplit=1)[0]
    return SearchFault(f"“{word}” is not expected here.", at, at + len(word))


class _Planter(Transformer[Token, Tree]):
    """Turns what lark has read into our own tree."""

    def start(self, parts: list[Tree | None]) -> Tree:
        return parts[0] or All()

    def either(self, parts: list[Tree]) -> Tree:
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def both(self, parts: list[Tree]) -> Tree:
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def negation(self, parts: list[Tree]) -> Tree:
        return Not(parts[0])

    def word(self, parts: list[Token]) -> Tree:
        return Word(_bare(parts[0]), _at(parts[0]))

    def term(self, parts: list[Token | None]) -> Tree:
        field, operator, value = parts
        assert field is not None
        assert value is not None
        return Term(
            field=field[:-1].lower(),
            operator=str(operator or "="),
            value=_bare(value),
            at=_at(field),
            value_at=_at(value),
        )


def _bare(token: Token) -> str:
    return token[1:-1] if token.type == "QUOTED" else str(token)


def _at(token: Token) -> int:
    return token.start_pos or 0
