"""The first words of each letter: version 1, with which every issue begins without a row."""

from editors.states import DecisionKind

FIRST = 1

_APPEAL = (
    "If you believe that the decision rests on an error of fact, you may write to {contact_email} "
    "within 30 days and ask for it to be looked at again."
)
_LATER = (
    "A substantially new manuscript may be submitted to the journal later, under a new number and "
    "with a reference to this one."
)
_REVISION = """{reasons}

## Your revision

Please hand in the revised manuscript by {due}, under the same number.

- the revised manuscript as a PDF
- a response to the reviewers that answers every point
- a copy in which the changes are marked

A request for revision is not a promise of acceptance."""

FIRST_WORDS: dict[DecisionKind, str] = {
    DecisionKind.ACCEPT: """\
The review of your manuscript is complete, and we are glad to tell you the decision.

{reasons}

## Final files

Please upload the final files by {due}.

- the final two-column PDF and its LaTeX or Word sources
- each figure as a separate file
- biographies and photographs of the authors
- the signed copyright form
- an ORCID iD for every author

{page_charge}

{link}""",
    DecisionKind.MINOR_REVISION: f"""\
The review of your manuscript is complete. It is close to publication; what remains can be settled \
between you and the guest editor.

{_REVISION}

The guest editor reads the revised manuscript; there is no new review.

{{link}}""",
    DecisionKind.REJECT_RESUBMIT: f"""\
The review of your manuscript is complete. The reviewers see merit in the work, and they ask for \
changes that have to be reviewed again.

{_REVISION}

The journal allows one major revision. The revised manuscript goes to the same guest editor, and \
it may go to the same or to new reviewers.

{{link}}""",
    DecisionKind.REJECT_OTHER_JOURNAL: f"""\
The review of your manuscript is complete. We cannot publish it in this special issue, and we \
believe that another journal would serve it better.

{{reasons}}

## What you can do

{_APPEAL}

{_LATER}""",
    DecisionKind.REJECT: f"""\
The review of your manuscript is complete. We are sorry to tell you that we cannot publish it in \
this special issue.

{{reasons}}

## What you can do

{_APPEAL}

{_LATER}""",
    DecisionKind.IMMEDIATE_REJECT: f"""\
The editors have read your manuscript. We decided not to send it to reviewers, so that you lose no \
time in submitting it to another journal.

{{reasons}}

## What you can do

{_APPEAL}""",
}
