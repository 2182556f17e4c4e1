"""Leaks that are put into the product on purpose, for as long as a test lasts.

The suite is a net; each mutation is a fish that it must catch. They are what has gone wrong
elsewhere (`security.md` 1 and 3.5) and are made from outside, by replacing a function of the
product: nothing in the product knows of them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pikepdf
import pytest
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from rest_framework.response import Response

from editors.models import Decision
from editors.queries import current_letter
from reviews.models import Assignment, Review
from reviews.states import AssignmentState
from submissions.models import Manuscript, Version
from tests.leak import before_after
from tests.leak.crawl import crawl, only, read_mails
from tests.leak.world import FAMILY, World

NAME, ADDRESS = FAMILY["rui"], "rui@saolazaro.example"
AUTHORS_PAGE = "submissions:show"

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch, World], None]
Check = Callable[[World], list[str]]


@dataclass(frozen=True)
class Mutation:
    """A leak: how it is planted, and the check that must turn red."""

    name: str
    plant: Plant
    check: Check


# ---------------------------------------------------------------- the checks, narrowed


def crawled(visitor: str, *names: str, **options: Any) -> Check:
    """The crawl, as one visitor over a few routes."""
    return lambda world: crawl(world, [visitor], choice=only(*names), **options).faults


def mailed(world: World) -> list[str]:
    """All waiting mails, sent and read."""
    return [str(leak) for leak in read_mails(world).leaks]


def released(world: World) -> list[str]:
    """The held decision is let out: what stays secret after that, in the mails and the letter?"""
    story = world.story
    story.decide(world.undecided, "reject")
    kept = [c for c in world.canaries if c.asset.startswith(("confidential", "family", "address"))]
    narrowed = replace(world, canaries=kept)
    seen = crawl(narrowed, ["ada"], choice=only("submissions:correspondence")).faults
    return [*mailed(narrowed), *seen]


def noticed(visitor: str, *names: str) -> Check:
    """Does the visitor notice that a review comes in?"""

    def check(world: World) -> list[str]:
        door = names[0].partition(":")[0]
        before = before_after.pages(world, {visitor: (door,)}, names)
        deliver = _deliver_sols_review(world)
        return before_after.differences(world, before, deliver)

    return check


def noticed_by_the_author_among_editors(world: World) -> list[str]:
    """Does an editor notice that the own manuscript gets another reviewer?"""
    before = before_after.pages(world, {"eva": ("desk",)}, ["desk:panel"])
    return before_after.differences(
        world, before, lambda: world.story.invite(world.own, ["pia"], editor="lia")
    )


def _deliver_sols_review(world: World) -> Callable[[], object]:
    return lambda: world.story.deliver(world.sent_back, "sol", "reject", "Zqxnew words")


# ---------------------------------------------------------------- how leaks are planted


def replaced(where: str, make: Callable[[Any, World], Any]) -> Plant:
    """Put something else in the place of a dotted name; `make` gets what stood there."""

    def plant(patch: Patch, world: World) -> None:
        owner, _, name = where.rpartition(".")
        try:
            target = import_module(owner)
        except ModuleNotFoundError:
            module, _, cls = owner.rpartition(".")
            target = getattr(import_module(module), cls)
        patch.setattr(target, name, make(getattr(target, name), world))

    return plant


def on_page(module: str, words: Callable[[World], str]) -> Plant:
    """Every page that a module of views renders ends with these words."""

    def make(render: Callable[..., HttpResponse], world: World) -> Callable[..., HttpResponse]:
        def rendered(*args: Any, **kwargs: Any) -> HttpResponse:
            response = render(*args, **kwargs)
            response.content += words(world).encode()
            return response

        return rendered

    return replaced(f"{module}.render", make)


def in_header(module: str, name: str, value: Callable[[World], str]) -> Plant:
    """Every page that a module of views renders has this header."""

    def make(render: Callable[..., HttpResponse], world: World) -> Callable[..., HttpResponse]:
        def rendered(*args: Any, **kwargs: Any) -> HttpResponse:
            response = render(*args, **kwargs)
            response.headers[name] = value(world)
            return response

        return rendered

    return replaced(f"{module}.render", make)


def pdf_with(stream: str = "", author: str = "") -> bytes:
    """A PDF with words in a compressed stream, or in its properties."""
    made = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        words = f"BT ({stream}) Tj ET".encode() * 20
        document.pages[0].Contents = document.make_stream(words)
        if author:
            document.docinfo["/Author"] = author
        document.save(made, compress_streams=True)
    return made.getvalue()


def letters_are(**content: str) -> Plant:
    """Whatever file an author opens is this PDF."""

    def make(_: Any, __: World) -> Callable[..., HttpResponse]:
        body = pdf_with(**content)
        return lambda *args, **kwargs: HttpResponse(body, content_type="application/pdf")

    return replaced("tmi_special_issue.files.respond", make)


def _mail_with(change: Callable[[EmailMultiAlternatives], None]) -> Plant:
    class Changed(EmailMultiAlternatives):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            change(self)

    return replaced("tmi_special_issue.outbox.EmailMultiAlternatives", lambda *_: Changed)


def _reply_to_the_reviewer(mail: EmailMultiAlternatives) -> None:
    mail.reply_to = [ADDRESS]


def _message_id_of_the_reviewer(mail: EmailMultiAlternatives) -> None:
    mail.extra_headers["Message-ID"] = f"<{hashlib.sha256(ADDRESS.encode()).hexdigest()}@x>"


def _copy_to_the_reviewer(mail: EmailMultiAlternatives) -> None:
    mail.cc = [*mail.cc, ADDRESS]


def _forbidden_instead_of_absent(find: Any, _: World) -> Callable[..., Manuscript]:
    def found(request: HttpRequest, public_id: str) -> Any:
        if Manuscript.objects.filter(public_id=public_id).exists():
            try:
                return find(request, public_id)
            except Exception as error:
                raise PermissionDenied from error
        return find(request, public_id)

    return found


def _everything_is_visible(_: Any, world: World) -> Callable[..., Any]:
    return lambda *args, **kwargs: Manuscript.objects.filter(issue=world.story.issue)


def _all_assignments(_: Any, __: World) -> Callable[..., Any]:
    shown = Assignment.objects.exclude(state=AssignmentState.SELECTED)
    return lambda *args, **kwargs: shown.select_related("reviewer", "version__manuscript__issue")


def _all_of_the_links_reviewer(find: Any, world: World) -> Callable[..., Any]:
    """A link opens everything of its reviewer, not the one assignment."""

    def found(visitor: Any, scope: Any = ()) -> Any:
        return find(world.story.sol if scope else visitor, scope)

    return found


def _file_names_the_reviewer(make: Any, _: World) -> Callable[[str, str], str]:
    return lambda kind, filename: make(kind, f"Review by {NAME}.pdf")


def _start_tells_similar_titles(patch: Patch, world: World) -> None:
    from submissions.views import drafts, screens

    real = screens.me

    def me(request: HttpRequest) -> Any:
        titles = list(Version.objects.values_list("title", flat=True))
        messages.warning(request, f"Similar manuscripts: {titles}")
        return real(request)

    patch.setattr(drafts, "me", me)


def _api_lists_titles(get: Any, _: World) -> Callable[..., Response]:
    def answered(self: Any, request: Any) -> Response:
        titles = list(Version.objects.values_list("title", flat=True))
        return Response({"titles": titles})

    return answered


def _program_is_told_more(answer: Any, _: World) -> Callable[..., HttpResponse]:
    def told(refusal: Any) -> HttpResponse:
        response: HttpResponse = answer(refusal)
        response.content += NAME.encode()
        return response

    return told


def _crash(*_: Any, **__: Any) -> Any:
    raise RuntimeError("A crash hides what the page would have told.")


def _everything_is_for_the_author(_: Any, __: World) -> Callable[..., Any]:
    from reviews.sheet import in_words

    return in_words


def _letter_hash(world: World) -> str:
    letter = current_letter(Decision.objects.get(version__manuscript=world.undecided))
    assert letter is not None
    assert letter.file is not None
    return letter.file.sha256


def _count_of_reviews(world: World) -> str:
    returned = Assignment.objects.filter(
        version__manuscript=world.sent_back, returned_at__isnull=False
    ).count()
    return f"{returned} of 4 reviews in"


def _last_return(world: World) -> str:
    reviews = Review.objects.filter(submitted_at__isnull=False)
    latest = reviews.aggregate(at=Max("saved_at"), n=Max("edit_count"), pk=Max("pk"))
    return hashlib.sha256(repr(latest).encode()).hexdigest()


def _order_by_reviews(_: World) -> str:
    """Manuscripts in the order of their latest review: an order tells a time."""
    latest = Manuscript.objects.annotate(at=Max("versions__assignments__review__pk"))
    return " ".join(latest.order_by("-at").values_list("public_id", flat=True))


def _a_query_a_review(world: World) -> str:
    """One more query for each review that is in, of which nothing is shown."""
    for review in Review.objects.filter(
        assignment__version__manuscript=world.sent_back, submitted_at__isnull=False
    ):
        review.refresh_from_db()
    return ""


# ---------------------------------------------------------------- the list

SHOW = "submissions.views.manuscripts"

MUTATIONS = [
    Mutation(
        "the reviewer's name on the author's page",
        on_page(SHOW, lambda _: f"<p>{NAME}</p>"),
        crawled("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "a name without its accents",
        on_page(SHOW, lambda _: "<p>Zqxtomasic</p>"),
        crawled("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "the reviewer's address as entities",
        on_page(SHOW, lambda _: "".join(f"&#{ord(c)};" for c in ADDRESS)),
        crawled("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "the reviewer's address in a mailto link, percent-encoded",
        on_page(SHOW, lambda _: f'<a href="mailto:{quote(ADDRESS, safe="")}">'),
        crawled("ben", AUTHORS_PAGE),
    ),
    Mutation(
        "the reviewer's address as base64 in a link",
        on_page(SHOW, lambda _: f"/to/{base64.b64encode(b'id:' + ADDRESS.encode()).decode()}"),
        crawled("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "a portrait by the MD5 of the address",
        on_page(SHOW, lambda _: hashlib.md5(ADDRESS.encode(), usedforsecurity=False).hexdigest()),
        crawled("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "the reviewer's name in a response header",
        in_header(SHOW, "X-Handled-For", lambda _: NAME),
        crawled("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "the name in a response header of HEAD alone",
        in_header(SHOW, "X-Handled-For", lambda _: NAME),
        crawled("ada", AUTHORS_PAGE, methods=["HEAD"]),
    ),
    Mutation(
        "the name in a compressed stream of a PDF",
        letters_are(stream=NAME),
        crawled("ada", "submissions:correspondence"),
    ),
    Mutation(
        "the name in the properties of a PDF",
        letters_are(author=NAME),
        crawled("ada", "submissions:correspondence"),
    ),
    Mutation(
        "a file name that names the reviewer",
        replaced("tmi_special_issue.files.disposition", _file_names_the_reviewer),
        crawled("ada", "submissions:correspondence"),
    ),
    Mutation("Reply-To is the reviewer", _mail_with(_reply_to_the_reviewer), mailed),
    Mutation("Cc is the reviewer", _mail_with(_copy_to_the_reviewer), mailed),
    Mutation("Message-ID from the address", _mail_with(_message_id_of_the_reviewer), mailed),
    Mutation(
        "confidential words in the letter",
        replaced("editors.queries.reviews.open_to_author", _everything_is_for_the_author),
        released,
    ),
    Mutation(
        "the decision before its release",
        on_page(SHOW, lambda w: Decision.objects.get(version__manuscript=w.undecided).reasons),
        crawled("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "the hash of the letter before its release",
        in_header(SHOW, "ETag", _letter_hash),
        crawled("ben", AUTHORS_PAGE),
    ),
    Mutation(
        "opposed people shown to a reviewer",
        on_page("reviews.views.reviews", lambda _: "<p>Zqxopposed by ada</p>"),
        crawled("rui", "reviews:show"),
    ),
    Mutation(
        "the other reviews shown to a reviewer",
        replaced("reviews.views.door.at_the_door", _all_assignments),
        crawled("rui", "reviews:show"),
    ),
    Mutation(
        "a link that opens more than its one review",
        replaced("reviews.views.door.at_the_door", _all_of_the_links_reviewer),
        crawled("link", "reviews:show"),
    ),
    Mutation(
        "forbidden instead of absent",
        replaced(f"{SHOW}._manuscript", _forbidden_instead_of_absent),
        crawled("sam", AUTHORS_PAGE),
    ),
    Mutation(
        "the list of an editor in conflict",
        replaced("editors.views.desk.visible_to", _everything_is_visible),
        crawled("gus", "desk:desk"),
    ),
    Mutation(
        "the manuscript of an editor in conflict",
        replaced("editors.views.found.visible_to", _everything_is_visible),
        crawled("gus", "desk:manuscript"),
    ),
    Mutation(
        "the own manuscript of an editor",
        replaced("editors.views.found.visible_to", _everything_is_visible),
        crawled("eva", "desk:manuscript"),
    ),
    Mutation(
        "similar titles told to an author who begins",
        _start_tells_similar_titles,
        crawled("ada", "submissions:start", methods=["POST"]),
    ),
    Mutation(
        "titles for programs",
        replaced("submissions.api.CallView.get", _api_lists_titles),
        crawled("anon", "api_call"),
    ),
    Mutation(
        "names in the answer to OPTIONS",
        replaced("submissions.api.CallView.options", _api_lists_titles),
        crawled("anon", "api_call", methods=["OPTIONS"]),
    ),
    Mutation(
        "more for a program that is refused",
        replaced("tmi_special_issue.problems.respond", _program_is_told_more),
        crawled("ben", "submissions:revise", methods=["POST"], accept="application/json"),
    ),
    Mutation(
        "a crash", replaced(f"{SHOW}._manuscript", lambda *_: _crash), crawled("ada", AUTHORS_PAGE)
    ),
    Mutation(
        "how many reviews are in", on_page(SHOW, _count_of_reviews), noticed("ada", AUTHORS_PAGE)
    ),
    Mutation(
        "a validator that moves with a review",
        in_header(SHOW, "ETag", _last_return),
        noticed("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "an order by what is hidden",
        on_page(SHOW, _order_by_reviews),
        noticed("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "a query for each hidden review",
        on_page(SHOW, _a_query_a_review),
        noticed("ada", AUTHORS_PAGE),
    ),
    Mutation(
        "how many reviews are in, told to another reviewer",
        on_page("reviews.views.reviews", _count_of_reviews),
        noticed("rui", "reviews:show"),
    ),
    Mutation(
        "a reviewer's load with the editor's own manuscript in it",
        replaced("editors.queries.desk.Viewer.hidden", lambda *_: frozenset()),
        noticed_by_the_author_among_editors,
    ),
]
