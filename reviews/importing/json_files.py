"""JSON: which of the three sources each entry is from, entry by entry."""

import json
from collections.abc import Iterator
from typing import Any

from reviews.importing import crossref, openalex, orcid_records
from reviews.importing.decoding import UnreadableFile
from reviews.importing.rows import Fault, Newcomer, Reading, WrongCell


def read_json(text: str) -> Reading:
    """The people of a JSON file: one record, a list, a page of results, or one record a line.

    Faults name the entry, counted from 1.

    Raises:
        UnreadableFile: no JSON, or nothing in it that is of OpenAlex, Crossref or ORCID.
    """
    reading = Reading()
    count = strange = 0
    for number, entry in enumerate(_entries(text, reading), start=1):
        count += 1
        try:
            found = _people(number, entry)
            if found is None:
                strange += 1
                reading.faults.append(
                    Fault(number, f"Entry {number} is no record of OpenAlex, Crossref or ORCID.")
                )
            else:
                reading.people += found
        except WrongCell as wrong:
            reading.faults.append(Fault(number, str(wrong)))
        except (TypeError, ValueError, KeyError, AttributeError, IndexError):
            reading.faults.append(Fault(number, f"Entry {number} has not the shape it should."))
    if count == strange and not reading.people:
        raise UnreadableFile(
            "There is no record of OpenAlex, Crossref or ORCID in the file. Send what their "
            "interface answers, unchanged."
        )
    return reading


def _people(number: int, entry: Any) -> list[Newcomer] | None:
    if not isinstance(entry, dict):
        return None
    if orcid_records.is_record(entry):
        return [orcid_records.record(number, entry)]
    if openalex.is_work(entry):
        return list(openalex.work(number, entry))
    if openalex.is_author(entry):
        return [openalex.author(number, entry)]
    if crossref.is_work(entry):
        return list(crossref.work(number, entry))
    return None


def _entries(text: str, reading: Reading) -> Iterator[Any]:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        if "\n" not in text.strip():
            raise _broken(error) from error
        yield from _lines(text, reading)
        return
    if isinstance(whole, dict):
        if isinstance(whole.get("message"), dict):  # Crossref's envelope
            whole = whole["message"]
        for key in ("results", "items"):
            if isinstance(whole.get(key), list):
                yield from whole[key]
                return
        yield whole
    elif isinstance(whole, list):
        yield from whole


def _lines(text: str, reading: Reading) -> Iterator[Any]:
    """One record a line. When not even the first is one, the file is broken JSON."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as error:
            if number == 1:
                raise _broken(error) from error
            reading.faults.append(Fault(number, f"Line {number} is no JSON."))


def _broken(error: Exception) -> UnreadableFile:
    where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
    return UnreadableFile(f"The file is broken JSON{where}; perhaps it was cut off.")
