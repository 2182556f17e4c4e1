"""Celery tasks of the authors' door: look up, call one action. Safe to run twice."""

from celery import shared_task

from submissions import actions
from submissions.models import Version


@shared_task(name="submissions.tasks.render_response")
def render_response(public_id: str) -> None:
    """Make the PDF of the answers of a revision that waits for it."""
    version = (
        Version.objects.filter(public_id=public_id).select_related("manuscript__issue").first()
    )
    if version is not None:
        actions.render_response(version=version)


@shared_task(name="submissions.tasks.measure_overlap")
def measure_overlap(public_id: str) -> None:
    """Compare a version with the conference paper that it extends."""
    version = Version.objects.filter(public_id=public_id).first()
    if version is not None:
        actions.measure_overlap(actor="system:overlap", version=version)
