"""Review care: what a careful colleague would say before a review is filed (`domain.md` D).

Advice, never a block. Pure: the answers and what is known of their writer in, sentences out. The
words found are quoted, so that the writer sees at once whether the advice is mistaken.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from statistics import fmean

from reviews.comments import parts_of
from reviews.sheet import Answers, Context, Kind, Sheet, asked, open_to_author

SHORT_WORDS = 150
LOW, HIGH = 2.5, 3.75
REPEATED_WORDS = 7

ACCEPTING = frozenset({"accept", "minor_revision"})
REJECTING = frozenset({"reject", "reject_other_journal"})


@dataclass(frozen=True, slots=True)
class Writer:
    """What gives the writer of a review away: names, institutions, addresses, own work.

    `publications` are pairs of title and DOI, either of them perhaps "".
    """

    given_name: str = ""
    family_name: str = ""
    addresses: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    publications: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice and the question that it is about."""

    key: str
    sentence: str

    @property
    def url(self) -> str:
        return f"#id_{self.key}"


def advice_on(sheet: Sheet, answers: Answers, context: Context, writer: Writer) -> list[Advice]:
    """Everything worth a second look, in the order in which it matters."""
    return [
        *_of_identity(sheet, answers, writer),
        *_of_confidence(sheet, answers),
        *_of_agreement(sheet, answers, context),
        *_of_own_work(sheet, answers, writer),
        *_of_substance(sheet, answers),
    ]


# --- Who wrote it -----------------------------------------------------------------------------

_OWN = re.compile(
    r"\b(?:my|our)\s+(?:(?:own|recent|earlier|previous|prior|published|former|\d{4})\s+){0,3}"
    r"(?:papers?|works?|articles?|publications?|groups?|lab(?:oratory)?|hospital|department|"
    r"institute|thesis)\b",
    re.IGNORECASE,
)


def _of_identity(sheet: Sheet, answers: Answers, writer: Writer) -> Iterator[Advice]:
    for key, text in _open_texts(sheet, answers):
        plain = _plain(text)
        found = [
            *(name for name in (writer.family_name,) if _stands_as_name(name, text)),
            *(a for a in writer.addresses if a and _plain(a) in plain),
            *(i for i in writer.institutions if len(i) > 3 and _has_words(i, plain)),
        ]
        for words in dict.fromkeys(found):
            yield Advice(
                key, f"“{words}” stands in what the authors read: it may tell who you are."
            )
        own = _OWN.search(text)
        if own:
            yield Advice(
                key, f"“{_line(own[0])}” stands in what the authors read: it may tell who you are."
            )


def _stands_as_name(name: str, text: str) -> bool:
    """As a word of its own and with its capital: Dr. Good writes of good work without harm."""
    if len(name) < 2:
        return False
    written = _without_marks(text)
    return bool(re.search(rf"(?<!\w){re.escape(_without_marks(name))}(?!\w)", written))


# --- What was meant for the editors --------------------------------------------------------------

_VERDICT = re.compile(
    r"\b(?:recommend|suggest|propose|vote)\w*\b[^.!?\n]{0,60}?"
    r"\b(?:accept(?:ance|ed|ing)?|reject(?:ion|ed|ing)?)\b",
    re.IGNORECASE,
)


def _of_confidence(sheet: Sheet, answers: Answers) -> Iterator[Advice]:
    hidden = [
        str(answers[question.key])
        for question in sheet.questions
        if question.kind is Kind.LONG_TEXT
        and not question.author_sees
        and answers.get(question.key)
    ]
    secret = {run for text in hidden for run in _runs(text)}
    for key, text in _open_texts(sheet, answers):
        repeated = next((run for run in _runs(text) if run in secret), None)
        if repeated:
            yield Advice(
                key,
                f"“{' '.join(repeated)}…” stands in your confidential comments and also in what "
                "the authors read.",
            )
        verdict = _VERDICT.search(text)
        if verdict:
            yield Advice(
                key,
                f"“{_line(verdict[0])}” tells the authors your recommendation, which is meant for "
                "the editors alone.",
            )


def _runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", _plain(text))
    return [tuple(words[i : i + REPEATED_WORDS]) for i in range(len(words) - REPEATED_WORDS + 1)]


# --- Scores and recommendation -------------------------------------------------------------------


def _of_agreement(sheet: Sheet, answers: Answers, context: Context) -> Iterator[Advice]:
    recommendation = answers.get("recommendation")
    ratings = [
        int(answers[question.key])
        for question in asked(sheet, answers, context)
        if question.kind is Kind.RATING and question.key in answers
    ]
    if not recommendation or not ratings:
        return
    mean = fmean(ratings)
    if recommendation in ACCEPTING and mean <= LOW:
        yield Advice(
            "recommendation",
            f"You recommend acceptance, and your ratings are {mean:.1f} of 5 in the mean.",
        )
    if recommendation in REJECTING and mean >= HIGH:
        yield Advice(
            "recommendation",
            f"You recommend rejection, and your ratings are {mean:.1f} of 5 in the mean.",
        )
    unmet = [
        question.label
        for question in sheet.questions
        if question.key.endswith("_met") and answers.get(question.key) == "no"
    ]
    if recommendation == "accept" and unmet:
        yield Advice("recommendation", f"You recommend to accept, and answer “No” to: {unmet[0]}")


# --- Own work among the references ---------------------------------------------------------------


def _of_own_work(sheet: Sheet, answers: Answers, writer: Writer) -> Iterator[Advice]:
    titles = [_bare(title) for title, _ in writer.publications if len(_bare(title)) > 15]
    dois = [doi.casefold() for _, doi in writer.publications if doi]
    for question in sheet.questions:
        if question.kind is not Kind.REFERENCES:
            continue
        lines = [str(line) for line in answers.get(question.key, [])]
        own = [
            line
            for line in lines
            if any(title in _bare(line) for title in titles)
            or any(doi in line.casefold() for doi in dois)
            or _stands_as_name(writer.family_name, line)
        ]
        if own:
            yield Advice(
                question.key,
                f"{len(own)} of {len(lines)} suggested references may be your own, such as "
                f"“{_line(own[0])}”. Ask for them only where the manuscript needs them.",
            )


# --- Enough to act on ----------------------------------------------------------------------------


def _of_substance(sheet: Sheet, answers: Answers) -> Iterator[Advice]:
    texts = dict(_open_texts(sheet, answers))
    words = sum(len(text.split()) for text in texts.values())
    for question in sheet.questions:
        if question.kind is not Kind.LONG_TEXT or not question.author_sees:
            continue
        text = str(answers.get(question.key, ""))
        for heading in _empty_headings(text, question.headings):
            yield Advice(question.key, f"Nothing stands under the heading “{heading}”.")
        if text and words < SHORT_WORDS:
            yield Advice(
                question.key,
                f"The authors get {words} words. Is it enough to act on, or to learn from?",
            )
        is_listed = parts_of(text, question.headings)[0] or answers.get("remarks")
        if text and answers.get("recommendation") == "reject_resubmit" and not is_listed:
            yield Advice(
                question.key,
                "You ask for a major revision without a numbered list: authors answer point by "
                "point.",
            )


def _empty_headings(text: str, headings: Sequence[str]) -> list[str]:
    known = {_heading(heading): heading for heading in headings}
    lines = [line for line in text.splitlines() if line.strip()]
    return [
        known[_heading(line)]
        for line, after in zip_longest(lines, lines[1:], fillvalue="")
        if _heading(line) in known and (not after or _heading(after) in known)
    ]


# --- Words -----------------------------------------------------------------------------------


def _open_texts(sheet: Sheet, answers: Answers) -> Iterator[tuple[str, str]]:
    """What the authors will read of the writer's own words; quotations are the authors' words."""
    for answer in open_to_author(sheet, answers):
        if answer.remarks:
            yield answer.question.key, "\n".join(remark.text for remark in answer.remarks)
        elif answer.question.kind in {Kind.TEXT, Kind.LONG_TEXT}:
            yield answer.question.key, answer.text


def _has_words(phrase: str, plain: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(_plain(phrase))}(?!\w)", plain))


def _without_marks(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _plain(text: str) -> str:
    return " ".join(_without_marks(text).casefold().split())


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", _plain(text))


def _heading(line: str) -> str:
    return _plain(re.sub(r"\(.*?\)", "", line).strip(" \t#*_:"))


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else f"{line[:89].rstrip()}…"
