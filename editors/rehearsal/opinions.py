"""Invented reviews and reasons: short sentences, drawn by lot, the same for each seed."""

import random
from typing import Any

from reviews.models import Assignment
from reviews.queries import current_sheet
from reviews.sheet import Context, Kind, Question, asked
from submissions.models import ResponsePoint, Version

# How good a paper looks to somebody who recommends this: the middle of the six ratings.
_MOOD = {
    "accept": 5,
    "minor_revision": 4,
    "reject_resubmit": 3,
    "reject_other_journal": 2,
    "reject": 2,
}
_VERDICTS = {5: ("yes",), 4: ("yes", "yes", "partly")}

_SIGNIFICANCE = {
    True: (
        (
            "The question matters to every department that runs more than one scanner, and I know "
            "of no earlier work that answers it this directly."
        ),
        "The idea is simple, which I count in its favour, and it is carried through with care.",
        "The paper turns a practical nuisance into a well-posed problem and solves most of it.",
    ),
    False: (
        "The question is reasonable, but the answer adds little to what the cited work has shown.",
        "I had difficulty to see what is new here beyond the combination of three known parts.",
        "The motivation promises more than the method delivers; the gap should be named openly.",
    ),
}
_APPROACH = {
    True: (
        "The design follows from the problem, and the ablations isolate each part of it.",
        "The comparison is fair: all baselines were tuned on the same budget.",
        "I followed the derivation and found no gap; the notation is consistent.",
    ),
    False: (
        (
            "The baselines seem to be used with their published settings, while the proposed "
            "method was tuned on the validation centres."
        ),
        (
            "The split is made by image and not by patient, so the test set may contain patients "
            "that were seen in training."
        ),
        "The loss has four weights and no experiment shows how they were chosen.",
    ),
}
_RESULTS = {
    True: (
        "The results are convincing on all held-out centres, and the intervals are given.",
        (
            "The gain is modest in size, but it is there in every centre and the authors do not "
            "oversell it."
        ),
        "The reader study is small and yet the most interesting part of the paper.",
    ),
    False: (
        "The improvement is within the spread of the repeated runs for two of the three tasks.",
        "No result is broken down by vendor or by age, although the text claims generality.",
        "The external test has only one centre, and it shares its protocol with the training data.",
    ),
}
_MANDATORY = (
    "Report results by patient, with intervals over patients rather than over images.",
    "State how many runs stand behind each number and how the best one was chosen.",
    "Compare with a plain fine-tuned encoder of the same size on the same data.",
    "Show at least six failures, chosen by a rule and not by hand.",
    "Describe the prompts and the stopping rule completely; they cannot be guessed.",
    "Give memory and time on ordinary hardware, since deployment is part of the claim.",
    "Explain how examinations of the same patient were kept on one side of the split.",
    "Repeat the experiment on scanners of a vendor that was absent from pretraining.",
)
_OPTIONAL = (
    "A figure of the whole method on page two would help the reader.",
    "Table III could be shortened to the three rows that the text discusses.",
    "The abstract may say at once how large the collection was.",
    "The related work could be grouped by question instead of by year.",
    "Please consider releasing the weights of the small model as well.",
    "Some colours of Figure 4 cannot be told apart in print.",
)
_CONFIDENTIAL = (
    "I would be glad to see a second round; the group is careful and will do the work.",
    "The paper is close to my own field and I find it a little thin for this journal.",
    "If space is short, this one can wait. If not, it deserves a chance.",
    "",
    "I believe that the authors wrote for a conference first; the length of the method shows it.",
)
_REASONS = {
    "accept": "The reviewers agree that the work is sound, new and well tested. We follow them "
    "and congratulate you on the paper. Please look at the remaining remarks when you prepare "
    "the final files.",
    "minor_revision": "The reviewers value the work and ask for changes that need no further "
    "review by them. Please answer each point and mark the changes in a second copy; I shall "
    "read the result myself.",
    "reject_resubmit": "The question is timely and the reviewers see promise, but two of their "
    "concerns touch the main claim: the separation of patients and the comparison with simpler "
    "models. New experiments are needed, and the revised manuscript will be reviewed again.",
    "reject_other_journal": "The work is competent, yet its contribution is to the practice of "
    "explanation rather than to imaging methods. A journal on that subject would give it the "
    "readers it deserves.",
    "reject": "The reviewers doubt that the evidence carries the claim, and I share their view "
    "after reading the manuscript. The changes that would be needed go beyond a revision.",
    "immediate_reject": "The call is for methodological work; position papers are out of its "
    "scope. I therefore return the manuscript without external review, so that you lose no time.",
}


def reasons_for(kind: str) -> str:
    """What the editor writes in the letter of a decision of this kind."""
    return _REASONS[kind]


def opinion(assignment: Assignment, recommendation: str) -> dict[str, Any]:
    """A whole score sheet of somebody who recommends this, each question answered."""
    version = assignment.version
    lot = random.Random(f"{version.label} {assignment.reviewer.email}")
    context = Context(version.revision_number, version.extends_conference_paper)
    answers: dict[str, Any] = {"recommendation": recommendation}
    sheet = current_sheet(version.manuscript.issue_id)
    # Twice, because some questions are asked only after the answer to another one.
    for _ in range(2):
        for question in asked(sheet, answers, context):
            if question.key not in answers:
                answers[question.key] = _answer(question, recommendation, version, lot)
    return {key: value for key, value in answers.items() if value not in ("", [], False)}


def _answer(question: Question, recommendation: str, version: Version, lot: random.Random) -> Any:
    mood = _MOOD[recommendation]
    if question.kind is Kind.RATING:
        return min(5, max(1, mood + lot.choice((-1, 0, 0, 0, 1))))
    if question.kind is Kind.CONFIDENCE:
        return lot.choice((3, 4, 4, 5))
    if question.kind is Kind.TERNARY:
        return lot.choice(
            {5: ("yes",), 4: ("yes", "yes", "partly")}.get(mood, ("yes", "partly", "no"))
        )
    if question.kind is Kind.TICK:
        return question.is_required
    if question.key == "comments_to_author":
        return _comments(mood, lot)
    if question.key == "confidential_comments_to_editor":
        return lot.choice(_CONFIDENTIAL)
    if question.key == "validation_note":
        return "Centres of another country and a second vendor are missing."
    if question.choices:
        offered = question.offered(Context(version.revision_number))
        return offered[0].value
    return "Nothing beyond what is written above." if question.is_required else ""


def _comments(mood: int, lot: random.Random) -> str:
    is_good = mood >= 4
    wishes = lot.sample(_MANDATORY, k=2 if is_good else 4)
    ideas = lot.sample(_OPTIONAL, k=2)
    numbered = "\n".join(f"{number}. {wish}" for number, wish in enumerate(wishes, start=1))
    optional = "\n".join(f"{number}. {idea}" for number, idea in enumerate(ideas, start=1))
    approach = lot.choice(_APPROACH[is_good])
    second = lot.choice(_RESULTS[lot.random() < mood / 6])
    return (
        f"Significance and innovation\n{lot.choice(_SIGNIFICANCE[is_good])}\n\n"
        f"Design and technical approach\n{approach}\n\n"
        f"Content and results\n{lot.choice(_RESULTS[is_good])} {second}\n\n"
        "Writing\nThe text reads well; a few sentences of the introduction repeat the abstract.\n\n"
        f"Mandatory changes\n{numbered}\n\nOptional suggestions\n{optional}"
    )


_DONE = (
    (
        "We agree and have done so. The new numbers are a little lower than the old ones, and the "
        "conclusion stands."
    ),
    (
        "Thank you; this was not clear. We have written the passage anew and moved the detail from "
        "the caption into the text."
    ),
    "We have run the experiment again with five seeds and give the spread beside each mean.",
    (
        "This is a fair objection. The table now has the comparison, and the discussion says where "
        "our method is no better."
    ),
    "Done. We also looked at the one case that disagrees and show it in the last figure.",
)
_DECLINED = (
    (
        "We would like to, but the data of that centre may not leave it. The discussion now names "
        "this as a limit."
    ),
)
_PLACES = (
    "Section III-B, page 4",
    "Table II, page 6",
    "Section IV, page 7, first paragraph",
    "Fig. 5, page 9",
    "Discussion, page 10",
)


def answer_to(point: ResponsePoint) -> tuple[str, str]:
    """What the authors answer to a point, and where in the new file it is met."""
    lot = random.Random(f"{point.text} {point.label}")
    if not point.must_answer and lot.random() < 0.3:
        return lot.choice(_DECLINED), ""
    return lot.choice(_DONE), lot.choice(_PLACES)
