"""How well our affinity orders the papers of a gold standard, beside published models.

    make -s bench NAME=affinity

58 researchers scored 477 papers by their own expertise (Stelmakh, Wieting, Xi, Neubig, Shah,
TMLR 2025). For each pair of scored papers a wrong order costs the difference of the scores, a tie
half of it; the loss is the cost divided by all differences. Easy pairs: one score at least 4, the
other at most 2; hard: both at least 4. Means over the ten published draws of profiles. The last
line is JSON. The weights of our model were chosen with these data in sight, and a bootstrap over
the researchers gives the loss an interval of about +-0.05: differences of 0.01 are noise.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import mean

from reviews.affinity import Library, Paper, best_mean

GOLD = Path(__file__).resolve().parents[2] / "shared/data/matching/gold"
# openreview/openreview-expertise, README.md; their similarities are not among the data.
TOLD = {"specter2": (0.22, 0.89, 0.61), "scincl": (0.22, 0.90, 0.65)}
Similarity = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Result:
    """Loss, and the share of easy and hard pairs in the right order."""

    loss: float
    easy: float
    hard: float


def judge(scores: Mapping[str, list[tuple[str, float]]], similarity: Similarity) -> Result:
    """The loss of one model over all researchers' pairs of papers."""
    weight = cost = 0.0
    easy, hard = [], []
    for researcher, papers in scores.items():
        for (one, high), (other, low) in combinations(papers, 2):
            if high == low:
                continue
            ours = similarity[researcher, one] - similarity[researcher, other]
            is_right = ours * (high - low) > 0
            weight += abs(high - low)
            cost += 0 if is_right else abs(high - low) * (0.5 if ours == 0 else 1)
            if max(high, low) >= 4 and min(high, low) <= 2:
                easy.append(is_right)
            elif min(high, low) >= 4:
                hard.append(is_right)
    return Result(cost / weight, mean(easy), mean(hard))


def mean_of(results: list[Result]) -> Result:
    """The mean of each figure."""
    return Result(
        mean(r.loss for r in results), mean(r.easy for r in results), mean(r.hard for r in results)
    )


def gold_scores() -> dict[str, list[tuple[str, float]]]:
    """Researcher to (paper, expertise 1..5)."""
    scores: dict[str, list[tuple[str, float]]] = {}
    with (GOLD / "evaluations.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            scores[row["ParticipantID"]] = [
                (row[f"Paper{n}"], float(row[f"Expertise{n}"]))
                for n in range(1, 11)
                if row[f"Paper{n}"] and row[f"Expertise{n}"]
            ]
    return scores


def ours(scores: Mapping[str, list[tuple[str, float]]]) -> Result:
    """Our library over all papers, each researcher by the papers of a draw."""
    with gzip.open(GOLD / "papers.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    with gzip.open(GOLD / "profiles_d20.json.gz", "rt", encoding="utf-8") as file:
        draws: dict[str, dict[str, list[str]]] = json.load(file)
    papers = [Paper(row["id"], row["title"], row["abstract"] or "") for row in rows]
    library = Library(papers)
    similarity = library.similarities([f"{p.title}. {p.abstract}" for p in papers])
    place = {paper.owner: number for number, paper in enumerate(papers)}
    results = []
    for profiles in draws.values():
        own = {r: [place[p] for p in profiles[r] if p in place] for r in scores}
        results.append(
            judge(
                scores,
                {
                    (r, p): best_mean(similarity[own[r], place[p]])
                    for r, rated in scores.items()
                    for p, _ in rated
                },
            )
        )
    return mean_of(results)


def published(scores: Mapping[str, list[tuple[str, float]]]) -> dict[str, Result]:
    """The models whose similarities were published, judged by the same rule."""
    found: dict[tuple[str, str], dict[tuple[str, str], float]] = defaultdict(dict)
    with gzip.open(
        GOLD / "published_similarities_d20.csv.gz", "rt", encoding="utf-8", newline=""
    ) as file:
        for row in csv.DictReader(file):
            key = row["reviewer"], row["paper"]
            found[row["algo"], row["dataset"]][key] = float(row["similarity"])
    by_model: dict[str, list[Result]] = defaultdict(list)
    for (model, _), similarity in found.items():
        by_model[model].append(judge(scores, similarity))
    return {model: mean_of(results) for model, results in by_model.items()}


def main() -> None:
    """Print the table and the line of JSON."""
    if not GOLD.exists():
        sys.exit(f"There is no gold standard in {GOLD}: nothing was measured.")
    scores = gold_scores()
    mine = ours(scores)
    rows = [("ours: TF-IDF 1-3-grams + LSA, best five", mine)]
    rows += [(f"{name} (its similarities)", r) for name, r in published(scores).items()]
    rows += [(f"{name} (as told)", Result(*figures)) for name, figures in TOLD.items()]
    print(f"{'model':42} {'loss':>6} {'easy':>6} {'hard':>6}")
    for name, result in sorted(rows, key=lambda row: row[1].loss):
        print(f"{name:42} {result.loss:6.3f} {result.easy:6.3f} {result.hard:6.3f}")
    print(
        json.dumps(
            {
                "gold_loss": round(mine.loss, 4),
                "easy": round(mine.easy, 4),
                "hard": round(mine.hard, 4),
            }
        )
    )


if __name__ == "__main__":
    main()
