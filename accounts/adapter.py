"""Where allauth meets the house: its mails, its addresses, its record, its sentences."""

import secrets
import time
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import qrcode  # type: ignore[import-untyped]
import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

from accounts import mails, sealing
from accounts.actions import confirm_orcid
from accounts.middleware import SIGNED_IN_AT
from accounts.models import User
from accounts.queries import person_by_address
from tmi_special_issue import audit, outbox
from tmi_special_issue.refusal import Refusal

log = structlog.get_logger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-up, sign-in, address and password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account has been closed. Write to the editorial office.",
        "duplicate_email": "This is already the address of your account.",
        "email_password_mismatch": (
            "The address or the password is wrong. You can also have a code sent to your address."
        ),
        "email_taken": "This address cannot be used. Give another one.",
        "enter_current_password": "The current password is wrong.",
        "incorrect_code": (
            "The code is wrong. Compare it with the latest mail, or ask for a new code."
        ),
        "incorrect_password": "The password is wrong.",
        "invalid_password_reset": "The code has been used or is too old. Ask for a new one.",
        "too_many_login_attempts": (
            "Too many attempts. Wait a quarter of an hour, or have a code sent to your address."
        ),
        "same_as_current": "The new value is the same as the present one.",
        "rate_limited": "Too many requests in a short time. Wait a minute and try again.",
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put allauth's mail into our outbox. Each request for a code is an event of its own."""
        person = person_by_address(email)
        about = person.audit_key if person else ""
        message = mails.account_mail(template_prefix, email, context, about=about)
        with transaction.atomic():
            outbox.queue(message, f"{message.kind}:{email}:{secrets.token_hex(8)}"[:200])

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Tell the person of a change of the account's safety, and note it in the record."""
        verb = "account." + template_prefix.rsplit("/", 1)[-1]
        with transaction.atomic():
            audit.record(user, verb, user)
            super().send_notification_mail(template_prefix, user, context, email)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Keep the names of the sign-up form as they were typed."""
        super().save_user(request, user, form, commit=False)
        user.given_name = form.cleaned_data.get("given_name", "")
        user.family_name = form.cleaned_data.get("family_name", "")
        if commit:
            with transaction.atomic():
                user.save()
                audit.record(user, "account.opened", user)
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        request.session[SIGNED_IN_AT] = int(time.time())

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        ways = request.session.get("account_authentication_methods", [])
        with transaction.atomic():
            audit.record(
                user, "account.signed_in", user, ways=[way.get("method", "") for way in ways]
            )
        answer: HttpResponse = super().post_login(request, user, **details)
        return answer

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        # Into the log, not into the record: a look at the account would tell by its time
        # whether there is one.
        log.warning("sign_in_failed", ip=self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            with transaction.atomic():
                audit.record(request.user, "account.signed_out", request.user)
        super().logout(request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def is_safe_url(self, url: str) -> bool:
        """After signing in we lead to our own pages only, whatever host the request names."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # allauth's own key begins with the host of the request, which the sender chooses.
        return str(credentials.get("email", "")).lower()


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor: seeds are sealed, keys belong to the configured address."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "The code is wrong or was used before. Type the one shown now.",
        "unverified_email": "Confirm your e-mail address first; then add a second factor.",
        "cannot_generate_recovery_codes": "Recovery codes need a second factor. Add one first.",
    }

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        """What the app shows beside the digits."""
        return _site_host()

    def build_totp_svg(self, url: str) -> str:
        """A picture with a white ground, so that phones can read it from a dark page."""
        picture = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(picture)
        return picture.getvalue().decode()

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002
        """A first name for a new key, which the person may change."""
        return f"Key {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host = _site_host()
        return {"id": host, "name": host}


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in with ORCID: the only way by which an iD becomes confirmed."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "no_password": (
            "Your account has no password. Set one first, so that you can still sign in."
        ),
        "no_verified_email": "Confirm your e-mail address first, so that you can still sign in.",
        "connected_other": "This ORCID iD is already connected to another account.",
    }

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        user.given_name = data.get("first_name") or ""
        user.family_name = data.get("last_name") or ""
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        return {
            "email": sociallogin.user.email,
            "given_name": sociallogin.user.given_name,
            "family_name": sociallogin.user.family_name,
        }

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """ORCID has answered. For a person who is signed in, note the iD as confirmed."""
        is_connecting = sociallogin.state.get("process") == "connect"
        if not is_connecting or not isinstance(request.user, User):
            return
        if sociallogin.is_existing and sociallogin.user != request.user:
            return  # allauth refuses it with its own sentence
        try:
            confirm_orcid(actor=request.user, orcid_id=sociallogin.account.uid)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
            raise ImmediateHttpResponse(redirect("accounts:profile")) from refusal

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> User:
        with transaction.atomic():
            user: User = super().save_user(request, sociallogin, form)
            confirm_orcid(actor=user, orcid_id=sociallogin.account.uid)
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("accounts:profile")


def _site_host() -> str:
    """The configured name of the site, never the one that a request claims."""
    return urlsplit(settings.SITE_URL).hostname or ""
