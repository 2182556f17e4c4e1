"""What the words of a paper tell: title, abstract, line numbers, phrases meant for machines.

Plain text in, plain values out; guesses to spare the author some typing, never a judgement.
"""

import itertools
import re

from submissions.preflight.facts import DirectedPhrase
from submissions.preflight.words import joined

EXCERPT_CHARACTERS = 160

# Sentences that tell a language model what to think of the paper. A paper about such models may
# quote one in good faith, so an editor is shown it and nobody is refused for it.
_DIRECTED = re.compile(
    r"(?i)\b(?:"
    r"(?:ignore|disregard|forget)\s+(?:all\s+|any\s+)?(?:the\s+|of\s+the\s+|your\s+)?"
    r"(?:previous|prior|above|earlier|preceding)\s+(?:instructions?|prompts?|directions?)"
    r"|(?:give|write|provide|produce)\s+(?:only\s+)?an?\s+(?:strongly\s+|very\s+)?"
    r"(?:positive|favou?rable|glowing)\s+(?:peer\s+)?review"
    r"|(?:positive|favou?rable)\s+reviews?\s+only"
    r"|do\s+not\s+(?:highlight|mention|point\s+out|report)\s+(?:any\s+)?"
    r"(?:negatives?|weaknesses|limitations|flaws)"
    r"|(?:recommend|suggest)\s+(?:accepting|(?:its\s+)?acceptance)\b"
    r"|(?:note|message|instructions?)\s+(?:to|for)\s+(?:the\s+)?(?:llm|ai|language[\s-]model)s?"
    r"(?:\s+reviewers?)?"
    r"|(?:llm|ai|language[\s-]model)\s+reviewers?\s*[:,]"
    r"|if\s+you\s+are\s+an?\s+(?:ai|llm|(?:large\s+)?language\s+model)"
    r"|as\s+an?\s+(?:ai|large\s+language\s+model|language\s+model)\s*,\s+you\b"
    r")"
)
_ABSTRACT = re.compile(
    r"(?is)\babstract\b\s*[-—–:.]*\s*(.+?)(?=\n\s*(?:index\s+terms|key\s?words)\b"
    r"|\b(?:index\s+terms|key\s?words)\s*[-—–:]"
    r"|\n\s*(?:I|1)\.?\s+introduction\b|\n\s*introduction\s*\n|\Z)"
)
_LEADING_NUMBER = re.compile(r"^\s{0,12}(\d{1,4})(?:\s|$)")


def directed_phrases(pages: list[str]) -> list[DirectedPhrase]:
    """Phrases that address a machine, with the page (1 is the first) and a few words around."""
    found: dict[tuple[int, str], DirectedPhrase] = {}
    for number, text in enumerate(pages, start=1):
        joined = " ".join(text.split())
        for match in _DIRECTED.finditer(joined):
            start = max(0, match.start() - 40)
            excerpt = joined[start : start + EXCERPT_CHARACTERS]
            found.setdefault((number, match.group().lower()), DirectedPhrase(number, excerpt))
    return list(found.values())[:20]


def abstract_guess(first_page: str) -> str:
    """The words between "Abstract" and the index terms, hyphenation undone; or nothing."""
    match = _ABSTRACT.search(first_page[:20_000])
    if match is None:
        return ""
    text = joined(match.group(1).splitlines())
    return text if 40 <= len(text.split()) <= 600 else ""


def has_line_numbers(page: str) -> bool:
    """Do the lines of this page, in the order of the layout, begin with a rising count?"""
    numbers = [int(m.group(1)) for line in page.splitlines() if (m := _LEADING_NUMBER.match(line))]
    if len(numbers) < 15:
        return False
    rising = sum(1 for a, b in itertools.pairwise(numbers) if b - a in (1, 5))
    return rising >= 0.8 * (len(numbers) - 1)
