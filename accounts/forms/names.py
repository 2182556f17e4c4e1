"""Fields for names: free text, kept as typed, never parsed or title-cased (`domain.md` G.2)."""

import unicodedata

from django import forms
from django.core.exceptions import ValidationError


class NameField(forms.CharField):
    """One line of any script. Line breaks and control characters have no place in a name."""

    def __init__(self, *, label: str, max_length: int, **options: object) -> None:
        super().__init__(label=label, max_length=max_length, strip=True, **options)  # type: ignore[arg-type]
        self.validators.append(self._refuse_control_characters)

    def _refuse_control_characters(self, text: str) -> None:
        # Zs keeps every script's spaces; Cf keeps joiners that some scripts need.
        if any(unicodedata.category(character) in {"Cc", "Zl", "Zp"} for character in text):
            raise ValidationError(
                f"{self.label} holds a line break or a control character. Type it on one line.",
                code="control_character",
            )


def given_name_field() -> NameField:
    """The given names; some people have none."""
    return NameField(
        label="Given name",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )


def family_name_field() -> NameField:
    """The family name, or the only name a person has."""
    return NameField(
        label="Family name",
        max_length=120,
        help_text="If you have one name only, give it here.",
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        error_messages={"required": "Family name is empty. If you have one name only, give it."},
    )
