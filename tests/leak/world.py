"""A world full of recognisable secrets, made by the product's own actions.

Four manuscripts cover the states that tempt a page to tell too much:

* `sent_back`: ada's first, in its second round, one review of round 2 already in;
* `undecided`: ada's second, all reviews in, a rejection drafted, rendered and not released;
* `foreign`: dov's, under review, no business of ada's or of her reviewers;
* `own`: a guest editor's own manuscript, handled by somebody else;

and a draft of ada's with a file that is still on its way.
"""

import itertools
import re
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from accounts.models import Affiliation, User
from editors.actions import (
    add_tag,
    admit_manuscript,
    answer_enquiry,
    ask_matching,
    ask_people,
    assign_editor,
    begin_import,
    begin_sheet,
    invite_panel,
    save_search,
    take_snapshot,
    write_note,
)
from editors.actions.assignments import BenchWish
from editors.actions.recruiting import Wish
from editors.models import AcceptanceSnapshot, Letter, MatchingRun, Note, SavedSearch
from editors.queries.mails import mails_about
from editors.states import MatchingMode
from editors.tasks import answer_matching
from reviews.actions import (
    Standby,
    ask_certificate,
    deliver_review,
    render_certificate,
    renew_feed,
)
from reviews.models import (
    Alternate,
    Assignment,
    PeopleMerge,
    PoolImport,
    ProposedReviewer,
    Publication,
    ReviewAttachment,
    ReviewerProfile,
    ServiceCertificate,
)
from reviews.recruiting import Source
from submissions.actions import (
    begin_upload,
    link_enquiries,
    save_declared_conflicts,
    save_draft,
    save_named_reviewers,
)
from submissions.actions.drafts import DeclaredConflictEntry, NamedReviewerEntry
from submissions.models import (
    Author,
    Correspondence,
    Enquiry,
    Manuscript,
    Receipt,
    Upload,
    Version,
    VersionFile,
)
from submissions.states import FileKind, Suitability
from tests import cast
from tests.cast import Story, fresh, latest_version
from tests.conftest import sign_in
from tests.leak.canaries import Canary
from tests.leak.routes import Route, addresses
from tests.people import GUEST_EDITOR, PARTS, REVIEWER, ROLES, Part, sign_up
from tmi_special_issue import clock
from tmi_special_issue.models import OutboxMessage, SpecialIssue

PANEL = ("rui", "sol", "tea", "uma")
OFFICE_SIDE = frozenset({"kim", "ivo"})

ORCIDS = ("0000-0000-0000-0124", "0000-0000-0000-0132")
# Family names nobody has: each is one secret, and is looked for in every form.
FAMILY = {
    "rui": "Zqxrezende",
    "sol": "Zqxsåndvik",
    "tea": "Zqxtomašić",
    "uma": "Zqxupadhyay",
    "rex": "Zqxrexford",
    "dov": "Zqxdovrat",
}
WHO = {
    **{
        name: replace(part, family_name=FAMILY.get(name, part.family_name))
        for name, part in PARTS.items()
    },
    "rex": Part("Rex", FAMILY["rex"], "Fjord Institute", "fjord.example", "NO"),
    "dov": Part("Dov", FAMILY["dov"], "Alder College", "alder.example", "IL", ORCIDS[0]),
    "lia": Part("Lia", "Lindahl", "Birch Polytechnic", "birch.example", "SE"),
    # A reviewer whom nobody has asked yet.
    "pia": Part("Pia", "Zqxpihl", "Cedar University", "cedar.example", "FI"),
}
# A guest editor who writes for the issue needs an ORCID iD as every corresponding author does.
WHO["eva"] = replace(WHO["eva"], orcid=ORCIDS[1])


@dataclass
class World:
    """The people, the things and the secrets."""

    story: Story
    people: dict[str, User | None]
    sessions: dict[str, str]
    # The secret of a link by route and by who holds it; a link shows its page to its holder.
    tokens: dict[tuple[str, str], str]
    sent_back: Manuscript
    undecided: Manuscript
    foreign: Manuscript
    own: Manuscript
    canaries: list[Canary] = field(default_factory=list)

    def addresses(self, route: Route, visitor: str) -> list[str]:
        """The addresses of a route: of everything in this world, and of nothing."""
        found = [*addresses(route, self._existing(route, visitor)), *self.absent(route)]
        return list(dict.fromkeys(found))

    def malformed(self, route: Route, visitor: str) -> list[str]:
        """The addresses of nonsense, and of nothing to compare them with."""
        if "token" in route.arguments:
            nonsense = [{"token": value} for value in (UNKNOWN, *MALFORMED)]
            return addresses(route, nonsense)
        return addresses(route, self._nothing(route))

    def sample(self, route: Route, visitor: str) -> list[str]:
        """Three of them, the last of which names nothing: for what is asked in many ways."""
        existing = addresses(route, self._existing(route, visitor))
        return list(dict.fromkeys([*existing[:1], *existing[-1:], *self.absent(route)]))

    def absent(self, route: Route) -> list[str]:
        """The address of a thing that does not exist; none for a route without arguments."""
        if not route.arguments or "token" in route.arguments:
            return []
        return addresses(route, self._nothing(route))[:1]

    def browser(self, visitor: str) -> Client:
        """A browser of its own for one request, in the visitor's session."""
        browser = Client(raise_request_exception=False)
        if visitor in self.sessions:
            browser.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[visitor]
        return browser

    def _existing(self, route: Route, visitor: str) -> list[dict[str, Any]]:
        if not route.arguments:
            return [{}]
        if route.arguments == ("token",):
            held = self.tokens.get((route.name, visitor))
            return [{"token": held}] if held else []
        pairs = self._pairs(*route.arguments) if len(route.arguments) == 2 else None
        if pairs is None:
            choices = [self._values(route, argument) for argument in route.arguments]
            pairs = list(itertools.product(*choices))
        else:
            # Of two values the second belongs to the first (a letter to its manuscript), so every
            # manuscript is asked for the second of another one too.
            firsts, seconds = zip(*pairs, strict=True)
            pairs += [(first, seconds[0]) for first in dict.fromkeys(firsts)]
        return [dict(zip(route.arguments, pair, strict=True)) for pair in pairs]

    def _nothing(self, route: Route) -> list[dict[str, Any]]:
        """Absent and malformed values of the first argument, the others as they should be."""
        if not route.arguments:
            return []
        first, *others = route.arguments
        rest = {argument: (FIXED.get(argument) or [UNKNOWN])[0] for argument in others}
        return [{first: value, **rest} for value in (UNKNOWN, *MALFORMED)]

    def _pairs(self, first: str, second: str) -> list[tuple[Any, ...]] | None:
        if first != "public_id":
            return None
        match second:
            case "assignment_id":
                return list(
                    Assignment.objects.values_list("version__manuscript__public_id", "public_id")
                )
            case "alternate_id":
                return list(
                    Alternate.objects.values_list(
                        "bench__version__manuscript__public_id", "public_id"
                    )
                )
            case "proposal_id":
                return list(
                    ProposedReviewer.objects.values_list(
                        "assignment__version__manuscript__public_id", "public_id"
                    )
                )
            case "mail_id":
                return [
                    (manuscript.public_id, mail)
                    for manuscript in Manuscript.objects.all()
                    for mail in mails_about(
                        Manuscript.objects.filter(pk=manuscript.pk)
                    ).values_list("public_id", flat=True)[:2]
                ]
            case "note_id":
                return list(Note.objects.values_list("manuscript__public_id", "public_id"))
            case "letter_id":
                return list(
                    Letter.objects.values_list(
                        "decision__version__manuscript__public_id", "public_id"
                    )
                )
            case "file_id":
                # The desk asks by manuscript, the reviewer by assignment.
                files = VersionFile.objects.order_by()
                return [
                    *files.values_list("version__manuscript__public_id", "public_id"),
                    *files.exclude(version__assignments=None).values_list(
                        "version__assignments__public_id", "public_id"
                    ),
                ]
            case "attachment_id":
                # The same two doors.
                beside = ReviewAttachment.objects.order_by()
                return [
                    *beside.values_list("assignment__version__manuscript__public_id", "public_id"),
                    *beside.values_list("assignment__public_id", "public_id"),
                ]
            case _:
                return None

    def _values(self, route: Route, argument: str) -> list[Any]:
        door, _, name = route.name.partition(":")
        if argument in FIXED:
            return FIXED[argument]
        kind = BY_ROUTE.get(name) or BY_DOOR.get(door)
        if route.name == "submissions:show":
            kind = Manuscript
        if argument == "public_id" and kind is not None:
            # One of another kind as well: an identifier opens its own kind of thing only.
            other = Manuscript if kind is not Manuscript else Version
            return [*ids(kind), *ids(other)[:1]]
        raise AssertionError(
            f"{route.name}: no values are known for <{argument}>; add them to tests/leak/world.py."
        )


UNKNOWN = "0000000000000000"
MALFORMED = ("1", "a\x00b", "ü" * 300, "..%2f..%2fetc", "' or 1=1 --")
FIXED: dict[str, list[Any]] = {
    "form": ["csv", "xlsx", "json"],
    "code": ["reviewers", "decisions", "nothing"],
    "kind": ["main", "response_to_reviewers"],
    "pk": [1],
    "key": ["impact", "unknown"],
    "number": [1, 2, 3],
    "outcome": ["reject", "unknown"],
    "page": [1, 2],
}
BY_DOOR: dict[str, type[Any]] = {
    "desk": Manuscript,
    "reviews": Assignment,
    "submissions": Version,
    "accounts": Affiliation,
}
BY_ROUTE: dict[str, type[Any]] = {
    "export": AcceptanceSnapshot,
    **dict.fromkeys(("matching_run", "matching_apply"), MatchingRun),
    "correspondence": Correspondence,
    "enquiry": Enquiry,
    "forget_search": SavedSearch,
    **dict.fromkeys(("upload_part", "finish_upload", "cancel_upload"), Upload),
    **dict.fromkeys(("file", "served", "thumbnail", "remove"), VersionFile),
    **dict.fromkeys(("hidden_text", "hidden_page"), VersionFile),
    "receipt": Receipt,
    "certificate": ServiceCertificate,
    **dict.fromkeys(("reviewer", "limits", "merge", "apart"), User),
    **dict.fromkeys(("pool_import", "confirm_import", "discard_import"), PoolImport),
    "without_address": PoolImport,
    "undo_merge": PeopleMerge,
    **dict.fromkeys(("revise", "final_files", "changes", "take_back"), Manuscript),
    "ask_extension": Manuscript,
    "take_back_author_change": Manuscript,
    **dict.fromkeys(("withdraw", "take_back_withdrawal", "change_authors"), Manuscript),
}


def ids(*models: type[Any]) -> list[str]:
    """The public identifiers of every row of these models."""
    return [row for model in models for row in model.objects.values_list("public_id", flat=True)]


def build(issue: SpecialIssue) -> World:
    """Play the four manuscripts and note every secret."""
    people = {
        name: sign_up(name, issue, part, _role(name))
        for name, part in WHO.items()
        if PARTS.get(name) != part
    }
    story = Story(issue, people, WHO)
    _asked(story)
    sent_back = _sent_back(story)
    undecided = _undecided(story)
    foreign = _in_review(story, "dov", "gus", ("rex",), "Zqxforeign title of another author")
    own = _in_review(story, "eva", "lia", ("rex",), "Zqxown title of a guest editor")
    _draft(story)
    take_snapshot(actor=story.ivo, issue=issue)
    begin_sheet(actor=story.ivo, issue=issue, number=1)
    answer_matching(ask_matching(actor=story.kim, issue=issue, mode=MatchingMode.FAIR).public_id)
    render_certificate(
        certificate=ask_certificate(actor=story.rui, issue=issue, year=clock.now().year)
    )
    _file_of_people(story)
    everybody: dict[str, User | None] = {"anon": None, "link": None, **story.people}
    tokens = {
        ("reviews:invitation", "link"): _token(
            "review_agreed", "invitation", story.assignment(sent_back, "sol").audit_key
        ),
        ("submissions:authorship", "ben"): _token(
            "authorship_asked", "authorship", undecided.audit_key
        ),
    }
    joining = _asked_to_join(story)
    tokens |= {("reviews:join", name): joining for name in ("anon", "ada", "gus", "rui", "sam")}
    # A link in the wrong hands: signed in as somebody else, or long out of date.
    tokens |= {
        ("reviews:invitation", name): tokens["reviews:invitation", "link"]
        for name in ("ada", "gus", "rui", "sam")
    }
    feed = renew_feed(actor=story.rui)
    tokens |= {("reviews:calendar", name): feed.token for name in ("anon", "rui", "ada")}
    sessions = {name: _signed_in(user) for name, user in story.people.items()}
    sessions["link"] = _let_in(tokens["reviews:invitation", "link"])
    world = World(story, everybody, sessions, tokens, sent_back, undecided, foreign, own)
    world.canaries = list(_secrets(world))
    return world


def _file_of_people(story: Story) -> None:
    """The office has a file read and has not confirmed it."""
    begin_import(
        actor=story.ivo,
        issue=story.issue,
        content=b"email,family_name\nnew@pool.example,Zqxnewcomer\n,Zqxaddressless\n",
        name="Zqxfile of people.csv",
    )


def _asked_to_join(story: Story) -> str:
    """The editor of the foreign manuscript asks its author and somebody from outside to join."""
    foreign = Author.objects.get(email=story.people["dov"].email)
    ask_people(
        actor=story.kim,
        issue=story.issue,
        wishes=[
            Wish(foreign.email, Source.AUTHORS, person=story.people["dov"]),
            Wish("zqxoutsider@outside.example", Source.TYPED, family_name="Zqxoutsider"),
        ],
    )
    asked = User.objects.get(email="zqxoutsider@outside.example")
    profile = ReviewerProfile.objects.create(user=asked, expertise="Zqxfield of the outsider")
    Publication.objects.create(profile=profile, title="Zqxpaper of the outsider", year=2020)
    mail = OutboxMessage.objects.get(kind="pool_asked", to=asked.email)
    found = re.search(r"/pool/([^/\s]+)/", mail.text)
    assert found
    return found[1]


def _signed_in(user: User) -> str:
    browser = sign_in(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def _let_in(token: str) -> str:
    """The session of somebody without an account who has pressed the button behind a link."""
    browser = Client()
    browser.post(reverse("reviews:invitation", args=[token]), {"act": "open"})
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


def _token(kind: str, place: str, about: str) -> str:
    """The secret of a link, which only the mail knows."""
    mail = OutboxMessage.objects.filter(kind=kind, about=about).latest("id")
    found = re.search(rf"/{place}/([^/\s]+)/", mail.text)
    assert found
    return found[1]


def _draft(story: Story) -> None:
    version = latest_version(story.draft("ada", coauthors=("ben",)))
    save_draft(
        actor=story.ada,
        version=version,
        values={"title": "Zqxdraft title"},
        edit_count=version.edit_count,
    )
    _main_file(version.manuscript).update(front_page={"title": "Zqxprinted title"})
    begin_upload(
        actor=story.ada,
        version=latest_version(version.manuscript),
        kind=FileKind.DATASET,
        name="Zqxunfinished.csv",
        byte_count=100_000,
        fingerprint="f" * 64,
    )


def _asked(story: Story) -> None:
    """ada asks eva about something that never comes, dov about what he submits later."""
    for author, title in (("ada", "Zqxidea of ada"), ("dov", "Zqxforeign title of another author")):
        enquiry = story.ask(author, "eva", title, f"Zqxasked by {author}")
        answer_enquiry(
            actor=story.eva,
            enquiry=enquiry,
            suitability=Suitability.FITS_IF,
            text=f"Zqxadvice to {author}",
        )


def _sent_back(story: Story) -> Manuscript:
    manuscript = _handled(story, "ada", "Zqxsentback title", "eva")
    story.invite(manuscript, PANEL)
    for name in PANEL:
        story.agree(manuscript, name)
        _deliver(story, manuscript, name, "reject_resubmit", f"Zqxfirst{name} words")
    story.decide(manuscript, "reject_resubmit", reasons="Zqxfirstreasons are released.")
    manuscript = story.revise(fresh(manuscript))
    admit_manuscript(actor=story.ivo, manuscript=manuscript)
    story.invite(manuscript, PANEL)
    for name in PANEL:
        story.agree(manuscript, name)
    _deliver(story, manuscript, "rui", "accept", "Zqxsecondrui words")
    hidden = {"page": 1, "reason": "drawn invisibly", "words": 3, "text": "Zqxhidden words of ada"}
    _main_file(manuscript).update(hidden_text=[{**hidden, "places": [[60, 60, 90, 70]]}])
    return fresh(manuscript)


def _main_file(manuscript: Manuscript) -> QuerySet[VersionFile]:
    return VersionFile.objects.filter(version__manuscript=manuscript, kind=FileKind.MAIN)


def _undecided(story: Story) -> Manuscript:
    manuscript = _handled(story, "ada", "Zqxundecided title", "eva")
    story.invite(manuscript, PANEL)
    for name in PANEL:
        story.agree(manuscript, name)
        _deliver(story, manuscript, name, "reject", f"Zqxheld{name} words")
    story.draft_decision(manuscript, "reject", reasons="Zqxheldreasons are not released.")
    return fresh(manuscript)


def _in_review(
    story: Story, author: str, editor: str, reviewers: tuple[str, ...], title: str
) -> Manuscript:
    manuscript = _handled(story, author, title, editor, coauthors=())
    story.invite(manuscript, reviewers, editor)
    for name in reviewers:
        story.agree(manuscript, name)
        _deliver(story, manuscript, name, "accept", f"Zqx{author}review words")
        # As if the reviewer had declined before, and named somebody.
        ProposedReviewer.objects.create(
            assignment=story.assignment(manuscript, name),
            name=f"Zqxnamed for {author}",
            email=f"zqxnamed.{author}@colleague.example",
        )
    add_tag(actor=story.people[editor], manuscript=manuscript, name=f"zqxtag-of-{author}")
    save_search(
        actor=story.people[editor],
        issue=story.issue,
        name=f"Zqxsearch of {editor}",
        text=f"tag:zqxtag-of-{author}",
    )
    for name, kind in ((editor, "shared"), ("kim", "private")):
        write_note(
            actor=story.people[name],
            manuscript=manuscript,
            text=f"Zqx{kind} note on {author}",
            is_private=kind == "private",
        )
    standby = Standby(story.people["pia"], (f"Zqxstandby of {author}",))
    invite_panel(
        actor=story.people[editor],
        manuscript=fresh(manuscript),
        picks=[],
        bench=BenchWish((standby,)),
    )
    return fresh(manuscript)


def _handled(
    story: Story, author: str, title: str, editor: str, coauthors: tuple[str, ...] = ("ben",)
) -> Manuscript:
    manuscript = story.draft(author, coauthors)
    version = latest_version(manuscript)
    save_draft(
        actor=story.people[author],
        version=version,
        values={
            "title": title,
            "was_rejected": True,
            "rejected_by": f"Zqxjournal of {author}",
            "rejected_number": f"Zqxnumber-{author}",
            "rejected_changes": f"Zqxmended by {author}",
        },
        edit_count=version.edit_count,
    )
    save_named_reviewers(
        actor=story.people[author],
        version=latest_version(manuscript),
        people=[
            NamedReviewerEntry(
                name=f"Zqxopposed by {author}",
                email=f"zqxopposed.{author}@opposed.example",
                reason=f"Zqxquarrel of {author}",
                is_opposed=True,
            )
        ],
        edit_count=latest_version(manuscript).edit_count,
    )
    save_declared_conflicts(
        actor=story.people[author],
        version=latest_version(manuscript),
        conflicts=[
            DeclaredConflictEntry(editor=story.gus, kind="family", evidence=f"Zqxkin of {author}"),
            DeclaredConflictEntry(
                name=f"Zqxrival of {author}",
                email=f"zqxrival.{author}@opposed.example",
                kind="interest",
                evidence=f"Zqxmoney of {author}",
            ),
        ]
        if author == "ada"
        else [],
        edit_count=latest_version(manuscript).edit_count,
    )
    link_enquiries(
        actor=story.people[author],
        version=latest_version(manuscript),
        enquiries=Enquiry.objects.filter(author=story.people[author], title=title),
    )
    story.submit(fresh(manuscript), author)
    admit_manuscript(actor=story.ivo, manuscript=fresh(manuscript))
    assign_editor(actor=story.kim, manuscript=fresh(manuscript), editor=story.people[editor])
    return fresh(manuscript)


def _deliver(story: Story, manuscript: Manuscript, name: str, verdict: str, words: str) -> None:
    assignment = story.assignment(manuscript, name)
    answers = cast.full_answers(assignment.version, verdict, words=words)
    answers["confidential_comments_to_editor"] = f"{words} Zqxconfidential{name}"
    ReviewAttachment.objects.create(
        assignment=assignment,
        number=1,
        file=_main_file(manuscript).select_related("file")[0].file,
        page_count=1,
        author_sees=False,
        attached_at=clock.now(),
    )
    deliver_review(actor=story.people[name], assignment=assignment, answers=answers)


def _secrets(world: World) -> list[Canary]:
    """Who may see what: the policy of this suite, written once (`security.md` 3.1)."""
    desk = OFFICE_SIDE | {"eva", "lia"}
    authors = desk | {"ada", "ben"}
    secrets = [
        # T1: who reviews. A reviewer knows himself; conflicted gus knows the pool from his own
        # work as an editor, so for him the texts below are the test.
        *[
            Canary(f"family name of {name}", FAMILY[name], desk | {"gus", name})
            for name in (*PANEL, "rex")
        ],
        *[
            Canary(f"address of {name}", f"{name}@{_domain(name)}", desk | {"gus", name})
            for name in (*PANEL, "rex")
        ],
        # T4: scores' words and confidential comments. Authors, and the other reviewers of the round
        # by mail (M22), get the released ones only.
        *[
            Canary(
                f"released review of {name}",
                f"Zqxfirst{name} words",
                authors | {*PANEL, "link"},
            )
            for name in PANEL
        ],
        *[
            Canary(f"held review of {name}", f"Zqxheld{name} words", desk | {name})
            for name in PANEL
        ],
        Canary("review of the second round", "Zqxsecondrui words", desk | {"rui"}),
        Canary("confidential words of rui", "Zqxconfidentialrui", desk | {"rui"}),
        # T5: the decision before its release.
        Canary("reasons not released", "Zqxheldreasons", desk),
        Canary("reasons released", "Zqxfirstreasons", authors),
        # T7: that other manuscripts exist, and what they are called.
        Canary("title of a foreign manuscript", "Zqxforeign title", desk | {"gus", "dov", "rex"}),
        Canary(
            "title of a guest editor's own manuscript",
            "Zqxown title",
            OFFICE_SIDE | {"lia", "gus", "eva", "rex"},
        ),
        Canary("title of a manuscript", "Zqxsentback title", desk | {"ada", "ben", "link", *PANEL}),
        Canary(
            "review of the editor's own", "Zqxevareview words", OFFICE_SIDE | {"lia", "gus", "rex"}
        ),
        Canary("review of the foreign one", "Zqxdovreview words", desk | {"gus", "rex"}),
        Canary("who stands by for the foreign one", "Zqxstandby of dov", desk | {"gus"}),
        Canary(
            "who stands by for the editor's own",
            "Zqxstandby of eva",
            OFFICE_SIDE | {"lia", "gus"},
        ),
        Canary("note on the foreign one", "Zqxshared note on dov", desk | {"gus"}),
        Canary("note on the own one", "Zqxshared note on eva", OFFICE_SIDE | {"lia", "gus"}),
        Canary("private note on the foreign", "Zqxprivate note on dov", frozenset({"kim"})),
        Canary("private note on the own", "Zqxprivate note on eva", frozenset({"kim"})),
        Canary("tag of the foreign one", "zqxtag-of-dov", desk | {"gus"}),
        Canary("search kept by gus", "Zqxsearch of gus", {"gus"}),
        Canary("tag of the editor's own", "zqxtag-of-eva", OFFICE_SIDE | {"lia", "gus"}),
        Canary("name given by a reviewer", "Zqxnamed for dov", desk | {"gus"}),
        Canary(
            "code of a certificate",
            ServiceCertificate.objects.get().printed_code,
            frozenset({"rui"}),
        ),
        Canary("title of a draft", "Zqxdraft title", frozenset({"ada"})),
        Canary("title that a draft's PDF prints", "Zqxprinted title", frozenset({"ada"})),
        Canary("hidden text of a PDF", "Zqxhidden words", frozenset({"ada", "ben"})),
        Canary("name of an unfinished upload", "Zqxunfinished", frozenset({"ada"})),
        # What an author asked a guest editor: the two of them, and the editor-in-chief once the
        # manuscript is in.
        Canary("idea that was asked about", "Zqxidea of ada", frozenset({"ada", "eva"})),
        Canary("question before submission", "Zqxasked by ada", frozenset({"ada", "eva"})),
        Canary("advice before submission", "Zqxadvice to ada", frozenset({"ada", "eva"})),
        Canary("question about a manuscript", "Zqxasked by dov", frozenset({"dov", "eva", "kim"})),
        Canary("advice about a manuscript", "Zqxadvice to dov", frozenset({"dov", "eva", "kim"})),
        # T8: whom authors oppose.
        Canary("opposed by ada", "Zqxopposed by ada", desk | {"ada"}),
        Canary("why ada opposes", "Zqxquarrel of ada", desk | {"ada"}),
        # What authors tell the editors alone: co-authors and reviewers do not read it.
        Canary("with whom ada is in conflict", "Zqxrival of ada", desk | {"ada"}),
        Canary("address of the rival", "zqxrival.ada@opposed.example", desk | {"ada"}),
        Canary("why ada is in conflict", "Zqxmoney of ada", desk | {"ada"}),
        Canary("ada's conflict with an editor", "Zqxkin of ada", desk | {"ada"}),
        Canary("who rejected ada before", "Zqxjournal of ada", desk | {"ada"}),
        Canary("number of the rejected one", "Zqxnumber-ada", desk | {"ada"}),
        Canary("what ada mended", "Zqxmended by ada", desk | {"ada"}),
        Canary("opposed by eva", "Zqxopposed by eva", OFFICE_SIDE | {"lia", "gus", "eva"}),
    ]
    secrets += [
        Canary(f"{what} of an import", secret, OFFICE_SIDE)
        for what, secret in (
            ("person", "Zqxnewcomer"),
            ("person without address", "Zqxaddressless"),
            ("name", "Zqxfile of people"),
        )
    ]
    secrets += [
        # Whoever holds the link reads it, signed out; no other account does before it claims.
        Canary("somebody asked to join", "Zqxoutsider", desk | {"gus", "anon"}),
        Canary("field of somebody asked", "Zqxfield of the outsider", frozenset({"anon"})),
        Canary("paper of somebody asked", "Zqxpaper of the outsider", frozenset({"anon"})),
    ]
    held = Letter.objects.get(decision__version__manuscript=world.undecided)
    secrets.append(Canary("number of the held letter", held.number, desk))
    assert held.file is not None
    secrets.append(Canary("hash of the held letter", held.file.sha256, desk))
    return secrets


def _domain(name: str) -> str:
    return WHO[name].domain


def _role(name: str) -> str:
    return {"rex": REVIEWER, "pia": REVIEWER, "lia": GUEST_EDITOR, "dov": ""}.get(
        name, ROLES.get(name, "")
    )
