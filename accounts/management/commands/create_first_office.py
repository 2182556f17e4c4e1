"""Open the account of the editorial office on a fresh installation."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from accounts import actions
from accounts.models import RoleName
from accounts.queries import people_with
from tmi_special_issue import links
from tmi_special_issue.models import SpecialIssue
from tmi_special_issue.queries import current_issue


class Command(BaseCommand):
    """manage.py create_first_office EMAIL"""

    help = (
        "Open an account without a password and give it the office of an issue. The person signs "
        "in with a code sent to the address. Refused once the issue has an office."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--issue", metavar="KEY", help="default: the issue opened last")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done")
        parser.add_argument("--json", action="store_true", help="answer as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as wrong:
            raise CommandError(f"“{email}” is not an e-mail address.") from wrong
        issue = self._issue(options["issue"])
        holder = people_with(issue, RoleName.OFFICE).first()
        if holder is not None:
            raise CommandError(
                f"{issue.key} has an office already ({holder.email}). Use grant_role for another."
            )
        if not options["dry_run"]:
            with transaction.atomic():
                person = actions.open_account(actor=actions.COMMAND, email=email)
                actions.grant_role(
                    actor=actions.COMMAND, issue=issue, person=person, name=RoleName.OFFICE
                )
        address = links.absolute("account_request_login_code")
        if options["json"]:
            answer = {
                "email": email,
                "issue": issue.key,
                "sign_in_url": address,
                "done": not options["dry_run"],
            }
            self.stdout.write(json.dumps(answer))
        elif options["dry_run"]:
            self.stdout.write(f"{email} would become the office of {issue.key}.")
        else:
            self.stdout.write(f"{email} is the office of {issue.key}. Sign in at {address}")

    def _issue(self, key: str | None) -> SpecialIssue:
        issue = SpecialIssue.objects.filter(key=key).first() if key else current_issue()
        if issue is None:
            raise CommandError("There is no such issue. Open one first with open_issue.")
        return issue
