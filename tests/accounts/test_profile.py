"""What a person says of themselves."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from accounts import actions
from accounts.models import Affiliation, User
from tests.accounts.conftest import MakePerson, sign_in
from tmi_special_issue.models import AuditEntry
from tmi_special_issue.refusal import Refusal

pytestmark = pytest.mark.django_db

SLIP_IN_ORCID = (
    "ORCID iD 0000-0002-1825-0098 has a typing slip: its last character does not fit the "
    "fifteen before it. Compare it with your ORCID page."
)
SLIP_IN_ROR = (
    "ROR id 05dxps056 has a typing slip: its last two digits do not fit the "
    "characters before them. Compare it with ror.org, or leave the field empty."
)
PROFILE = {
    "given_name": "Ada",
    "family_name": "Ferrante",
    "native_name": "",
    "orcid": "",
    "country": "",
    "time_zone": "UTC",
}


@pytest.fixture
def ada(make_person: MakePerson) -> User:
    return make_person("ada@northgate.example", family_name="Ferrante")


@pytest.fixture
def browser(client: Client, ada: User) -> Client:
    sign_in(client, ada)
    return client


def verbs() -> list[str]:
    about_signing_in = {"account.signed_in"}
    entries = AuditEntry.objects.order_by("sequence").values_list("verb", flat=True)
    return [verb for verb in entries if verb not in about_signing_in]


def test_save_profile_keeps_every_name_as_typed(browser: Client, ada: User) -> None:
    names = {
        "given_name": "ada maria",
        "family_name": "von der FERRANTE",
        "native_name": "艾达 علي",
    }
    answer = browser.post(
        "/account/profile/", {**PROFILE, **names, "country": "IT", "time_zone": "Europe/Rome"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/account/profile/")
    ada.refresh_from_db()
    kept = {name: getattr(ada, name) for name in (*names, "country", "time_zone")}
    assert kept == {**names, "country": "IT", "time_zone": "Europe/Rome"}
    entry = AuditEntry.objects.get(verb="profile.saved")
    assert entry.facts["fields"] == [
        "country",
        "family_name",
        "given_name",
        "native_name",
        "time_zone",
    ]


def test_saving_what_is_already_there_writes_no_entry(browser: Client) -> None:
    browser.post("/account/profile/", {**PROFILE, "given_name": ""})
    assert verbs() == []


def test_a_typed_orcid_is_kept_and_called_unconfirmed(browser: Client, ada: User) -> None:
    browser.post("/account/profile/", {**PROFILE, "orcid": "https://orcid.org/0000000000000028"})
    ada.refresh_from_db()
    assert (ada.orcid, ada.orcid_verified) == ("0000-0000-0000-0028", False)
    assert "typed, not confirmed" in browser.get("/account/profile/").content.decode()


def test_a_wrong_orcid_is_told_at_its_field_and_nothing_is_lost(browser: Client, ada: User) -> None:
    answer = browser.post(
        "/account/profile/", {**PROFILE, "given_name": "Adamaria", "orcid": "0000-0002-1825-0098"}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors == {"orcid": [SLIP_IN_ORCID]}
    page = answer.content.decode()
    assert "Adamaria" in page
    assert "0000-0002-1825-0098" in page
    ada.refresh_from_db()
    assert (ada.given_name, ada.orcid) == ("", "")


def test_a_confirmed_orcid_cannot_be_typed_over(browser: Client, ada: User) -> None:
    actions.confirm_orcid(actor=ada, orcid_id="0000-0000-0000-0036")
    browser.post("/account/profile/", {**PROFILE, "orcid": "0000-0000-0000-0028"})
    ada.refresh_from_db()
    assert (ada.orcid, ada.orcid_verified) == ("0000-0000-0000-0036", True)
    with pytest.raises(Refusal) as refused:
        actions.save_profile(
            actor=ada,
            given_name="",
            family_name="Ferrante",
            native_name="",
            orcid_id="0000-0000-0000-0028",
            country="",
            time_zone="UTC",
        )
    assert (refused.value.code, refused.value.field) == ("orcid_confirmed", "orcid")


def test_one_confirmed_orcid_belongs_to_one_account(ada: User, make_person: MakePerson) -> None:
    ben = make_person("ben@northgate.example")
    actions.confirm_orcid(actor=ada, orcid_id="0000-0000-0000-0036")
    with pytest.raises(Refusal) as refused:
        actions.confirm_orcid(actor=ben, orcid_id="0000-0000-0000-0036")
    assert refused.value.code == "orcid_taken"
    ben.refresh_from_db()
    assert (ben.orcid, ben.orcid_verified) == ("", False)


@pytest.mark.parametrize(
    ("field", "value"), [("family_name", ""), ("country", "XX"), ("time_zone", "Mars/Olympus")]
)
def test_other_bad_input_is_refused_at_its_field(browser: Client, field: str, value: str) -> None:
    answer = browser.post("/account/profile/", {**PROFILE, field: value})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]


def test_an_affiliation_is_added_and_ended(browser: Client, ada: User) -> None:
    place = {
        "institution": "Northgate University",
        "department": "Radiology",
        "city": "Northgate",
        "country": "GB",
        "ror": "https://ror.org/05DXPS055",
        "mail_domain": "Northgate.example",
        "started_on": "2020-09-01",
    }
    for _ in range(2):  # a double click
        answer = browser.post("/account/affiliations/add/", place)
        assert answer["Location"] == "/account/profile/"
    kept = Affiliation.objects.get()
    assert (kept.user, kept.ror, kept.mail_domain) == (ada, "05dxps055", "northgate.example")
    assert kept.started_on == date(2020, 9, 1)

    ending = f"/account/affiliations/{kept.public_id}/end/"
    early = browser.post(ending, {"ended_on": "2019-01-01"})
    assert early.context["form"].errors == {
        "ended_on": ["Last day is 1 Jan 2019, before the first day 1 Sep 2020. Give a later day."]
    }
    browser.post(ending, {"ended_on": "2024-05-31"})
    kept.refresh_from_db()
    assert kept.ended_on == date(2024, 5, 31)
    assert verbs() == ["affiliation.added", "affiliation.ended"]


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        (
            {"ror": "05dxps056"},
            {"ror": [SLIP_IN_ROR]},
        ),
        (
            {"started_on": "2024-02-01", "ended_on": "2024-01-01"},
            {
                "ended_on": [
                    "Last day is 1 Jan 2024, before the first day 1 Feb 2024. Give a later day."
                ]
            },
        ),
        (
            {"mail_domain": "ada@northgate.example"},
            {"mail_domain": ["Mail domain is the part after the @, such as northgate.example."]},
        ),
    ],
)
def test_a_bad_affiliation_is_refused_at_its_field(
    browser: Client, change: dict[str, str], errors: dict[str, Any]
) -> None:
    answer = browser.post(
        "/account/affiliations/add/", {"institution": "Northgate University", **change}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors == errors
    assert Affiliation.objects.count() == 0


def test_another_persons_affiliation_does_not_exist(
    browser: Client, make_person: MakePerson
) -> None:
    ben = make_person("ben@northgate.example")
    place = actions.add_affiliation(actor=ben, institution="Halvard Imaging Institute")
    for public_id in (place.public_id, "0" * 16):
        address = f"/account/affiliations/{public_id}/end/"
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"ended_on": "2024-05-31"}).status_code == 404
    place.refresh_from_db()
    assert place.ended_on is None


def test_the_action_refuses_another_person_too(ada: User, make_person: MakePerson) -> None:
    ben = make_person("ben@northgate.example")
    place = actions.add_affiliation(actor=ben, institution="Halvard Imaging Institute")
    with pytest.raises(Refusal) as refused:
        actions.end_affiliation(actor=ada, affiliation=place, ended_on=date(2024, 5, 31))
    assert (refused.value.code, refused.value.status) == ("not_yours", 404)


def test_strangers_are_asked_to_sign_in(client: Client) -> None:
    for address in ("/account/", "/account/profile/", "/account/affiliations/add/"):
        assert client.get(address)["Location"] == f"/account/login/?next={address}"
