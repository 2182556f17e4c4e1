"""Public identifiers: random, unique, of one form, never given twice."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from tmi_special_issue.identifiers import ALPHABET, LENGTH, PublicIdField, new_public_id
from tmi_special_issue.models import StoredFile


def test_an_identifier_is_sixteen_characters_of_the_alphabet() -> None:
    made = [new_public_id() for _ in range(500)]
    assert {len(one) for one in made} == {LENGTH}
    assert set("".join(made)) == set(ALPHABET)
    assert len(set(made)) == 500


def test_the_alphabet_has_no_letter_that_is_mistaken_for_a_digit() -> None:
    assert (len(ALPHABET), set("ilou") & set(ALPHABET)) == (32, set())


def test_a_migration_names_the_field_without_its_fixed_options() -> None:
    _, path, args, options = PublicIdField().deconstruct()
    assert (path, args, options) == ("tmi_special_issue.identifiers.PublicIdField", [], {})


@pytest.mark.django_db
def test_the_database_refuses_an_identifier_twice() -> None:
    def stored(key: str) -> StoredFile:
        return StoredFile(
            public_id="0000000000000000",
            sha256="0" * 64,
            byte_count=0,
            media_type="application/pdf",
            original_name="a.pdf",
            storage_key=key,
            created_at=datetime(2024, 6, 20, tzinfo=UTC),
        )

    stored("a").save()
    with pytest.raises(IntegrityError), transaction.atomic():
        stored("b").save()
