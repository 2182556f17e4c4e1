"""Plain words: where they are looked for, and which manuscript they fit best.

PostgreSQL reads whole words and their beginnings through full text indexes over the very same
expressions (migration 0008), in English for titles, abstracts and reviews and as they stand for
names; SQLite looks for the letters.
"""

import re
from typing import Any

from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVector,
    SearchVectorField,
)
from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast

from reviews.models import Review
from reviews.states import AssignmentState
from submissions.models import Author, Manuscript, Version

CONFIG, NAMES_CONFIG = "english", "simple"
# Shorter words are ends and particles that a full text index leaves out.
SHORT = 3


def holds_word(text: str) -> Q:
    """Is this word, or are these words in a row, in number, title, abstract, authors or reviews?

    A review counts once it is submitted. `text` is one word of the search, or what stood in
    quotation marks.
    """
    rule = Q(number__icontains=text)
    if len(text) <= SHORT:
        rule |= Q(present_round__version__title__icontains=text)
    reviews = Review.objects.filter(
        submitted_at__isnull=False,
        assignment__state__in=[AssignmentState.RETURNED, AssignmentState.CLOSED],
    )
    versions: QuerySet[Any]
    authors: QuerySet[Any]
    if connection.vendor == "postgresql":
        versions = Version.objects.annotate(
            words=SearchVector("title", "abstract", config=CONFIG)
        ).filter(words=_query(text, CONFIG))
        authors = Author.objects.annotate(
            words=SearchVector("given_name", "family_name", config=NAMES_CONFIG)
        ).filter(words=_query(text, NAMES_CONFIG))
        reviews = reviews.annotate(words=_json_words("answers")).filter(words=_query(text, CONFIG))
    else:
        versions = Version.objects.filter(Q(title__icontains=text) | Q(abstract__icontains=text))
        names = [Q(given_name__icontains=w) | Q(family_name__icontains=w) for w in text.split()]
        authors = Author.objects.filter(*names)
        reviews = reviews.annotate(words=Cast("answers", TextField())).filter(words__icontains=text)
    return (
        rule
        | Q(present_round__version__in=versions.order_by().values("pk"))
        | Q(present_round__version__in=authors.order_by().values("version"))
        | Q(pk__in=reviews.order_by().values("assignment__version__manuscript"))
    )


def by_fit(manuscripts: QuerySet[Manuscript], texts: list[str]) -> QuerySet[Manuscript]:
    """The best fit first: words of the title weigh more than words of the abstract.

    SQLite keeps the order of numbers.
    """
    if connection.vendor != "postgresql" or not texts:
        return manuscripts.order_by("number")
    query: SearchQuery = _query(texts[0], CONFIG)
    for text in texts[1:]:
        query = query | _query(text, CONFIG)
    title = SearchVector("present_round__version__title", weight="A", config=CONFIG)
    abstract = SearchVector("present_round__version__abstract", weight="B", config=CONFIG)
    return manuscripts.annotate(fit=SearchRank(title + abstract, query)).order_by("-fit", "number")


def _query(text: str, config: str) -> SearchQuery:
    if re.fullmatch(r"\w+", text):
        return SearchQuery(f"{text}:*", config=config, search_type="raw")
    kind = "phrase" if " " in text else "plain"
    return SearchQuery(text, config=config, search_type=kind)


def _json_words(column: str) -> Combinable:
    return Func(
        F(column),
        template="to_tsvector('english'::regconfig, %(expressions)s)",
        output_field=SearchVectorField(),
    )
