"""The expected "no": closed, conflict, already decided.

An action raises it; a page shows the sentence at the right field, the API answers with a problem
object (RFC 9457). Nothing has been written when it is raised.
"""


class Refusal(Exception):
    """A rule says no. `code` is stable for programs, `sentence` is for people."""

    def __init__(self, code: str, sentence: str, *, field: str = "", status: int = 409) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.field = field
        self.status = status
