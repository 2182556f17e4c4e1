"""Celery tasks of the desk: look up, call one action. Safe to run twice."""

from celery import shared_task

from editors import actions
from editors.models import Letter


@shared_task(name="editors.tasks.render_letter")
def render_letter(public_id: str) -> None:
    """Make the PDF of a letter that waits for it."""
    letter = Letter.objects.filter(public_id=public_id).first()
    if letter is not None:
        actions.render_letter(letter=letter)
