"""Give a person a role in an issue."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts import actions
from accounts.models import RoleName
from accounts.queries import person_by_address
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.refusal import Refusal


class Command(BaseCommand):
    """manage.py grant_role EMAIL ROLE --issue KEY"""

    help = "Give the account with this address a role in an issue. Twice changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=RoleName.values)
        parser.add_argument("--issue", required=True, metavar="KEY")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        issue = SpecialIssue.objects.filter(key=options["issue"]).first()
        if issue is None:
            keys = ", ".join(SpecialIssue.objects.values_list("key", flat=True)) or "none"
            raise CommandError(f"There is no issue “{options['issue']}”; there are: {keys}.")
        person = person_by_address(options["email"])
        if person is None:
            raise CommandError(
                f"There is no account with the address {options['email']}. The person signs up "
                "first, or invite_editors opens the accounts of the guest editors."
            )
        if not options["dry_run"]:
            try:
                actions.grant_role(
                    actor=actions.COMMAND, issue=issue, person=person, name=options["role"]
                )
            except Refusal as refusal:
                raise CommandError(refusal.sentence) from refusal
        answer = {
            "email": person.email,
            "role": options["role"],
            "issue": issue.key,
            "done": not options["dry_run"],
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer))
        else:
            would = "would get" if options["dry_run"] else "has"
            self.stdout.write(f"{person.email} {would} the role {options['role']} in {issue.key}.")
