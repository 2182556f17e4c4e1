"""Open the desk to the guest editors whom the call names."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import actions
from tmi_special_issue.models import ListedEditor, SpecialIssue


class Command(BaseCommand):
    """manage.py invite_editors --issue KEY"""

    help = (
        "Open an account without a password for each guest editor of the call, give the role and "
        "send a mail with the way in. Twice invites nobody twice. Refused in a rehearsal."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--issue", required=True, metavar="KEY")
        parser.add_argument("--dry-run", action="store_true", help="say who would be invited")
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.REHEARSAL:
            raise CommandError(
                "This is a rehearsal: the call names real people, and nothing here may reach them."
            )
        issue = SpecialIssue.objects.filter(key=options["issue"]).first()
        if issue is None:
            raise CommandError(f"There is no issue “{options['issue']}”.")
        listed = list(ListedEditor.objects.filter(issue=issue))
        if not options["dry_run"]:
            with transaction.atomic():
                for editor in listed:
                    actions.invite_editor(
                        actor=actions.COMMAND,
                        issue=issue,
                        email=editor.email,
                        given_name=editor.given_name,
                        family_name=editor.family_name,
                        affiliation=editor.affiliation,
                        rors=list(editor.rors),
                    )
        addresses = [editor.email for editor in listed]
        if options["json"]:
            answer = {"issue": issue.key, "editors": addresses, "done": not options["dry_run"]}
            self.stdout.write(json.dumps(answer))
        else:
            would = "would be invited" if options["dry_run"] else "are invited"
            self.stdout.write(f"{len(addresses)} guest editors {would}: {', '.join(addresses)}")
