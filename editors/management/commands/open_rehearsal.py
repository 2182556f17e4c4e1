"""manage.py open_rehearsal: fill an empty database with an invented issue in full swing."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from editors.rehearsal import people
from editors.rehearsal.opening import clear, open_rehearsal
from tmi_special_issue import links
from tmi_special_issue.refusal import Refusal

SHOWN = ("ada", "rui", "eva", "kim", "ivo")
PART = {"ada": "author", "rui": "reviewer"}


class Command(BaseCommand):
    """Opens the rehearsal. Run again, it changes nothing; `--fresh` begins anew."""

    help = "Fill an empty database with invented people and manuscripts (rehearsal mode only)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="remove the old one first")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        try:
            if options["fresh"] and settings.REHEARSAL:
                clear()
            done = open_rehearsal(self.stdout.write)
        except Refusal as refusal:
            raise CommandError(refusal.sentence) from refusal
        if done:
            self.stdout.write(f"The rehearsal is open ({time.monotonic() - started:.0f} s).")
        self.stdout.write(f"Sign in as anybody, without a password: {_page()}")
        for key in SHOWN:
            person = people.BY_KEY[key]
            part = PART.get(key) or str(person.role).replace("_", " ")
            self.stdout.write(f"  {person.name:<18} {part:<16} {person.email}")


def _page() -> str:
    return links.absolute("rehearsal:sign_in_as")
