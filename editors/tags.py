"""What a tag may be: a lower-case word by which the desk finds a manuscript again."""

import unicodedata

TAG_LENGTH = 40
TAGS_MOST = 20

# Letters with their marks, and digits: what a search can be asked for without quotes.
_WORDS = frozenset("LMN")


def tag_name(text: str) -> str:
    """The text as a tag is kept: composed (NFC), lower case, a hyphen for every gap."""
    return "-".join(unicodedata.normalize("NFC", text).lower().replace("-", " ").split())


def fault_of(name: str) -> str:
    """Why a name made by `tag_name` cannot be a tag, in a sentence; "" when it can."""
    if not name:
        return "Tag: the field is empty. Write one word, such as needs-statistician."
    if len(name) > TAG_LENGTH:
        return (
            f"Tag: “{name[:TAG_LENGTH]}…” has {len(name)} characters, and {TAG_LENGTH} are the "
            "most. Choose a shorter word."
        )
    strange = next((c for c in name if c != "-" and unicodedata.category(c)[0] not in _WORDS), "")
    if strange:
        return (
            f"Tag: “{strange}” cannot stand in a tag, which is made of letters, digits and "
            "hyphens. Leave it out."
        )
    return ""
