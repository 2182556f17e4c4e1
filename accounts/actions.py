"""Every write about people: profiles, affiliations, roles, accounts."""

from collections.abc import Collection
from datetime import date

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts import mails, orcid, ror
from accounts.models import Affiliation, Role, RoleName, RorParent, User
from accounts.permissions import may_edit_person, may_grant_roles
from tmi_special_issue import audit, clock, doorbell, outbox
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal

# Who acts when no person does: a command typed on the server.
COMMAND = "system:command"


@transaction.atomic
def save_profile(
    *,
    actor: User,
    given_name: str,
    family_name: str,
    native_name: str,
    orcid_id: str,
    country: str,
    time_zone: str,
) -> User:
    """Keep what a person says of themselves (`domain.md` G.2). Names stay as typed.

    A typed ORCID iD is unverified; one confirmed at ORCID cannot be typed over.

    Raises:
        Refusal: `orcid_confirmed`, `orcid_wrong`.
    """
    person = User.objects.select_for_update().get(pk=actor.pk)
    _check_may_edit(actor, person)
    try:
        orcid_id = orcid.normalise(orcid_id)
    except orcid.NotAnOrcid as wrong:
        raise Refusal("orcid_wrong", str(wrong), field="orcid", status=400) from wrong
    if person.orcid_verified and orcid_id != person.orcid:
        raise Refusal(
            "orcid_confirmed",
            f"ORCID iD {person.orcid} was confirmed by ORCID and cannot be typed over.",
            field="orcid",
        )
    wanted = {
        "given_name": given_name,
        "family_name": family_name,
        "native_name": native_name,
        "orcid": orcid_id,
        "country": country,
        "time_zone": time_zone,
    }
    changed = sorted(name for name, value in wanted.items() if getattr(person, name) != value)
    if changed:
        for name in changed:
            setattr(person, name, wanted[name])
        person.save(update_fields=changed)
        # The record names the fields, not their values: the person may want them forgotten.
        audit.record(actor, "profile.saved", person, fields=changed)
    return person


@transaction.atomic
def confirm_orcid(*, actor: User, orcid_id: str) -> User:
    """Note an ORCID iD that ORCID itself has just confirmed as this person's.

    Raises:
        Refusal: `orcid_taken` when another account has the same confirmed iD.
    """
    person = User.objects.select_for_update().get(pk=actor.pk)
    orcid_id = orcid.normalise(orcid_id)
    if person.orcid == orcid_id and person.orcid_verified:
        return person
    person.orcid = orcid_id
    person.orcid_verified = True
    try:
        with transaction.atomic():
            person.save(update_fields=["orcid", "orcid_verified"])
    except IntegrityError as taken:
        raise Refusal(
            "orcid_taken",
            f"ORCID iD {orcid_id} is already confirmed for another account. Sign in to that "
            "account, or ask the editorial office to join the two.",
            field="orcid",
        ) from taken
    audit.record(actor, "orcid.confirmed", person, orcid=orcid_id)
    _judge_again(person)
    return person


@transaction.atomic
def confirm_address(*, actor: User) -> bool:
    """Note that the person's address is theirs: they came through a link that was mailed to it.

    Nothing happens when it is confirmed already, here or for another account. Returns whether it
    is new.
    """
    person = User.objects.select_for_update().get(pk=actor.pk)
    if EmailAddress.objects.filter(email__iexact=person.email, verified=True).exists():
        return False
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True}
    )
    audit.record(actor, "address.confirmed", person)
    return True


@transaction.atomic
def add_affiliation(
    *,
    actor: User,
    institution: str,
    department: str = "",
    city: str = "",
    country: str = "",
    ror_id: str = "",
    mail_domain: str = "",
    started_on: date | None = None,
    ended_on: date | None = None,
) -> Affiliation:
    """Add a place where the person works or worked. The same one twice is kept once.

    Raises:
        Refusal: `ror_wrong`, `ends_before_start`.
    """
    person = User.objects.select_for_update().get(pk=actor.pk)
    _check_may_edit(actor, person)
    try:
        ror_id = ror.normalise(ror_id)
    except ror.NotAnRor as wrong:
        raise Refusal("ror_wrong", str(wrong), field="ror", status=400) from wrong
    _check_order(started_on, ended_on)
    affiliation, is_new = Affiliation.objects.get_or_create(
        user=person,
        institution=institution,
        department=department,
        city=city,
        country=country,
        ror=ror_id,
        mail_domain=mail_domain.lower(),
        started_on=started_on,
        ended_on=ended_on,
    )
    if is_new:
        audit.record(
            actor, "affiliation.added", person, affiliation=affiliation.public_id, ror=ror_id
        )
        _judge_again(person)
    return affiliation


@transaction.atomic
def load_ror_parents(*, actor: str, pairs: Collection[tuple[str, str]]) -> int:
    """Replace what is known of which institution belongs to which (`accounts.ror.all_parents`).

    Returns how many relations there are now. The same again changes nothing.
    """
    present = set(RorParent.objects.values_list("child", "parent"))
    wanted = set(pairs)
    if present != wanted:
        RorParent.objects.all().delete()
        RorParent.objects.bulk_create(
            (RorParent(child=child, parent=parent) for child, parent in sorted(wanted)),
            batch_size=2000,
        )
        audit.record(actor, "ror_parents.loaded", RorParent(), count=len(wanted))
    return len(wanted)


@transaction.atomic
def end_affiliation(*, actor: User, affiliation: Affiliation, ended_on: date) -> Affiliation:
    """Note the last day at an institution. It stays on record: conflicts reach back in time.

    Raises:
        Refusal: `not_yours`, `ends_before_start`.
    """
    row = Affiliation.objects.select_for_update().select_related("user").get(pk=affiliation.pk)
    _check_may_edit(actor, row.user)
    _check_order(row.started_on, ended_on)
    if row.ended_on != ended_on:
        row.ended_on = ended_on
        row.save(update_fields=["ended_on"])
        audit.record(
            actor, "affiliation.ended", row.user, affiliation=row.public_id, ended_on=str(ended_on)
        )
        _judge_again(row.user)
    return row


@transaction.atomic
def open_account(
    *, actor: User | str, email: str, given_name: str = "", family_name: str = ""
) -> User:
    """Return the account of an address; make one without a password when there is none.

    The person proves the address at the first sign-in with a code sent there.
    """
    address = email.strip().lower()
    found = User.objects.select_for_update().filter(email__iexact=address).first()
    if found:
        return found
    person = User(email=address, given_name=given_name, family_name=family_name)
    person.set_unusable_password()
    person.save()
    EmailAddress.objects.create(user=person, email=address, primary=True, verified=False)
    audit.record(actor, "account.opened", person)
    return person


@transaction.atomic
def grant_role(*, actor: User | str, issue: SpecialIssue, person: User, name: str) -> Role:
    """Give a person a role in an issue; having it already changes nothing.

    `actor` is the editorial office, or "system:…" for a command on the server.

    Raises:
        Refusal: `not_office`, `unknown_role`.
    """
    _check_may_grant(actor, issue)
    if name not in RoleName.values:
        raise Refusal(
            "unknown_role",
            f"There is no role “{name}”; the roles are {', '.join(RoleName.values)}.",
            field="name",
            status=400,
        )
    locked = User.objects.select_for_update().get(pk=person.pk)
    role, is_new = Role.objects.get_or_create(
        issue=issue, user=locked, name=name, ended_at__isnull=True
    )
    if is_new:
        audit.record(actor, "role.granted", issue, person=locked.audit_key, name=name)
    return role


@transaction.atomic
def end_role(*, actor: User | str, issue: SpecialIssue, person: User, name: str) -> None:
    """End a person's role in an issue; from the next request on its door is shut.

    Raises:
        Refusal: `not_office`.
    """
    _check_may_grant(actor, issue)
    ended = Role.objects.select_for_update().filter(
        issue=issue, user=person, name=name, ended_at__isnull=True
    )
    if ended.update(ended_at=clock.now()):
        audit.record(actor, "role.ended", issue, person=person.audit_key, name=name)


@transaction.atomic
def invite_editor(
    *,
    actor: User | str,
    issue: SpecialIssue,
    email: str,
    given_name: str,
    family_name: str,
    affiliation: str,
    rors: list[str],
) -> User:
    """Open an account for a guest editor named in the call, give the role, and tell by mail."""
    _check_may_grant(actor, issue)
    person = open_account(actor=actor, email=email, given_name=given_name, family_name=family_name)
    if affiliation and not Affiliation.objects.filter(user=person).exists():
        Affiliation.objects.bulk_create(
            Affiliation(user=person, institution=affiliation, ror=ror.normalise(ror_id))
            for ror_id in rors or [""]
        )
    grant_role(actor=actor, issue=issue, person=person, name=RoleName.GUEST_EDITOR)
    outbox.queue(
        mails.editor_invited(issue, person), f"editor_invited:{issue.key}:{person.public_id}"
    )
    return person


def _judge_again(person: User) -> None:
    """Where somebody works has changed: conflicts of interest are looked for anew."""
    doorbell.ring("reviews.tasks.recheck_person", person.public_id)
    doorbell.ring("editors.tasks.rescreen_person", person.public_id)


def _check_may_edit(actor: User, person: User) -> None:
    if not may_edit_person(actor, person):
        raise Refusal("not_yours", "Only the person themselves can change this.", status=404)


def _check_may_grant(actor: User | str, issue: SpecialIssue) -> None:
    if isinstance(actor, User) and not may_grant_roles(actor, issue):
        raise Refusal(
            "not_office", "Roles are given and ended by the editorial office.", status=403
        )


def _check_order(started_on: date | None, ended_on: date | None) -> None:
    if started_on and ended_on and ended_on < started_on:
        raise Refusal(
            "ends_before_start",
            f"Last day is {ended_on:%-d %b %Y}, before the first day {started_on:%-d %b %Y}. "
            "Give a later day.",
            field="ended_on",
            status=400,
        )
