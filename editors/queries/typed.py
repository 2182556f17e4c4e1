"""What is typed into a plain search field for people."""

SEARCH_LENGTH_MAX = 200
SEARCH_WORDS_MAX = 8


def words_of(text: str) -> list[str]:
    """The words to look for, each of which must be found; no more than a person would type."""
    return text[:SEARCH_LENGTH_MAX].split()[:SEARCH_WORDS_MAX]
