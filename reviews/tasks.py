"""Celery tasks of the reviewers' part: look up, call one action. Safe to run twice."""

from datetime import timedelta

from celery import shared_task

from accounts.models import User
from reviews import actions
from reviews.models import ImportState, PoolImport, ServiceCertificate
from reviews.queries.checks import concerned_by
from reviews.queries.fits import PEOPLE_KEPT, publication_library, unfitted, version_text
from reviews.states import CheckAct
from tmi_special_issue import clock, tick

_LEASE = timedelta(minutes=5)  # as long as a task may run


@shared_task(name="reviews.tasks.fit_versions")
def fit_versions() -> None:
    """Work out the fits that are missing. What is left when time is up is rung for again."""
    if not tick.claim("fit", _LEASE):
        return
    try:
        waiting = list(unfitted(clock.now()))
        if not waiting:
            return
        state, library = publication_library()
        for version in waiting:
            fits = library.fits(version_text(version), most=PEOPLE_KEPT)
            actions.keep_fits(actor="system:fit", version=version, library=state, fits=fits)
    finally:
        tick.release("fit")


@shared_task(name="reviews.tasks.recheck_person")
def recheck_person(public_id: str) -> None:
    """Apply the conflict rules again wherever a person, whose facts have changed, takes part."""
    person = User.objects.filter(public_id=public_id).first()
    for assignment in concerned_by(person) if person else ():
        actions.recheck_assignment(
            actor="system:conflicts", assignment=assignment, act=CheckAct.FACTS_CHANGED
        )


@shared_task(name="reviews.tasks.render_certificate")
def render_certificate(public_id: str) -> None:
    """Make the PDF of a certificate of service that waits for it."""
    certificate = (
        ServiceCertificate.objects.filter(public_id=public_id).select_related("issue").first()
    )
    if certificate is not None:
        actions.render_certificate(certificate=certificate)


@shared_task(name="reviews.tasks.carry_import")
def carry_import(public_id: str) -> None:
    """Read a file of people, or write one that was confirmed."""
    pool_import = PoolImport.objects.filter(public_id=public_id).first()
    if pool_import is None:
        return
    if pool_import.state == ImportState.READING:
        actions.read_import(actor="system:import", pool_import=pool_import)
    elif pool_import.state == ImportState.WRITING:
        actions.write_import(actor="system:import", pool_import=pool_import)
