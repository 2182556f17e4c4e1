"""What a version is made of, for a page that shows it, checks it and edits it."""

from functools import cached_property

from submissions.checks import Change
from submissions.models import (
    Author,
    DeclaredConflict,
    NamedReviewer,
    ResponsePoint,
    Version,
    VersionFile,
)
from submissions.queries.manuscripts import listed_authors
from submissions.queries.responses import changes_with, points_of
from tmi_special_issue.models import Topic


class Parts:
    """The parts of one version, each read when it is first asked for and then kept.

    For one page only: what is saved meanwhile is not seen. All of them take five queries, for a
    revision eight.
    """

    def __init__(self, version: Version) -> None:
        self.version = version

    @cached_property
    def files(self) -> list[VersionFile]:
        """With the stored files, by kind."""
        rows = VersionFile.objects.filter(version=self.version)
        return list(rows.select_related("file__served", "thumbnail").order_by("kind", "id"))

    @cached_property
    def topics(self) -> list[Topic]:
        return list(self.version.topics.all())

    @cached_property
    def authors(self) -> list[Author]:
        """In order, with their accounts."""
        return list(listed_authors(self.version))

    @cached_property
    def named_reviewers(self) -> list[NamedReviewer]:
        """Suggested before opposed."""
        rows = NamedReviewer.objects.filter(version=self.version)
        return list(rows.order_by("is_opposed", "id"))

    @cached_property
    def declared_conflicts(self) -> list[DeclaredConflict]:
        """With the accounts of the editors among them."""
        rows = DeclaredConflict.objects.filter(version=self.version)
        return list(rows.select_related("editor").order_by("id"))

    @cached_property
    def points(self) -> list[ResponsePoint]:
        """What a revision answers, by reviewer and number; none for an original."""
        return points_of(self.version)

    @cached_property
    def changes(self) -> list[Change]:
        """What a revision has changed since the version before it; none for an original."""
        return changes_with(self.version, self.authors) if self.version.revision_number else []
