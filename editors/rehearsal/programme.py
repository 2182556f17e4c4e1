"""Which manuscripts the rehearsal has on 26 June 2024, and how each came to where it stands."""

from collections.abc import Iterator
from datetime import datetime

from editors import actions as desk
from editors.rehearsal.conducting import Story, at, schedule
from editors.rehearsal.printing import Order
from editors.rehearsal.story import (
    DAY,
    Paper,
    Round,
    Way,
    World,
    conference_paper,
    copyright_form,
    decided,
    fresh,
    handled,
    newest,
    reviewed,
    reviewed_again,
    submitted,
    the_round,
    written,
)
from reviews.models import Assignment
from submissions import actions as authoring
from submissions.models import Manuscript
from submissions.states import ConflictKind, FileKind, Stage

BEGIN = at(4, 20, 6)
NOW = at(6, 26, 12)

ACCEPT, MINOR, MAJOR = "accept", "minor_revision", "reject_resubmit"
OTHER, REJECT, IMMEDIATE = "reject_other_journal", "reject", "immediate_reject"

PAPERS = {
    "syn1": Paper(1, ("ada", "ben", "signe"), 1, "SYN-1"),
    "syn2": Paper(2, ("yuki", "kenji"), 8, "SYN-2", pages=9, suggests="aiko"),
    "syn3": Paper(3, ("milan", "signe", "anders"), 3, "SYN-3", extends_conference_paper=True),
    "syn4": Paper(5, ("arjun", "kavita"), 7, "SYN-4", pages=8, files=(FileKind.CODE,)),
    "syn5": Paper(6, ("thandi", "gus", "karim"), 9, "SYN-5"),
    "syn6": Paper(7, ("beatriz", "luiza", "otieno"), 5, "SYN-6"),
    "syn7": Paper(9, ("walter", "joanna"), 10, "SYN-7", pages=7),
    "syn8": Paper(10, ("xiaowen", "lei"), 2, "SYN-8", pages=9),
    "syn9": Paper(11, ("corinne", "marc"), 10, "SYN-9"),
    "syn10": Paper(13, ("linnea", "anders"), 9, "SYN-10", opposes="chiara"),
    "lapsed": Paper(21, ("nils", "signe"), 6),
    "major": Paper(22, ("pedro", "luiza", "kavita"), 4, pages=9),
    "rejected": Paper(23, ("minjun", "hyejin"), 0),
    "held": Paper(24, ("soo", "hyejin", "lei"), 2),
    "drafted": Paper(25, ("dao", "lei"), 7),
    "split": Paper(26, ("imani", "joanna"), 11, pages=9),
    "complete": Paper(27, ("haruto", "kenji", "ben"), 3),
    "late": Paper(28, ("lukas", "marc"), 6, suggests="ilse"),
    "half": Paper(29, ("meera", "kavita"), 1),
    "waiting": Paper(30, ("kaveh", "anders", "karim"), 9),
    "expired": Paper(31, ("rosalind", "ben"), 8, pages=9),
    "asked": Paper(32, ("hemi", "aroha"), 5),
    "slow": Paper(33, ("jitka", "ondrej"), 10, rejected_by="Invented Letters on Imaging"),
    "given": Paper(34, ("pedro", "luiza"), 1),
    "unhandled": Paper(35, ("milan", "otieno"), 4, prefers="hana", conflict_with="wiremu"),
    "fresh": Paper(
        36,
        ("salma", "karim", "marc"),
        2,
        prefers="eva",
        conflict_with="aiko",
        conflict=ConflictKind.INTEREST,
    ),
    "returned": Paper(37, ("arjun", "kavita"), 0, pages=9),
    "office": Paper(
        38,
        ("yuki", "kenji", "hyejin"),
        6,
        rejected_by="Journal of Invented Imaging",
        conflict_with="gus",
        conflict=ConflictKind.COLLABORATOR,
    ),
    "today": Paper(39, ("thandi", "otieno"), 11),
    "draft": Paper(40, ("linnea", "anders"), 3),
}


def stories(world: World) -> Iterator[Story]:
    """Everything that happens between the first draft and now."""
    yield schedule(BEGIN, NOW)
    yield accepted_in_the_second_round(world, PAPERS["syn1"])
    yield accepted_after_a_minor_revision(world, PAPERS["syn2"])
    yield accepted_at_once(world, PAPERS["syn3"])
    yield rejected_in_the_second_round(world, PAPERS["syn4"])
    yield rejected_by_the_chief(world, PAPERS["syn5"])
    yield returned_and_being_revised(world, PAPERS["syn6"])
    yield out_of_scope(world, PAPERS["syn7"])
    yield withdrawn(world, PAPERS["syn8"])
    yield decided_on_two(world, PAPERS["syn9"])
    yield sent_back_and_rejected(world, PAPERS["syn10"])
    yield lapsed(world, PAPERS["lapsed"])
    yield revision_not_begun(world, PAPERS["major"])
    yield rejected(world, PAPERS["rejected"])
    yield held(world, PAPERS["held"])
    yield drafted(world, PAPERS["drafted"])
    for name, on, editor, plan in IN_REVIEW:
        yield reviewed(world, PAPERS[name], on, editor, plan)
    yield handled(world, PAPERS["slow"], at(6, 18), "eva")
    yield handled(world, PAPERS["given"], at(6, 24, 20), "hana")
    yield admitted(world, PAPERS["unhandled"], at(6, 21))
    yield admitted(world, PAPERS["fresh"], at(6, 24, 15))
    yield returned(world, PAPERS["returned"], at(6, 22, 17))
    yield submitted(world, PAPERS["office"], at(6, 25, 16))
    yield submitted(world, PAPERS["today"], at(6, 26, 8))
    yield written(world, PAPERS["draft"], at(6, 25, 19))
    yield sketched(world, "imani", "Small Adapters for Large Models of the Spine", at(6, 23))
    yield sketched(world, "kaveh", "", at(6, 26, 9))
    yield listed(world)


# Manuscripts under review now: day of submission, editor, how far the round is.
IN_REVIEW: tuple[tuple[str, datetime, str, Round], ...] = (
    (
        "split",
        at(5, 20),
        "eva",
        Round((1, 1.3, 2, 3), ((15, ACCEPT), (18, REJECT), (20, MINOR), (21, MAJOR))),
    ),
    (
        "complete",
        at(5, 22),
        "wiremu",
        Round((0.4, 1, 1.5, 4), ((12, ACCEPT), (16, MINOR), (19, MINOR), (22, ACCEPT))),
    ),
    (
        "late",
        at(5, 27),
        "hana",
        Round((1, 1, 1.6, 2), ((14, MINOR), (17, MAJOR), (20, MAJOR), None)),
    ),
    ("half", at(6, 3), "leila", Round((0.7, 1.2, 2.2, 3), ((11, ACCEPT), (16, MAJOR)))),
    ("waiting", at(6, 10), "gus", Round((0.5, 1, 1.4, 2.8))),
    ("expired", at(6, 14), "wiremu", Round((1, 1.8, 2.2, None))),
    ("asked", at(6, 21), "eva", Round((0.8, -1.1, None, None))),
)


def accepted_in_the_second_round(world: World, paper: Paper) -> Story:
    """SYN-1: one major revision, the same four reviewers, accepted; final files are wanted."""
    plan = Round((1, 1.2, 2, 3), ((11, MAJOR), (12, MINOR), (14, MAJOR), (15, MAJOR)))
    manuscript = yield from reviewed(world, paper, at(4, 23), "eva", plan)
    yield at(5, 13)
    yield from decided(world, manuscript, "eva", MAJOR)
    yield at(5, 27)
    world.revise(manuscript, paper)
    again = Round((0.4, 0.6, 1, 2), ((7, ACCEPT), (8, ACCEPT), (9, MINOR), (11, ACCEPT)))
    yield from reviewed_again(world, manuscript, "eva", again)
    yield at(6, 12)
    yield from decided(world, manuscript, "eva", ACCEPT)


def accepted_after_a_minor_revision(world: World, paper: Paper) -> Story:
    """SYN-2: the editor alone judges the minor revision; the final files are in."""
    plan = Round((0.6, 1, 2, 2.5), ((10, MINOR), (13, ACCEPT), (15, MINOR), (16, MINOR)))
    manuscript = yield from reviewed(world, paper, at(4, 26), "hana", plan)
    yield at(5, 17)
    yield from decided(world, manuscript, "hana", MINOR)
    yield at(5, 28)
    world.revise(manuscript, paper)
    yield at(5, 29)
    world.admit(manuscript)
    yield at(6, 2)
    yield from decided(world, manuscript, "hana", ACCEPT)
    yield at(6, 14)
    world.hand_in_final_files(fresh(manuscript), paper)


def accepted_at_once(world: World, paper: Paper) -> Story:
    """SYN-3: an extended conference paper, accepted in the first round, which is rare."""
    plan = Round((0.3, 1, 1.5, 2), ((12, ACCEPT), (13, ACCEPT), (15, ACCEPT), (18, MINOR)))
    manuscript = yield from reviewed(world, paper, at(5, 2), "leila", plan)
    yield at(5, 24)
    yield from decided(world, manuscript, "leila", ACCEPT)
    yield at(6, 7)
    world.hand_in_final_files(fresh(manuscript), paper)


def rejected_in_the_second_round(world: World, paper: Paper) -> Story:
    """SYN-4: one major revision is all there is; the second decision is to reject."""
    plan = Round((0.8, 1, 1.2, 2), ((9, MAJOR), (11, MAJOR), (12, REJECT), (13, MAJOR)))
    manuscript = yield from reviewed(world, paper, at(4, 24), "wiremu", plan)
    yield at(5, 11)
    yield from decided(world, manuscript, "wiremu", MAJOR)
    yield at(5, 23)
    world.revise(manuscript, paper)
    again = Round((0.5, 0.7, 1, 1), ((9, REJECT), (10, REJECT), (12, MINOR), (14, REJECT)))
    yield from reviewed_again(world, manuscript, "wiremu", again)
    yield at(6, 11)
    yield from decided(world, manuscript, "wiremu", REJECT)


def rejected_by_the_chief(world: World, paper: Paper) -> Story:
    """SYN-5: a guest editor is among the authors and sees nothing of it; the chief handles it."""
    plan = Round((1, 1, 2, 2), ((10, REJECT), (14, REJECT), (16, MAJOR), (18, OTHER)))
    manuscript = yield from reviewed(world, paper, at(5, 6), "kim", plan)
    yield at(5, 30)
    yield from decided(world, manuscript, "kim", REJECT)


def returned_and_being_revised(world: World, paper: Paper) -> Story:
    """SYN-6: returned by the office, completed, reviewed; the major revision is being written."""
    manuscript = yield from submitted(world, paper, at(4, 29))
    yield at(4, 30)
    desk.unsubmit_manuscript(
        actor=world.users["ivo"],
        manuscript=manuscript,
        faults="1. The labels of Figure 3 cannot be read in print; please enlarge them.\n"
        "2. The third author is named in the file and spelt differently in the form.",
    )
    yield at(5, 2)
    world.submit(manuscript)
    yield at(5, 3)
    world.admit(manuscript)
    yield at(5, 3, 15)
    world.assign(manuscript, "eva")
    yield at(5, 4)
    asked = world.invite(manuscript, "eva")
    plan = Round((0.5, 1, 1.5, 3), ((13, MAJOR), (15, MAJOR), (17, MINOR), (19, MAJOR)))
    yield from the_round(world, asked, plan)
    yield at(5, 26)
    yield from decided(world, manuscript, "eva", MAJOR)
    yield at(6, 8)
    version = authoring.start_revision(actor=manuscript.submitter, manuscript=fresh(manuscript))
    yield at(6, 20)
    world.answer(version, "", share=0.4)


def out_of_scope(world: World, paper: Paper) -> Story:
    """SYN-7: a position paper, rejected without review."""
    manuscript = yield from handled(world, paper, at(5, 14), "hana")
    yield at(5, 17)
    yield from decided(world, manuscript, "hana", IMMEDIATE)


def withdrawn(world: World, paper: Paper) -> Story:
    """SYN-8: the author tells of a concurrent submission and withdraws."""
    manuscript = yield from admitted(world, paper, at(6, 4))
    yield at(6, 7)
    authoring.move_stage(
        actor=world.users["ivo"],
        manuscript=fresh(manuscript),
        to=Stage.WITHDRAWN,
        reason="asked for by the author, who declared a concurrent submission",
    )


def decided_on_two(world: World, paper: Paper) -> Story:
    """SYN-9: two of four reviews came; the editor decides on them and says why."""
    plan = Round((1, 1, -2, None), ((12, MINOR), (20, MINOR)))
    manuscript = yield from reviewed(world, paper, at(5, 13), "hana", plan)
    yield at(6, 18)
    yield from decided(
        world,
        manuscript,
        "hana",
        MINOR,
        early_reason="Two thorough reviews agree, one reviewer declined and one never answered; "
        "waiting for others would cost the authors a month.",
    )


def sent_back_and_rejected(world: World, paper: Paper) -> Story:
    """SYN-10: a review was sent back to be mended; rejected for another journal."""
    plan = Round((0.5, 1, 1.5, 2), ((11, OTHER), (13, OTHER), (14, MAJOR), (16, REJECT)))
    manuscript = yield from reviewed(world, paper, at(5, 8), "eva", plan)
    yield at(5, 27)
    review = Assignment.objects.filter(version=newest(manuscript)).order_by("pk")[0]
    desk.send_back_review(
        actor=world.users["eva"],
        assignment=review,
        reason="Please say which experiment you find missing; the authors cannot act on it now.",
    )
    yield at(5, 31)
    world.deliver(review, OTHER)
    yield at(6, 3)
    yield from decided(world, manuscript, "eva", OTHER)


def lapsed(world: World, paper: Paper) -> Story:
    """A minor revision of the second round, due after two weeks, that never came."""
    plan = Round((0.3, 0.5, 0.6, 1), ((8, MAJOR), (9, MAJOR), (11, MINOR), (12, MAJOR)))
    manuscript = yield from reviewed(world, paper, at(4, 22), "gus", plan)
    yield at(5, 7)
    yield from decided(world, manuscript, "gus", MAJOR)
    yield at(5, 15)
    world.revise(manuscript, paper)
    again = Round((0.2, 0.4, 0.5, 1), ((5, MINOR), (6, ACCEPT), (7, MINOR), (8, MINOR)))
    yield from reviewed_again(world, manuscript, "gus", again)
    yield at(5, 26)
    yield from decided(world, manuscript, "gus", MINOR)


def revision_not_begun(world: World, paper: Paper) -> Story:
    """A major revision was asked for and is not begun yet."""
    plan = Round((1, 1, 1, 2), ((15, MAJOR), (16, MAJOR), (18, MAJOR), (20, REJECT)))
    manuscript = yield from reviewed(world, paper, at(5, 25), "gus", plan)
    yield at(6, 19)
    yield from decided(world, manuscript, "gus", MAJOR)


def rejected(world: World, paper: Paper) -> Story:
    """Rejected after one round."""
    plan = Round((0.5, 1, 2, 3), ((12, REJECT), (15, MAJOR), (17, REJECT), (19, REJECT)))
    manuscript = yield from reviewed(world, paper, at(5, 16), "wiremu", plan)
    yield at(6, 9)
    yield from decided(world, manuscript, "wiremu", REJECT)


def held(world: World, paper: Paper) -> Story:
    """Accepted, letter approved, held until the morning of 2 July."""
    plan = Round((0.5, 1, 2, 2), ((14, ACCEPT), (17, ACCEPT), (19, MINOR), (20, ACCEPT)))
    manuscript = yield from reviewed(world, paper, at(5, 28), "leila", plan)
    yield at(6, 24)
    decision = world.draft(manuscript, "leila", ACCEPT)
    yield at(6, 25, 14)
    world.release(decision, "leila", release_at=at(7, 2, 9))


def drafted(world: World, paper: Paper) -> Story:
    """The decision is drafted and its letter lies ready to be read."""
    plan = Round((0.5, 1, 1.5, 2), ((13, MAJOR), (15, MAJOR), (18, MINOR), (19, MAJOR)))
    manuscript = yield from reviewed(world, paper, at(5, 30), "hana", plan)
    yield at(6, 25)
    world.draft(manuscript, "hana", MAJOR)


def admitted(world: World, paper: Paper, on: datetime) -> Way:
    """Checked by the office; no editor yet."""
    manuscript = yield from submitted(world, paper, on)
    yield on + 0.9 * DAY
    world.admit(manuscript)
    return manuscript


def returned(world: World, paper: Paper, on: datetime) -> Story:
    """Returned by the office to be completed."""
    manuscript = yield from submitted(world, paper, on)
    yield on + 1.6 * DAY
    desk.unsubmit_manuscript(
        actor=world.users["ivo"],
        manuscript=manuscript,
        faults="The reference list breaks off after number 19, and the abstract names a table.",
    )


def sketched(world: World, author: str, title: str, on: datetime) -> Story:
    """Just begun: a title perhaps, and nothing else."""
    yield on
    actor = world.users[author]
    manuscript: Manuscript = authoring.start_draft(actor=actor, issue=world.issue)
    if title:
        version = newest(manuscript)
        authoring.save_draft(
            actor=actor, version=version, values={"title": title}, edit_count=version.edit_count
        )


def listed(world: World) -> Story:
    """The office takes the acceptance list."""
    yield at(6, 21, 15)
    desk.take_snapshot(actor=world.users["ivo"], issue=world.issue)


def orders() -> list[Order]:
    """All papers that the stories will need, those of the first submissions first."""
    first = [paper.order() for paper in PAPERS.values()]
    revised = [PAPERS[name] for name in ("syn1", "syn2", "syn4", "lapsed")]
    later = [made for paper in revised for made in (paper.order(revision=1), paper.marked_copy())]
    return [*first, conference_paper(PAPERS["syn3"]), *later, copyright_form()]
