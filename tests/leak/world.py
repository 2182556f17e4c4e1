"""A world full of recognisable secrets, made by the product's own actions.

Four manuscripts cover the states that tempt a page to tell too much:

* `sent_back`: ada's first, in its second round, one review of round 2 already in;
* `undecided`: ada's second, all reviews in, a rejection drafted, rendered and not released;
* `foreign`: dov's, under review, no business of ada's or of her reviewers;
* `own`: a guest editor's own manuscript, handled by somebody else.
"""

import itertools
from dataclasses import dataclass, field, replace
from typing import Any

from accounts.models import Affiliation, User
from editors.models import AcceptanceSnapshot, Letter
from reviews.models import Assignment
from submissions.actions.drafts import NamedReviewerEntry
from submissions.models import Correspondence, Manuscript, Version, VersionFile
from tests import cast
from tests.cast import Story, fresh, latest_version
from tests.leak.canaries import Canary
from tests.leak.routes import Route
from tests.people import GUEST_EDITOR, PARTS, REVIEWER, ROLES, Part, sign_up
from tmi_special_issue.models import SpecialIssue

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
}
# A guest editor who writes for the issue needs an ORCID iD as every corresponding author does.
WHO["eva"] = replace(WHO["eva"], orcid=ORCIDS[1])


@dataclass
class World:
    """The people, the things and the secrets."""

    story: Story
    people: dict[str, User | None]
    sent_back: Manuscript
    undecided: Manuscript
    foreign: Manuscript
    own: Manuscript
    canaries: list[Canary] = field(default_factory=list)

    def arguments(self, route: Route) -> list[dict[str, Any]]:
        """Every combination of values that exists in this world, and some that do not.

        Of two values the second belongs to the first (a letter to its manuscript); one foreign
        pair and one unknown value stand for the rest, so that the crawl stays quick.
        """
        if not route.arguments:
            return [{}]
        if len(route.arguments) == 1:
            (argument,) = route.arguments
            return [{argument: value} for value in [*self._values(route, argument), UNKNOWN]]
        pairs = self._pairs(*route.arguments)
        if pairs is None:
            choices = [self._values(route, argument) for argument in route.arguments]
            pairs = list(itertools.product(*choices))
        else:
            firsts, seconds = zip(*pairs, strict=True)
            pairs += [(first, seconds[0]) for first in dict.fromkeys(firsts)]
            pairs.append((firsts[0], UNKNOWN))
        return [dict(zip(route.arguments, pair, strict=True)) for pair in pairs]

    def _pairs(self, first: str, second: str) -> list[tuple[str, str]] | None:
        if first != "public_id":
            return None
        match second:
            case "assignment_id":
                rows = Assignment.objects.values_list("version__manuscript__public_id", "public_id")
            case "letter_id":
                rows = Letter.objects.values_list(
                    "decision__version__manuscript__public_id", "public_id"
                )
            case "file_id":
                # The desk asks by manuscript, the reviewer by assignment.
                files = VersionFile.objects.order_by()
                rows = [
                    *files.values_list("version__manuscript__public_id", "public_id"),
                    *files.exclude(version__assignments=None).values_list(
                        "version__assignments__public_id", "public_id"
                    ),
                ]
            case _:
                return None
        return list(rows)

    def _values(self, route: Route, argument: str) -> list[Any]:
        door, _, name = route.name.partition(":")
        if argument in FIXED:
            return FIXED[argument]
        if name == "export":
            return ids(AcceptanceSnapshot)
        if argument == "public_id" and door in BY_DOOR:
            return ids(*BY_DOOR[door])
        raise AssertionError(
            f"{route.name}: no values are known for <{argument}>; add them to tests/leak/world.py."
        )


UNKNOWN = "0000000000000000"
FIXED: dict[str, list[Any]] = {
    "form": ["csv", "xlsx", "json"],
    "kind": ["main", "response_to_reviewers"],
    "token": ["not-a-token"],
    "uidb36": ["1"],
    "key": ["set-password", "1"],
    "pk": [1],
    "path": ["missing"],
}
BY_DOOR: dict[str, tuple[type[Any], ...]] = {
    "desk": (Manuscript,),
    "reviews": (Assignment,),
    "submissions": (Manuscript, Version, VersionFile, Correspondence),
    "accounts": (Affiliation,),
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
    sent_back = _sent_back(story)
    undecided = _undecided(story)
    foreign = _in_review(story, "dov", "eva", ("rex",), "Zqxforeign title of another author")
    own = _in_review(story, "eva", "lia", ("rex",), "Zqxown title of a guest editor")
    story_people: dict[str, User | None] = {"anon": None, **story.people}
    world = World(story, story_people, sent_back, undecided, foreign, own)
    world.canaries = list(_secrets(world))
    return world


def _sent_back(story: Story) -> Manuscript:
    manuscript = _handled(story, "ada", "Zqxsentback title", "eva")
    story.invite(manuscript, PANEL)
    for name in PANEL:
        story.agree(manuscript, name)
        _deliver(story, manuscript, name, "reject_resubmit", f"Zqxfirst{name} words")
    story.decide(manuscript, "reject_resubmit", reasons="Zqxfirstreasons are released.")
    manuscript = story.revise(fresh(manuscript))
    from editors.actions import admit_manuscript

    admit_manuscript(actor=story.ivo, manuscript=manuscript)
    story.invite(manuscript, PANEL)
    for name in PANEL:
        story.agree(manuscript, name)
    _deliver(story, manuscript, "rui", "accept", "Zqxsecondrui words")
    return fresh(manuscript)


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
    return fresh(manuscript)


def _handled(
    story: Story, author: str, title: str, editor: str, coauthors: tuple[str, ...] = ("ben",)
) -> Manuscript:
    from editors.actions import admit_manuscript, assign_editor
    from submissions.actions import save_draft, save_named_reviewers

    manuscript = story.draft(author, coauthors)
    version = latest_version(manuscript)
    save_draft(
        actor=story.people[author],
        version=version,
        values={"title": title},
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
    story.submit(fresh(manuscript), author)
    admit_manuscript(actor=story.ivo, manuscript=fresh(manuscript))
    assign_editor(actor=story.kim, manuscript=fresh(manuscript), editor=story.people[editor])
    return fresh(manuscript)


def _deliver(story: Story, manuscript: Manuscript, name: str, verdict: str, words: str) -> None:
    from reviews.actions import deliver_review

    assignment = story.assignment(manuscript, name)
    answers = cast.full_answers(assignment.version, verdict, words=words)
    answers["confidential_comments_to_editor"] = f"{words} Zqxconfidential"
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
            Canary(f"released review of {name}", f"Zqxfirst{name} words", authors | {*PANEL})
            for name in PANEL
        ],
        *[
            Canary(f"held review of {name}", f"Zqxheld{name} words", desk | {name})
            for name in PANEL
        ],
        Canary("review of the second round", "Zqxsecondrui words", desk | {"rui"}),
        Canary("confidential words", "Zqxfirstrui words Zqxconfidential", desk | {"rui"}),
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
        Canary("title of a manuscript", "Zqxsentback title", desk | {"ada", "ben", *PANEL}),
        Canary(
            "review of the editor's own", "Zqxevareview words", OFFICE_SIDE | {"lia", "gus", "rex"}
        ),
        Canary("review of the foreign one", "Zqxdovreview words", desk | {"gus", "rex"}),
        # T8: whom authors oppose.
        Canary("opposed by ada", "Zqxopposed by ada", desk | {"ada"}),
        Canary("why ada opposes", "Zqxquarrel of ada", desk | {"ada"}),
        Canary("opposed by eva", "Zqxopposed by eva", OFFICE_SIDE | {"lia", "gus", "eva"}),
    ]
    held = Letter.objects.get(decision__version__manuscript=world.undecided)
    secrets.append(Canary("number of the held letter", held.number, desk))
    assert held.file is not None
    secrets.append(Canary("hash of the held letter", held.file.sha256, desk))
    return secrets


def _domain(name: str) -> str:
    return WHO[name].domain


def _role(name: str) -> str:
    return {"rex": REVIEWER, "lia": GUEST_EDITOR, "dov": ""}.get(name, ROLES.get(name, ""))
