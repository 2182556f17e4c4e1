"""A rule for passwords beside Django's: words of this site are the first to be guessed."""

import re
from typing import Any

from django.core.exceptions import ValidationError

_SITE_WORDS = re.compile(
    r"transactions|medical|imaging|special|issue|foundation|models?|reviewers?|editors?|authors?"
    r"|manuscripts?|submissions?|journal|ieee|password|welcome|letmein",
    re.IGNORECASE,
)
_CHARACTERS_OF_ONES_OWN = 8


class SiteWordsValidator:
    """Refuses a password that is little more than words of this site. No other composition rule."""

    def validate(self, password: str, user: Any = None) -> None:
        rest, count = _SITE_WORDS.subn("", password)
        if count and len(rest) < _CHARACTERS_OF_ONES_OWN:
            raise ValidationError(
                "The password is made of words that anybody would try here. Add words of your own.",
                code="password_of_site_words",
            )

    def get_help_text(self) -> str:
        return "Not only words of this site."
