"""allauth's forms in our own words. The rules are allauth's."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from allauth.socialaccount import forms as social_forms
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from accounts.forms.names import family_name_field, given_name_field

NEW_PASSWORD = "At least 12 characters. Four unrelated words are easy to keep and hard to guess."
CODE = "Eight letters from the mail; capitals and the hyphen do not matter."


def _word(form: Any, **labels: tuple[str, str]) -> None:
    """Give fields our label and help, and no placeholder, which would vanish when one types."""
    for name, (label, help_text) in labels.items():
        if name in form.fields:
            field = form.fields[name]
            field.label, field.help_text = label, help_text
            field.widget.attrs.pop("placeholder", None)


class SignupForm(account_forms.SignupForm):  # type: ignore[misc]
    """A new account: address and name; a password only if wanted."""

    given_name = given_name_field()
    family_name = family_name_field()
    field_order = ("email", "given_name", "family_name", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self,
            email=("E-mail address", "We send a code there to see that it is yours."),
            password1=(
                "Password (optional)",
                f"{NEW_PASSWORD} Leave it empty to sign in with codes sent by mail.",
            ),
        )

    def try_save(self, request: HttpRequest) -> Any:
        if self.account_already_exists:
            # A new account hashes its password; a known address must take as long.
            make_password(self.cleaned_data.get("password1") or None)
        return super().try_save(request)


class LoginForm(account_forms.LoginForm):  # type: ignore[misc]
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, login=("E-mail address", ""), password=("Password", ""))


class RequestLoginCodeForm(account_forms.RequestLoginCodeForm):  # type: ignore[misc]
    """The address to which a sign-in code is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, email=("E-mail address", ""))


class ConfirmLoginCodeForm(account_forms.ConfirmLoginCodeForm):  # type: ignore[misc]
    """The code that came by mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=("Code", CODE))


class ConfirmEmailVerificationCodeForm(account_forms.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    """The code that proves an address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=("Code", CODE))


class ConfirmPasswordResetCodeForm(account_forms.ConfirmPasswordResetCodeForm):  # type: ignore[misc]
    """The code that allows a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=("Code", CODE))


class ResetPasswordForm(account_forms.ResetPasswordForm):  # type: ignore[misc]
    """The address whose password was forgotten."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, email=("E-mail address", ""))


class ResetPasswordKeyForm(account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """The new password after a reset."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self,
            password1=("New password", NEW_PASSWORD),
            password2=("New password, once more", ""),
        )


class ChangePasswordForm(account_forms.ChangePasswordForm):  # type: ignore[misc]
    """Present and new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self,
            oldpassword=("Present password", ""),
            password1=("New password", NEW_PASSWORD),
            password2=("New password, once more", ""),
        )


class SetPasswordForm(account_forms.SetPasswordForm):  # type: ignore[misc]
    """A first password for an account that had none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self,
            password1=("Password", NEW_PASSWORD),
            password2=("Password, once more", ""),
        )


class AddEmailForm(account_forms.AddEmailForm):  # type: ignore[misc]
    """The address that is to replace the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self,
            email=(
                "New e-mail address",
                "We send a code there; the present address stays until you have typed it.",
            ),
        )


class ReauthenticateForm(account_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before a change of the account's safety."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, password=("Password", ""))


class SecondFactorForm(mfa_forms.AuthenticateForm):  # type: ignore[misc]
    """The code of the authenticator app, or a recovery code, while signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=("Code", "Six digits from your app, or one of your recovery codes."))


class ReauthenticateBySecondFactorForm(mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    """The code of the authenticator app once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=("Code", "Six digits from your app, or one of your recovery codes."))


class ActivateAppForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, code=("Code from the app", "Six digits; they change every half minute."))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddKeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    """A name for a new passkey or security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(
            self,
            name=("Name of the key", "So that you can tell your keys apart."),
            passwordless=(
                "Passkey: sign in with this key alone",
                (
                    "It will ask for your finger, face or PIN. Without the tick it is a second "
                    "factor after password or code."
                ),
            ),
        )


class RenameKeyForm(webauthn_forms.EditWebAuthnForm):  # type: ignore[misc]
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, name=("Name of the key", ""))


class OrcidSignupForm(social_forms.SignupForm):  # type: ignore[misc]
    """The rest of an account that begins with a sign-in at ORCID."""

    given_name = given_name_field()
    family_name = family_name_field()
    field_order = ("email", "given_name", "family_name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _word(self, email=("E-mail address", "We send a code there to see that it is yours."))
