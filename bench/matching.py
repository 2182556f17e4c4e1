"""The optimiser on public and synthetic instances, each answer checked by the rules alone.

    make -s bench NAME=matching                 # up to 10,000 x 5,000
    make -s bench NAME=matching ARGS=--largest  # and 30,000 x 15,000 (about 3 GB)

MIDL and AAMAS 2015 are in `../shared/data/matching` with their origin; the synthetic instances
come from `../shared/make_instances.py`, seed 1. Each size is solved in a process of its own, whose
CPU seconds and peak memory count from its start, loading included. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import util
from pathlib import Path
from typing import Any

import numpy as np

from reviews.matching import (
    FORBIDDEN,
    GroupLimit,
    Instance,
    Matching,
    broken_rules,
    in_units,
    randomise,
    repair,
    solve,
)

SHARED = Path(__file__).resolve().parents[2] / "shared"
ASSIGN = SHARED / "data/matching/assign"
SIZES = ((300, 150), (1_000, 500), (3_000, 1_500), (10_000, 5_000))
LARGEST = (30_000, 15_000)
# matching.md 2.3: the optimum by four other solvers.
KNOWN = {
    (300, 150): 859.8887,
    (1_000, 500): 3_185.0979,
    (3_000, 1_500): 9_505.7690,
    (10_000, 5_000): 31_625.6806,
    (30_000, 15_000): 95_242.5433,
}


@dataclass(frozen=True)
class Row:
    """One line of the table: what a peer reaches, what we do."""

    name: str
    peer: str
    objective: float
    minimum: float
    is_optimal: bool
    seconds: float
    broken: int


def measured(
    name: str, peer: str, instance: Instance, affinity: np.ndarray, **how: Any
) -> tuple[Row, Matching]:
    """Solve, check by the rules, and add up in the affinities as they were given."""
    began = time.process_time()
    found = solve(instance, **how)
    seconds = time.process_time() - began
    by_paper = np.bincount(
        found.pairs[:, 0],
        weights=np.maximum(affinity[found.pairs[:, 0], found.pairs[:, 1]], 0),
        minlength=len(affinity),
    )
    broken = len(broken_rules(instance, found.pairs)) + len(found.shortages)
    row = Row(
        name=name,
        peer=peer,
        objective=float(by_paper.sum()),
        minimum=float(by_paper.min()),
        is_optimal=found.is_optimal and found.floor == found.floor_bound,
        seconds=seconds,
        broken=broken,
    )
    return row, found


def public_rows() -> Iterator[Row]:
    """MIDL and AAMAS 2015 (matching.md 2.1, 2.2)."""
    midl = np.load(ASSIGN / "midl.npz")["scores"].T
    forbidden = midl < 0
    fine = in_units(np.maximum(midl, 0), scale=10**6, forbidden=forbidden)
    aamas = np.load(ASSIGN / "aamas2015.npz")["sim"]
    bids = in_units(aamas, scale=100, forbidden=aamas == 0)
    for name, peer, scores, affinity, places, most, least, how in (
        ("midl3", "MinMax 201.8665", fine, midl, 3, 4, 0, {}),
        ("midl3_fair", "FairFlow 188.87, 0.9448", fine, midl, 3, 4, 0, {"is_fair": True}),
        ("midl4", "MinMax 250.7730", fine, midl, 4, 5, 0, {}),
        ("midl4_fair", "FairFlow 240.01, 1.2394", fine, midl, 4, 5, 0, {"is_fair": True}),
        ("midl3_least2", "MinMax 150.0184", fine, midl, 3, 4, 2, {}),
        (
            "midl3_exactly2_fair",
            "FairFlow 126.29, 0.6758",
            fine, midl, 3, 2, 2,
            {"is_fair": True, "seconds": 300.0},
        ),
        ("aamas2015", "MinMax 1406.25", bids, aamas, 3, 12, 0, {}),
        ("aamas2015_fair", "FairFlow 1339.50, 1.25", bids, aamas, 3, 12, 0, {"is_fair": True}),
    ):  # fmt: skip
        instance = Instance.of(scores, demand=places, most=most, least=least)
        yield measured(name, peer, instance, affinity, **how)[0]


def generator() -> Any:
    """The module that makes the synthetic instances."""
    spec = util.spec_from_file_location("make_instances", SHARED / "make_instances.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("make_instances.py")
    module = util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def special_issue_rows() -> Iterator[Row]:
    """300 manuscripts under all limits at once (matching.md 3), repaired and drawn at random."""
    made = generator().make(300, 150)
    scores = made["aff"].astype(np.int16)
    scores[made["coi"]] = FORBIDDEN
    for column in range(3):  # nobody from an author's institution
        scores[made["pinst"][:, column][:, None] == made["inst"][None, :]] = FORBIDDEN
    limits = (
        GroupLimit("one per institution", made["inst"].astype(np.int64), most=1),
        GroupLimit("two per country", made["country"].astype(np.int64), most=2),
        GroupLimit("one senior", np.where(made["senior"], 0, -1).astype(np.int64), least=1),
    )
    most = made["cap"].astype(np.int64)
    instance = Instance.of(scores, demand=4, most=most, groups=limits)
    affinity = np.maximum(scores, 0) / 1e4
    row, found = measured("300 x 150, limits", "HiGHS 843.23", instance, affinity)
    yield row
    yield measured("300 x 150, limits, fair", "", instance, affinity, is_fair=True)[0]
    pairs = [(int(p), int(r)) for p, r in found.pairs]
    declined = [pairs[n] for n in np.random.default_rng(1).choice(len(pairs), 60, replace=False)]
    began = time.process_time()
    mended = repair(instance, pairs, declined)
    seconds = time.process_time() - began
    now = {(int(p), int(r)) for p, r in mended.pairs}
    own = affinity[mended.pairs[:, 0], mended.pairs[:, 1]]
    yield Row(
        name=f"60 declines, {len(set(pairs) - set(declined) - now)} others moved",
        peer="HiGHS 828.81, 0 moved",
        objective=float(own.sum()),
        minimum=float(np.bincount(mended.pairs[:, 0], weights=own).min()),
        is_optimal=mended.is_optimal,
        seconds=seconds,
        broken=len(broken_rules(instance, mended.pairs)) + bool(declined and now & set(declined)),
    )
    scores = made["aff"].astype(np.int16)
    scores[made["coi"]] = FORBIDDEN
    plain = Instance.of(scores, demand=4, most=most)
    began = time.process_time()
    lottery = randomise(plain, cap=7, parts=10, seed=1)
    drawn = np.bincount(
        lottery.pairs[:, 0], weights=scores[lottery.pairs[:, 0], lottery.pairs[:, 1]] / 1e4
    )
    yield Row(
        name="at random, no pair above 0.7",
        peer="LP expected 828.11",
        objective=lottery.expected / 1e4,
        minimum=float(drawn.min()),
        is_optimal=True,
        seconds=time.process_time() - began,
        broken=len(broken_rules(plain, lottery.pairs)) + int(len(lottery.pairs) != 1200),
    )


def size_row(papers: int, reviewers: int) -> dict[str, Any]:
    """One synthetic size, made and solved in processes of their own."""
    with tempfile.TemporaryDirectory(prefix="matching-") as folder:
        file = str(Path(folder) / "scores.npy")
        for step in ("make", "solve"):
            done = subprocess.run(
                [sys.executable, "-m", "bench.matching", step, str(papers), str(reviewers), file],
                capture_output=True,
                text=True,
                check=True,
            )
        row: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return row


def make_scores(papers: int, reviewers: int, file: str) -> None:
    """Write the scores of a synthetic instance, forbidden pairs below zero."""
    made = generator().make(papers, reviewers)
    scores = made["aff"].view(np.int16)  # at most 10,000: the sign is free
    scores[made["coi"]] = FORBIDDEN
    np.save(file, scores)


def solve_scores(papers: int, reviewers: int, file: str) -> None:
    """Solve such an instance and print what it took, as JSON."""
    instance = Instance.of(np.load(file), demand=4, most=-(-4 * papers // reviewers) + 2)
    found = solve(instance)
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "n": papers,
                "m": reviewers,
                "objective": round(found.objective / 1e4, 4),
                "optimal": found.is_optimal,
                "cpu_s": round(used.ru_utime + used.ru_stime, 2),  # before the rules are checked
                "peak_mb": used.ru_maxrss // 1024,
                "broken": len(broken_rules(instance, found.pairs)) + len(found.shortages),
                "rounds": found.rounds,
                "pairs": found.pair_count,
            }
        )
    )


def main(arguments: list[str]) -> None:
    """Print the tables and the line of JSON; with a step, take that step alone."""
    steps = {"make": make_scores, "solve": solve_scores}
    if arguments and arguments[0] in steps:
        steps[arguments[0]](int(arguments[1]), int(arguments[2]), arguments[3])
        return
    parser = argparse.ArgumentParser(prog="bench.matching")
    parser.add_argument("--largest", action="store_true", help="30,000 x 15,000 too (3 GB)")
    largest = parser.parse_args(arguments).largest
    if not ASSIGN.exists():
        sys.exit(f"There are no instances in {ASSIGN}: nothing was measured.")
    rows = [*public_rows(), *special_issue_rows()]
    print(
        f"{'instance':34} {'peer':26} {'objective':>11} {'minimum':>8} {'proved':>6} {'CPU s':>7}"
    )
    for row in rows:
        print(
            f"{row.name:34} {row.peer:26} {row.objective:11.4f} {row.minimum:8.4f} "
            f"{'yes' if row.is_optimal else 'no':>6} {row.seconds:7.2f}"
        )
    sizes = [size_row(*size) for size in (*SIZES, *([LARGEST] if largest else []))]
    print(f"\n{'size':>16} {'objective':>12} {'known':>12} {'CPU s':>7} {'MB':>6} {'rounds':>6}")
    for size in sizes:
        known = KNOWN[size["n"], size["m"]]
        print(
            f"{size['n']:>8} x {size['m']:>5} {size['objective']:12.4f} {known:12.4f} "
            f"{size['cpu_s']:7.2f} {size['peak_mb']:6} {size['rounds']:6}"
        )
    by_name = {row.name: row for row in rows}
    wanted = ("n", "m", "objective", "optimal", "cpu_s", "peak_mb")
    print(
        json.dumps(
            {
                "midl3": round(by_name["midl3"].objective, 4),
                "midl4": round(by_name["midl4"].objective, 4),
                "midl4_fair": [
                    round(by_name["midl4_fair"].minimum, 4),
                    round(by_name["midl4_fair"].objective, 4),
                ],
                "aamas2015_fair": [
                    round(by_name["aamas2015_fair"].minimum, 4),
                    round(by_name["aamas2015_fair"].objective, 4),
                ],
                "sizes": [{key: size[key] for key in wanted} for size in sizes],
                "broken_constraints": sum(row.broken for row in rows)
                + sum(size["broken"] for size in sizes),
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
