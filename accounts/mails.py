"""Mails about accounts: codes, changes, the answer to an address that is or is not known.

The events are allauth's names of its mails; the sentences are ours.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from accounts.models import User
from tmi_special_issue import links, outbox
from tmi_special_issue.models import SpecialIssue


@dataclass(frozen=True)
class Code:
    """A mail that carries a code to be typed into the page that asked for it."""

    subject: str
    purpose: str
    seconds: int

    @property
    def minutes(self) -> int:
        return self.seconds // 60


@dataclass(frozen=True)
class Change:
    """A mail that tells a person of a change of the account's safety."""

    subject: str
    sentence: str


_SIGN_UP = Code(
    "Confirm your e-mail address",
    "to confirm that this address is yours",
    settings.ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT,
)

CODES: dict[str, Code] = {
    "account/email/email_confirmation_signup": _SIGN_UP,
    "account/email/email_confirmation": _SIGN_UP,
    "account/email/login_code": Code(
        "Your sign-in code", "to sign in", settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT
    ),
    "account/email/password_reset_code": Code(
        "Your code for a new password",
        "to choose a new password",
        settings.ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT,
    ),
}

CHANGES: dict[str, Change] = {
    "account/email/email_changed": Change(
        "Your e-mail address was changed",
        "The address of your account was changed from {from_email} to {to_email}.",
    ),
    "account/email/email_deleted": Change(
        "An e-mail address was removed",
        "The address {deleted_email} was removed from your account.",
    ),
    "account/email/password_changed": Change(
        "Your password was changed", "The password of your account was changed."
    ),
    "account/email/password_set": Change(
        "A password was set", "Your account now has a password; it had none before."
    ),
    "account/email/password_reset": Change(
        "Your password was replaced",
        "The password of your account was replaced by a new one with a code sent to this address.",
    ),
    "mfa/email/totp_activated": Change(
        "An authenticator app was added",
        "From now on signing in also asks for a code from your authenticator app.",
    ),
    "mfa/email/totp_deactivated": Change(
        "The authenticator app was removed",
        "Signing in no longer asks for a code from an authenticator app.",
    ),
    "mfa/email/webauthn_added": Change(
        "A passkey or security key was added", "Your account can now be opened with a new key."
    ),
    "mfa/email/webauthn_removed": Change(
        "A passkey or security key was removed",
        "One of your keys no longer opens your account.",
    ),
    "mfa/email/recovery_codes_generated": Change(
        "New recovery codes were made",
        "Your account has a new set of recovery codes; the former ones no longer work.",
    ),
    "socialaccount/email/account_connected": Change(
        "Your ORCID iD was connected", "You can now sign in with your ORCID iD."
    ),
    "socialaccount/email/account_disconnected": Change(
        "Your ORCID iD was disconnected", "Your ORCID iD no longer opens your account."
    ),
}


def account_mail(event: str, to: str, context: dict[str, Any], *, about: str) -> outbox.Message:
    """Build the mail for one of allauth's events. An unknown event is a KeyError."""
    if event in CODES:
        code = CODES[event]
        return outbox.compose(
            "account_code",
            to,
            code.subject,
            {"purpose": code.purpose, "minutes": code.minutes, "code": context["code"]},
            about=about,
        )
    if event == "account/email/account_already_exists":
        return outbox.compose(
            "account_exists",
            to,
            "You already have an account",
            {
                "address": to,
                "sign_in_url": links.absolute("account_request_login_code"),
                "reset_url": links.absolute("account_reset_password"),
            },
        )
    if event == "account/email/unknown_account":
        return outbox.compose(
            "account_unknown",
            to,
            "There is no account with this address",
            {"address": to, "sign_up_url": links.absolute("account_signup")},
        )
    change = CHANGES[event]
    return outbox.compose(
        "account_changed",
        to,
        change.subject,
        {
            "sentence": change.sentence.format_map(context),
            "at": context.get("timestamp"),
            "ip": context.get("ip", ""),
            "browser": context.get("user_agent", ""),
            "reset_url": links.absolute("account_reset_password"),
            "sessions_url": links.absolute("usersessions_list"),
        },
        about=about,
    )


def editor_invited(issue: SpecialIssue, person: User) -> outbox.Message:
    """Tell a guest editor that the desk is open to them, and how to get in."""
    return outbox.compose(
        "editor_invited",
        person.email,
        f"Your desk for the special issue “{issue.short_title}”",
        {
            "person": person,
            "issue": issue,
            "sign_in_url": links.absolute("account_request_login_code"),
        },
        about=issue.audit_key,
    )
