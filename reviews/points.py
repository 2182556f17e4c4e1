"""A review cut into points, so that its authors can answer them one by one (`domain.md` D).

Pure: answers as the authors read them in, points out.
"""

from collections.abc import Sequence

from reviews.comments import Point, parts_of
from reviews.sheet import Answer, Kind


def points_of(answers: Sequence[Answer]) -> list[Point]:
    """The points of one review, from what its authors read of it and nothing else.

    What carries a number comes first and keeps it: the entries of the comments, then the remarks
    at places of the manuscript. Prose and the smaller questions follow.
    """
    entries: list[Point] = []
    remarks: list[Point] = []
    prose: list[Point] = []
    others: list[Point] = []
    for answer in answers:
        question = answer.question
        if question.kind is Kind.LONG_TEXT:
            listed, plain = parts_of(answer.text, question.headings)
            entries += listed
            prose += plain
        elif question.kind is Kind.REMARKS:
            remarks += [Point(remark.at_place, not remark.is_optional) for remark in answer.remarks]
        elif question.kind is Kind.TEXT:
            others.append(Point(f"{question.label}: {answer.text.strip()}"))
        elif question.kind is Kind.REFERENCES:
            others.append(Point(f"{question.label}:\n{answer.text.strip()}", must_answer=False))
    return [*entries, *remarks, *prose, *others]
