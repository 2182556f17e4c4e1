"""Celery tasks of the desk: look up, call one action. Safe to run twice."""

from celery import shared_task

from accounts.models import User
from editors import actions
from editors.models import Letter
from editors.queries.handling import concerned_by


@shared_task(name="editors.tasks.render_letter")
def render_letter(public_id: str) -> None:
    """Make the PDF of a letter that waits for it."""
    letter = Letter.objects.filter(public_id=public_id).first()
    if letter is not None:
        actions.render_letter(letter=letter)


@shared_task(name="editors.tasks.rescreen_person")
def rescreen_person(public_id: str) -> None:
    """Look for conflicts of editors anew in what a person edits or has written."""
    person = User.objects.filter(public_id=public_id).first()
    for manuscript in concerned_by(person) if person else ():
        actions.rescreen_manuscript(actor="system:conflicts", manuscript=manuscript)
