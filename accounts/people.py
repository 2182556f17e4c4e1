"""A person reduced to the facts on which conflict rules look (`domain.md` F).

Reviewers have accounts, authors are free text on a version; both become `PersonFacts`, so that
the rules see one shape. Values are normalised on the way in: addresses and domains in lower case,
ROR ids and ORCID iDs bare (no resolver), empty string for "not known".
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from allauth.account.models import EmailAddress

from accounts.models import Affiliation, RorParent, User

# Mail providers open to everybody: a shared domain says nothing about a shared employer.
PUBLIC_MAIL_DOMAINS = frozenset(
    {
        "126.com",
        "139.com",
        "163.com",
        "aliyun.com",
        "aol.com",
        "duck.com",
        "fastmail.com",
        "foxmail.com",
        "free.fr",
        "gmail.com",
        "gmx.com",
        "gmx.de",
        "gmx.net",
        "googlemail.com",
        "hotmail.co.uk",
        "hotmail.com",
        "hotmail.fr",
        "icloud.com",
        "laposte.net",
        "libero.it",
        "live.com",
        "mac.com",
        "mail.com",
        "mail.ru",
        "me.com",
        "msn.com",
        "naver.com",
        "orange.fr",
        "outlook.com",
        "pm.me",
        "posteo.de",
        "proton.me",
        "protonmail.com",
        "qq.com",
        "rediffmail.com",
        "sina.com",
        "sohu.com",
        "t-online.de",
        "tutanota.com",
        "vip.163.com",
        "vip.qq.com",
        "web.de",
        "yahoo.co.in",
        "yahoo.co.jp",
        "yahoo.co.uk",
        "yahoo.com",
        "yahoo.de",
        "yahoo.fr",
        "yandex.com",
        "yandex.ru",
        "yeah.net",
        "zoho.com",
    }
)


@dataclass(frozen=True, slots=True)
class Employment:
    """One affiliation. No `ended_on` means that it lasts; no `started_on`, since ever.

    `ror_parents` are the ROR ids of the institutions to which this one belongs, at any height.
    """

    institution: str
    ror: str = ""
    mail_domain: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    ror_parents: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CoauthorFacts:
    """Somebody with whom a person published, and in which year."""

    name: str = ""
    email: str = ""
    orcid: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """What the rules know of one person.

    `key` identifies the person among those compared: the account's public id, or for an author
    without an account any string that cannot be one, such as "author:<public_id>". `papers` are
    (DOI, year) of the own publications. `is_verified`: some address or ORCID iD was proven;
    `is_identified`: one that tells who it is, of an institution or ORCID (F10, F17).
    """

    key: str
    name: str
    emails: frozenset[str] = frozenset()
    orcid: str = ""
    affiliations: tuple[Employment, ...] = ()
    coauthors: tuple[CoauthorFacts, ...] = ()
    papers: frozenset[tuple[str, int]] = frozenset()
    is_verified: bool = True
    is_identified: bool = True


def mail_domain_of(address: str) -> str:
    """The domain of an address in lower case, or "" when the provider is open to everybody."""
    domain = address.rpartition("@")[2].strip().strip(".").lower()
    return "" if is_public_domain(domain) else domain


def is_public_domain(domain: str) -> bool:
    """Does this domain belong to a mail provider that anybody may use?"""
    return domain.strip().strip(".").lower() in PUBLIC_MAIL_DOMAINS


def employment(
    institution: str,
    *,
    ror: str = "",
    mail_domain: str = "",
    started_on: date | None = None,
    ended_on: date | None = None,
) -> Employment:
    """An `Employment` with ROR id and mail domain in their bare, comparable form."""
    domain = mail_domain.strip().strip(".").lower().removeprefix("@")
    return Employment(
        institution=institution.strip(),
        ror=ror.strip().rstrip("/").rpartition("/")[2].lower(),
        mail_domain="" if is_public_domain(domain) else domain,
        started_on=started_on,
        ended_on=ended_on,
    )


def with_ror_parents(people: Iterable[PersonFacts]) -> list[PersonFacts]:
    """The same people, knowing to which institutions theirs belong. One query, none without ROR."""
    facts = list(people)
    rors = {a.ror for person in facts for a in person.affiliations if a.ror}
    above: dict[str, set[str]] = defaultdict(set)
    if rors:
        for child, parent in RorParent.objects.filter(child__in=rors).values_list(
            "child", "parent"
        ):
            above[child].add(parent)
    if not above:
        return facts
    return [
        replace(
            person,
            affiliations=tuple(
                replace(a, ror_parents=frozenset(above[a.ror])) if a.ror in above else a
                for a in person.affiliations
            ),
        )
        for person in facts
    ]


def facts_of(users: Iterable[User]) -> dict[str, PersonFacts]:
    """The facts of accounts by public id, in two queries however many there are.

    Publications are not known here (they belong to the reviewers' package, which adds them);
    the co-author list is therefore empty. Verified is who has confirmed an address or
    authenticated an ORCID iD (F17).
    """
    people = list(users)
    # Read afresh, whatever the accounts at hand have in memory: an act judges by what is so now.
    employments: dict[int, list[Affiliation]] = defaultdict(list)
    for row in Affiliation.objects.filter(user__in=[user.pk for user in people]):
        employments[row.user_id].append(row)
    addresses: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    rows = EmailAddress.objects.filter(user__in=[user.pk for user in people])
    for key, address, is_confirmed in rows.values_list("user_id", "email", "verified"):
        addresses[key].append((address.strip().lower(), is_confirmed))
    return {
        user.public_id: _facts(user, addresses[user.pk], employments[user.pk]) for user in people
    }


def _facts(
    user: User, addresses: list[tuple[str, bool]], employments: list[Affiliation]
) -> PersonFacts:
    known = {user.email.strip().lower(), *(address for address, _ in addresses)}
    return PersonFacts(
        key=user.public_id,
        name=user.full_name or user.email,
        emails=frozenset(known - {""}),
        orcid=user.orcid.strip().upper(),
        affiliations=tuple(
            employment(
                row.institution,
                ror=row.ror,
                mail_domain=row.mail_domain,
                started_on=row.started_on,
                ended_on=row.ended_on,
            )
            for row in employments
        ),
        is_verified=user.orcid_verified or any(confirmed for _, confirmed in addresses),
        is_identified=user.orcid_verified
        or any(confirmed and mail_domain_of(address) for address, confirmed in addresses),
    )
