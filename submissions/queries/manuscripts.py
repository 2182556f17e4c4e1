"""Manuscripts, versions, authors and files as one person may see them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from accounts.models import User
from accounts.people import Employment, PersonFacts, employment, facts_of, mail_domain_of
from accounts.queries import Visitor
from submissions.models import (
    Author,
    AuthorChange,
    AuthorConsent,
    Correspondence,
    ExtensionRequest,
    Manuscript,
    Receipt,
    Upload,
    Version,
    VersionFile,
    WithdrawalRequest,
)
from submissions.states import OPEN_CHANGES, Confirmation


def manuscripts_of(user: Visitor) -> QuerySet[Manuscript]:
    """The author's door: what a person submits, or was named on as an author once handed in.

    A named author is known by the linked account or by the account's own confirmed address.
    Whoever said "I am not an author" sees nothing of it any more. A guest editor who is an
    author finds the manuscript here and nowhere else (`domain.md` F1).
    """
    if not isinstance(user, User):
        return Manuscript.objects.none()
    named = (
        Author.objects.filter(
            Q(user=user) | Q(email=user.email.lower()),
            version__first_submitted_at__isnull=False,
        )
        .exclude(confirmation=Confirmation.DISPUTED)
        .order_by()
        .values("version__manuscript")
    )
    sent = Manuscript.objects.filter(submitter=user).order_by().values("pk")
    # A union uses an index for each; with OR every manuscript would be read.
    return Manuscript.objects.filter(pk__in=sent.union(named)).select_related("issue", "submitter")


def versions_of(user: Visitor) -> QuerySet[Version]:
    """The versions that a person may read: all handed in, and drafts of which they may edit."""
    return (
        Version.objects.filter(manuscript__in=manuscripts_of(user))
        .filter(Q(first_submitted_at__isnull=False) | Q(pk__in=editable_versions(user)))
        .select_related("manuscript__issue", "manuscript__submitter")
    )


def editable_versions(user: Visitor) -> QuerySet[Version]:
    """The versions that a person may work on: the submitter's, the corresponding author's.

    The corresponding author joins once the manuscript has been handed in: before that the
    submitter is alone with a draft, whatever names are typed into it.
    """
    if not isinstance(user, User):
        return Version.objects.none()
    return Version.objects.filter(_may_edit(user))


def all_versions(user: User, manuscript: Manuscript) -> list[Any]:
    """Every version of a manuscript that the person may see, the newest first, with `may_edit`.

    A draft on which they may not work is among them, because the state of the manuscript depends
    on it; it is not for them to read (`versions_of`). One query.
    """
    versions = Version.objects.filter(manuscript=manuscript).annotate(may_edit=_may_edit(user))
    found = list(versions.order_by("-revision_number"))
    for version in found:
        version.manuscript = manuscript
    return found


def _may_edit(user: User) -> Q:
    corresponds = Author.objects.filter(
        Q(user=user) | Q(email=user.email.lower()),
        version__manuscript=OuterRef("manuscript"),
        version__first_submitted_at__isnull=False,
        is_corresponding=True,
    ).exclude(confirmation=Confirmation.DISPUTED)
    return Q(manuscript__submitter=user) | Q(Exists(corresponds))


def latest_version(manuscript: Manuscript) -> Version:
    """The newest version, a draft included."""
    return Version.objects.filter(manuscript=manuscript).order_by("-revision_number")[0]


def submitted_version(manuscript: Manuscript) -> Version | None:
    """The newest version that is handed in."""
    return (
        Version.objects.filter(manuscript=manuscript, submitted_at__isnull=False)
        .order_by("-revision_number")
        .first()
    )


def draft_version(manuscript: Manuscript) -> Version | None:
    """The version that the author works on now."""
    return (
        Version.objects.filter(manuscript=manuscript, submitted_at__isnull=True)
        .order_by("-revision_number")
        .first()
    )


def files_of(user: Visitor) -> QuerySet[VersionFile]:
    """The files that a person may open as an author."""
    return VersionFile.objects.filter(version__in=versions_of(user)).select_related(
        "file__served", "thumbnail", "version__manuscript__issue"
    )


def uploads_of(user: Visitor) -> QuerySet[Upload]:
    """The person's own unfinished uploads, as long as they may work on the version."""
    if not isinstance(user, User):
        return Upload.objects.none()
    return Upload.objects.filter(owner=user, version__in=editable_versions(user)).select_related(
        "version__manuscript__issue", "version__manuscript__submitter"
    )


def letters_of(user: Visitor) -> QuerySet[Correspondence]:
    """The letters that a person may open as an author."""
    return Correspondence.objects.filter(manuscript__in=manuscripts_of(user)).select_related(
        "file", "manuscript"
    )


def receipts_of(user: Visitor) -> QuerySet[Receipt]:
    """The receipts that a person may read as an author."""
    return Receipt.objects.filter(version__in=versions_of(user)).select_related(
        "version__manuscript__issue"
    )


def open_withdrawal(manuscript: Manuscript) -> WithdrawalRequest | None:
    """The request to withdraw that nobody has answered yet."""
    return (
        WithdrawalRequest.objects.filter(manuscript=manuscript, answer="")
        .select_related("asked_by", "manuscript__issue")
        .first()
    )


def extension_requests(manuscript: Manuscript) -> QuerySet[ExtensionRequest]:
    """What the authors asked in more time, the latest first."""
    return ExtensionRequest.objects.filter(manuscript=manuscript).select_related("asked_by")


def open_extension_request(manuscript: Manuscript) -> ExtensionRequest | None:
    """The request for more time that nobody has answered yet."""
    request = extension_requests(manuscript).filter(outcome="").first()
    if request is not None:
        request.manuscript = manuscript
    return request


def open_author_change(manuscript: Manuscript) -> AuthorChange | None:
    """The changed list of authors that waits for consents or for the editor-in-chief."""
    return (
        AuthorChange.objects.filter(manuscript=manuscript, state__in=OPEN_CHANGES)
        .select_related("asked_by", "manuscript__issue")
        .first()
    )


def consent_of_token_key(public_id: str) -> AuthorConsent | None:
    """The consent that a mail's link names."""
    return (
        AuthorConsent.objects.filter(public_id=public_id)
        .select_related("change__manuscript__issue", "change__asked_by")
        .first()
    )


def read_files(versions: Sequence[Version]) -> None:
    """Have the files and authors of these versions at hand: two queries however many they are."""
    files = VersionFile.objects.select_related("file__served", "thumbnail")
    prefetch_related_objects(versions, Prefetch("files", files), "authors")


def author_of_token_key(public_id: str) -> Author | None:
    """The author row that a confirmation link names, as long as its version is handed in."""
    return (
        Author.objects.filter(public_id=public_id, version__submitted_at__isnull=False)
        .select_related("version__manuscript__issue", "version__manuscript__submitter")
        .first()
    )


def disputed_authors(manuscript: Manuscript) -> QuerySet[Author]:
    """Authors of the handed-in versions who said that they are none: the office's flag."""
    return Author.objects.filter(
        version__manuscript=manuscript,
        version__submitted_at__isnull=False,
        confirmation=Confirmation.DISPUTED,
    )


def listed_authors(version: Version) -> QuerySet[Author]:
    """The authors in order, with their accounts, which know whose ORCID iD is confirmed."""
    return Author.objects.filter(version=version).select_related("user").order_by("position")


def author_people(version: Version) -> list[PersonFacts]:
    """The authors as the conflict rules see them, in order. Two queries, three with accounts."""
    return [facts for _, facts in _with_facts(listed_authors(version))]


def people_of(manuscripts: Iterable[int]) -> dict[int, list[PersonFacts]]:
    """The authors of all handed-in versions, by the manuscript's key. At most three queries."""
    found: dict[int, list[PersonFacts]] = {}
    authors = Author.objects.filter(
        version__manuscript__in=list(manuscripts), version__first_submitted_at__isnull=False
    ).select_related("user", "version")
    for author, facts in _with_facts(authors):
        found.setdefault(author.version.manuscript_id, []).append(facts)
    return found


def _with_facts(rows: QuerySet[Author]) -> list[tuple[Author, PersonFacts]]:
    authors = list(rows)
    accounts = facts_of({author.user for author in authors if author.user})
    return [(author, author_facts(author, accounts)) for author in authors]


def author_facts(author: Author, accounts: Mapping[str, PersonFacts]) -> PersonFacts:
    """What is known of an author: as typed, and of the account among `accounts` (by public id)."""
    account = accounts.get(author.user.public_id) if author.user else None
    typed: Employment = employment(
        author.institution, ror=author.ror, mail_domain=mail_domain_of(author.email)
    )
    emails = frozenset({author.email.strip().lower()} - {""})
    if account is None:
        return PersonFacts(
            key=f"author:{author.public_id}",
            name=author.full_name,
            emails=emails,
            orcid=author.orcid,
            affiliations=(typed,),
            is_verified=False,
        )
    return PersonFacts(
        key=account.key,
        name=author.full_name or account.name,
        emails=emails | account.emails,
        orcid=author.orcid or account.orcid,
        affiliations=(typed, *account.affiliations),
        coauthors=account.coauthors,
        papers=account.papers,
        is_verified=account.is_verified,
        is_identified=account.is_identified,
    )
