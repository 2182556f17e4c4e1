"""Look at the mails that wait for a person, and send them again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tmi_special_issue import outbox
from tmi_special_issue.actions import send_again
from tmi_special_issue.refusal import Refusal

ACTOR = "system:command"


class Command(BaseCommand):
    """manage.py held_mail [--send ID ...]"""

    help = (
        "List the mails that were given up or perhaps sent. --send puts one back into the queue "
        "under its own Message-ID; twice sends once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--send", nargs="+", default=[], metavar="ID")

    def handle(self, *args: Any, **options: Any) -> None:
        for public_id in options["send"]:
            row = outbox.held().filter(public_id=public_id).first()
            if row is None:
                raise CommandError(f"No mail with the id {public_id} waits for a person.")
            try:
                send_again(actor=ACTOR, message=row)
            except Refusal as refusal:
                raise CommandError(refusal.sentence) from refusal
            self.stdout.write(f"{row.public_id}  goes out again: {row.subject}")
        if not options["send"]:
            rows = list(outbox.held())
            for row in rows:
                self.stdout.write(
                    f"{row.public_id}  {row.queued_at:%Y-%m-%d %H:%M}  {row.to}  {row.subject}\n"
                    f"    {row.get_state_display()}. {row.last_error}".rstrip()
                )
            self.stdout.write(f"Waiting for a person: {len(rows)}.")
