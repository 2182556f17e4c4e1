"""The profile: names, ORCID iD, country, time zone, affiliations."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import DomainNameValidator

from accounts import countries, orcid, ror, time_zones
from accounts.forms.names import NameField, family_name_field, given_name_field
from accounts.models import User


class OrcidField(forms.CharField):
    """An ORCID iD in any usual way of typing; clean gives the stored form."""

    def clean(self, value: Any) -> str:
        try:
            return orcid.normalise(super().clean(value))
        except orcid.NotAnOrcid as wrong:
            raise ValidationError(str(wrong), code="orcid") from wrong


class RorField(forms.CharField):
    """A ROR id in any usual way of typing; clean gives the stored form."""

    def clean(self, value: Any) -> str:
        try:
            return ror.normalise(super().clean(value))
        except ror.NotAnRor as wrong:
            raise ValidationError(str(wrong), code="ror") from wrong


class DayInput(forms.DateInput):
    """A day by the browser's own picker."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ProfileForm(forms.Form):
    """What a person says of themselves."""

    given_name = given_name_field()
    family_name = family_name_field()
    native_name = NameField(
        label="Name in its own script",
        max_length=200,
        required=False,
        help_text="Such as Ольга Петрова or نور الأمين; shown beside the name in Latin letters.",
    )
    orcid = OrcidField(
        label="ORCID iD",
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "text"}
        ),
    )
    country = forms.ChoiceField(label="Country", choices=countries.CHOICES, required=False)
    time_zone = forms.ChoiceField(
        label="Time zone",
        choices=time_zones.CHOICES,
        help_text="Shown beside the zone of the issue.",
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["orcid"]
        if person.orcid_verified:
            field.disabled = True
            field.help_text = "Confirmed by ORCID."
        else:
            field.help_text = (
                "Sixteen characters such as 0000-0002-1825-0097. A typed iD is shown as not "
                "confirmed."
            )


class AffiliationForm(forms.Form):
    """A place where the person works or worked."""

    institution = NameField(label="Institution", max_length=300)
    department = NameField(label="Department", max_length=200, required=False)
    city = NameField(label="City", max_length=120, required=False)
    country = forms.ChoiceField(label="Country", choices=countries.CHOICES, required=False)
    ror = RorField(
        label="ROR id",
        required=False,
        help_text="The institution’s id at ror.org, such as 05dxps055. Leave it empty if unknown.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    mail_domain = forms.CharField(
        label="Mail domain",
        required=False,
        max_length=253,
        validators=[
            DomainNameValidator(
                message="Mail domain is the part after the @, such as northgate.example."
            )
        ],
        help_text="The part after the @ of addresses there, such as northgate.example.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    started_on = forms.DateField(label="First day", required=False, widget=DayInput())
    ended_on = forms.DateField(
        label="Last day", required=False, widget=DayInput(), help_text="Empty: until today."
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        started_on, ended_on = values.get("started_on"), values.get("ended_on")
        if started_on and ended_on and ended_on < started_on:
            self.add_error(
                "ended_on",
                f"Last day is {ended_on:%-d %b %Y}, before the first day "
                f"{started_on:%-d %b %Y}. Give a later day.",
            )
        return values


class EndAffiliationForm(forms.Form):
    """The last day at an institution."""

    ended_on = forms.DateField(label="Last day", widget=DayInput())
