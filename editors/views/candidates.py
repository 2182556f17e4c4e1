"""What the pages of the panel look at: the candidates, whom the editor searched for, the choice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Self

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, QueryDict

from accounts.models import User
from editors.models import MatchedPanel
from editors.panel import Slate, propose_slate
from editors.queries.desk import Viewer
from editors.queries.matching import matched_panel
from editors.queries.panel import earlier_reviewers
from editors.queries.pool import search_pool
from editors.queries.typed import SEARCH_LENGTH_MAX
from editors.views.found import find_manuscript, find_version, standing_of
from reviews.models import ProposedReviewer
from reviews.permissions import may_waive
from reviews.queries import Candidate, candidates
from reviews.queries.proposals import proposals_of
from submissions.models import Manuscript, NamedReviewer, Version
from submissions.states import RevisionKind, Stage
from tmi_special_issue.models import SpecialIssue

FOUND_LENGTH = 10


@dataclass(frozen=True)
class Sought:
    """A search for somebody in particular: a page of the pool, with the ticks as they were."""

    text: str
    page: Page[User]
    picked: frozenset[str]
    standby: frozenset[str]

    @classmethod
    def of(cls, issue: SpecialIssue, data: QueryDict) -> Self | None:
        """None where nobody is searched for."""
        if "find" not in data:
            return None
        text = str(data["find"]).strip()
        people = search_pool(issue, text=text) if text else User.objects.none()
        return cls(
            text=text[:SEARCH_LENGTH_MAX],
            page=Paginator(people, FOUND_LENGTH).get_page(data.get("page")),
            picked=frozenset(data.getlist("pick")),
            standby=frozenset(data.getlist("standby")),
        )

    @property
    def keys(self) -> list[str]:
        return [person.public_id for person in self.page]


@dataclass(frozen=True)
class Panel:
    """What the page needs of one manuscript's candidates."""

    viewer: Viewer
    manuscript: Manuscript
    version: Version
    editor: User
    everybody: list[Candidate]
    places: int
    named: Sequence[NamedReviewer] = ()
    proposed: Sequence[ProposedReviewer] = ()
    matched: MatchedPanel | None = None
    may_waive: bool = False
    brought: frozenset[str] = frozenset()
    sought: Sought | None = None

    @property
    def open_ones(self) -> list[Candidate]:
        return [c for c in self.everybody if not c.is_blocked and not c.is_asked]

    @property
    def waivable(self) -> list[Candidate]:
        """In conflict, and to be invited all the same by this viewer, with a reason."""
        return [c for c in self.everybody if self.may_waive and c.is_waivable and not c.is_asked]

    @property
    def asked(self) -> list[Candidate]:
        return [c for c in self.everybody if c.is_asked]

    def ticked(self, slate: Slate) -> Collection[int]:
        """The keys of those to be ticked: the proposal, or after a search what was ticked then."""
        if self.sought is None:
            return slate.chosen
        picked = self.sought.picked
        return {c.user.pk for c in self.everybody if c.user.public_id in picked}

    def found(self, *, but: Collection[int]) -> list[Candidate]:
        """Who was searched for and is not ticked, in the order of the search, whoever is in
        conflict or has a place already included."""
        known = {c.user.pk: c for c in self.everybody if c.user.pk not in but}
        people = self.sought.page if self.sought else ()
        return [known[person.pk] for person in people if person.pk in known]

    def slate(self, *, priced: int = 0) -> Slate:
        """The best people for the free places; those whom the editor brings from the clinic or a
        matching of all manuscripts proposes, and reviewers of the former round, come first.

        Whoever was asked for this version before and declined, was silent or was let go is
        offered, and proposed only where the editor brings them.
        """
        earlier = earlier_reviewers(self.version)
        returning = {key for key, wanted in earlier.items() if wanted}
        proposed = self.brought | set(self.matched.people if self.matched else ())
        return propose_slate(
            [c for c in self.open_ones if not c.state or c.user.public_id in self.brought],
            places=self.places,
            first=returning | {c.user.pk for c in self.open_ones if c.user.public_id in proposed},
            taken=self.asked,
            priced=priced,
        )


@dataclass(frozen=True)
class Choice:
    """Who is to be invited, and who is to stand by, in this order."""

    picks: list[Candidate]
    standbys: list[Candidate]


def panel_of(request: HttpRequest, public_id: str) -> Panel:
    viewer, found = find_manuscript(request, public_id)
    may = standing_of(viewer, found)
    if not may.may_handle:
        raise Http404
    editor = may.editor or viewer.user
    version, _ = find_version(found)
    if found.stage != Stage.IN_REVIEW or version.revision_kind == RevisionKind.MINOR:
        return Panel(viewer, found, version, editor, [], 0)
    data = request.POST if request.method == "POST" else request.GET
    brought = frozenset(request.GET.getlist("also"))
    sought = Sought.of(found.issue, request.GET)
    also = [*brought, *data.getlist("pick"), *data.getlist("standby")]
    if sought:
        also = [*sought.keys, *also]
    named = list(NamedReviewer.objects.filter(version=version))
    proposed = proposals_of(version)
    everybody = candidates(
        version,
        editor_key=editor.public_id,
        unseen=viewer.hidden,
        also=also,
        named=named,
        proposed=proposed,
    )
    held = sum(c.is_asked for c in everybody)
    return Panel(
        viewer,
        found,
        version,
        editor,
        everybody,
        places=max(0, found.issue.reviewers_needed - held),
        named=named,
        proposed=proposed,
        matched=matched_panel(version),
        may_waive=may_waive(viewer.user, found.issue, viewer.roles),
        brought=brought,
        sought=sought,
    )


def choice_of(made: Panel, data: QueryDict, *, among: list[Candidate] | None = None) -> Choice:
    """Who is ticked in a form. Those who stand by come in the order of their numbers."""
    people = [*made.open_ones, *made.waivable] if among is None else among
    picked, held = set(data.getlist("pick")), set(data.getlist("standby"))
    picks = [c for c in people if c.user.public_id in picked]
    standbys = [c for c in people if c.user.public_id in held - picked and not c.is_asked]
    return Choice(picks, sorted(standbys, key=lambda c: _position(data, c)))


def _position(data: QueryDict, candidate: Candidate) -> int:
    wanted = data.get(f"position-{candidate.user.public_id}", "")
    return int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 0
