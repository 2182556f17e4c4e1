"""How well a reviewer's publications fit a manuscript, and why. Pure: texts in, scores out.

Two views of a text are mixed: TF-IDF over word 1-3-grams, which sees shared phrases, and LSA,
which sees that different words stand for one subject. Each counts by how much it tells apart, and
a reviewer's score is the mean of the best few publications (`matching.md` 1.2). The document
frequencies come from all publications given, so a word that everybody uses counts little.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, log
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer
from sklearn.preprocessing import normalize

TOP_K = 5
TEXT_SHARE = 0.75  # of the whole score; the rest is the overlap of topics
WORDS_SHOWN = 4
DIMENSIONS = 60
SUBJECT_WEIGHT = 0.5  # of the view by subject against the view by words, each standardised
_MIN_DOCUMENTS_TO_PRUNE = 200
_MIN_DOCUMENTS_FOR_SUBJECTS = 4 * DIMENSIONS
_SAMPLE = 2000
_FEATURES_MOST = 400_000
_FITTED_ON_MOST = 8_000  # publications; the phrases of 50,000 abstracts would fill a gigabyte
_WORD = re.compile(r"[^\W\d_]{3,}")

# Words that stand in most titles and say nothing about a subject.
_NOT_TELLING = ENGLISH_STOP_WORDS | {
    "approach", "approaches", "based", "method", "methods", "new", "novel", "paper", "proposed",
    "results", "show", "shows", "study", "using",
}  # fmt: skip

Key = TypeVar("Key", bound=Hashable)
Floats = NDArray[np.floating]
Embedding = Callable[[Sequence[str]], Floats]  # texts to rows; their lengths do not matter


@dataclass(frozen=True, slots=True)
class Paper(Generic[Key]):
    """One publication of a reviewer; `owner` is whatever identifies the reviewer."""

    owner: Key
    title: str
    abstract: str = ""
    year: int = 0


@dataclass(frozen=True, slots=True)
class Affinity:
    """A reviewer's fit by text: 0..1, the closest publication, the words they share."""

    score: float
    closest_title: str = ""
    closest_year: int = 0
    words: tuple[str, ...] = ()
    close_count: int = 0


NO_AFFINITY = Affinity(0.0)


class Library(Generic[Key]):
    """The publications of many people, fitted once and then asked for many texts.

    `embed` replaces the view by subject with vectors of one's own, such as those of a language
    model; nothing else changes. Without `by_subject` words alone count: fitting the subjects of
    2,400 abstracts takes seconds, too long while somebody waits for a page. The same papers always
    give the same scores.
    """

    def __init__(
        self,
        papers: Sequence[Paper[Key]],
        *,
        by_subject: bool = True,
        embed: Embedding | None = None,
    ) -> None:
        self.papers = list(papers)
        self._embed = embed
        self._vectorizer = TfidfVectorizer(
            ngram_range=(1, 3),
            sublinear_tf=True,
            stop_words=sorted(_NOT_TELLING),
            token_pattern=_WORD.pattern,
            min_df=2 if len(papers) >= _MIN_DOCUMENTS_TO_PRUNE else 1,
            max_features=_FEATURES_MOST,
            dtype=np.float32,
        )
        texts = [_document(p.title, p.abstract) for p in self.papers]
        step = ceil(len(texts) / _FITTED_ON_MOST) or 1
        self.is_empty = False
        try:
            self._vectorizer.fit(texts[::step])
        except ValueError:  # no paper has a single word that counts
            self.is_empty = True
            return
        self._words: csr_matrix = self._vectorizer.transform(texts)
        self._svd: TruncatedSVD | None = None
        if by_subject and embed is None and len(papers) >= _MIN_DOCUMENTS_FOR_SUBJECTS:
            self._svd = TruncatedSVD(DIMENSIONS, random_state=0, n_iter=7)
            self._svd.fit(self._words[::step])
        self._subjects = self._subjects_of(texts, self._words)
        self._vocabulary = self._vectorizer.get_feature_names_out()
        self._word_share = self._share_of_words()
        self._arrange()

    def add(self, papers: Sequence[Paper[Key]]) -> None:
        """Take in more publications with the words and subjects known so far, without a new fit."""
        if self.is_empty or not papers:
            return
        texts = [_document(p.title, p.abstract) for p in papers]
        words = self._vectorizer.transform(texts)
        self._words = csr_matrix(vstack([self._words, words]))
        more = self._subjects_of(texts, words)
        if self._subjects is not None and more is not None:
            self._subjects = np.vstack([self._subjects, more])
        self.papers += papers
        self._arrange()

    def similarities(self, texts: Sequence[str]) -> Floats:
        """How alike each publication (row) and each text (column) are, 0..1."""
        if self.is_empty:
            return np.zeros((len(self.papers), len(texts)))
        asked = self._vectorizer.transform(texts)
        by_words = (self._words @ asked.T).toarray()
        subjects = self._subjects_of(texts, asked)
        if self._subjects is None or subjects is None:
            return np.asarray(by_words)
        by_subject = self._subjects @ subjects.T
        mixed: Floats = self._word_share * by_words + (1 - self._word_share) * by_subject
        return np.clip(mixed, 0.0, 1.0)

    def fits(
        self, text: str, *, top_k: int = TOP_K, most: int | None = None
    ) -> dict[Key, Affinity]:
        """The fit of the owners of papers with a text, with its explanation, the best first.

        `most` is how many are wanted; of 5,000 people only those are explained.
        """
        if self.is_empty or not text.strip():
            return {}
        similarity = self.similarities([text]).ravel()
        asked = self._vectorizer.transform([text])
        threshold = float(similarity.max()) / 2
        scores = {
            owner: best_mean(similarity[numbers], top_k) for owner, numbers in self._mine.items()
        }
        found: dict[Key, Affinity] = {}
        for owner in sorted(scores, key=lambda owner: -scores[owner])[:most]:
            score, numbers = scores[owner], self._mine[owner]
            best = max(numbers, key=lambda n: (similarity[n], -n))
            shared = self._words[best].multiply(asked)
            if score <= 0 or not shared.nnz:  # nothing in common that could be named
                found[owner] = NO_AFFINITY if score <= 0 else Affinity(score=score)
                continue
            found[owner] = Affinity(
                score=score,
                closest_title=self.papers[best].title,
                closest_year=self.papers[best].year,
                words=_telling(shared.indices, shared.data, self._vocabulary),
                close_count=int(sum(similarity[n] >= threshold for n in numbers)),
            )
        return found

    def _subjects_of(self, texts: Sequence[str], words: csr_matrix) -> Floats | None:
        if self._embed is not None:
            return np.asarray(normalize(self._embed(texts)))
        return np.asarray(normalize(self._svd.transform(words))) if self._svd is not None else None

    def _share_of_words(self) -> float:
        """How much the view by words counts, so that both views spread alike over a sample."""
        if self._subjects is None:
            return 1.0
        step = max(1, len(self.papers) // _SAMPLE)
        words, subjects = self._words[::step], self._subjects[::step]
        by_words = float((words @ words.T).toarray().std())
        by_subject = float((subjects @ subjects.T).std())
        if not by_words or not by_subject:
            return 1.0
        weight = SUBJECT_WEIGHT / by_subject
        return 1 / by_words / (1 / by_words + weight)

    def _arrange(self) -> None:
        self._mine: dict[Key, list[int]] = defaultdict(list)
        for number, paper in enumerate(self.papers):
            self._mine[paper.owner].append(number)


def best_mean(values: Floats, top_k: int = TOP_K) -> float:
    """The mean of the `top_k` largest values, or of all where there are fewer."""
    return float(np.sort(values)[::-1][:top_k].mean())


def affinities(
    text: str, papers: Sequence[Paper[Key]], *, top_k: int = TOP_K
) -> dict[Key, Affinity]:
    """The fit of every owner of a paper with one text, by the words of these papers alone.

    For a page that somebody waits for: nothing is fitted but the words.
    """
    return Library(papers, by_subject=False).fits(text, top_k=top_k) if papers else {}


def whole_score(text_score: float, best_text_score: float, topic_share: float) -> float:
    """Text and topics together, 0..1. The best text in the pool counts as 1."""
    text = text_score / best_text_score if best_text_score > 0 else 0.0
    return round(TEXT_SHARE * text + (1 - TEXT_SHARE) * topic_share, 4)


class TitleIndex(Generic[Key]):
    """Who has which words in titles: made in one pass, then asked for many manuscripts."""

    def __init__(self, titles: Iterable[tuple[Key, str]]) -> None:
        self.owners: dict[str, set[Key]] = defaultdict(set)
        self._titles_with: Counter[str] = Counter()
        self._count = 0
        for owner, title in titles:
            self._count += 1
            words = set(_words(title))
            self._titles_with.update(words)
            for word in words:
                self.owners[word].add(owner)

    def weight(self, word: str) -> float:
        """The rarer a word is in titles, the more it tells."""
        return log((self._count + 1) / (self._titles_with[word] + 0.5))


def shortlist(
    text: str, index: TitleIndex[Key], bonus: Mapping[Key, float], *, size: int
) -> list[Key]:
    """Those of `bonus` who are worth a full look: shared title words, rare words first.

    No model and no look at any single title; the value of `bonus` (such as the share of topics)
    is added to the share of words. Owners without any title take part through their bonus.
    """
    scores: dict[Key, float] = defaultdict(float)
    for word in sorted(set(_words(text)) & index.owners.keys()):
        weight = index.weight(word)
        for owner in index.owners[word]:
            scores[owner] += weight
    best = max((scores[owner] for owner in bonus if owner in scores), default=0.0) or 1.0
    ranked = sorted(
        bonus, key=lambda owner: -(scores.get(owner, 0.0) / best + bonus.get(owner, 0.0))
    )
    return ranked[:size]


def _document(title: str, abstract: str) -> str:
    return f"{title}. {abstract}"


def _words(text: str) -> list[str]:
    return [w for w in _WORD.findall(text.lower()) if w not in _NOT_TELLING]


def _telling(indices: np.ndarray, weights: np.ndarray, vocabulary: np.ndarray) -> tuple[str, ...]:
    """The heaviest shared phrases, without those that repeat two words, or a part, of another."""
    chosen: list[str] = []
    for place in np.argsort(-weights, kind="stable"):
        phrase = str(vocabulary[indices[place]])
        if any(phrase in other or other in phrase for other in chosen):
            longer = [o for o in chosen if o in phrase]
            if len(longer) == 1 and phrase.count(" ") <= 1:
                chosen[chosen.index(longer[0])] = phrase
            continue
        if any(len(set(phrase.split()) & set(other.split())) > 1 for other in chosen):
            continue
        chosen.append(phrase)
        if len(chosen) == WORDS_SHOWN:
            break
    return tuple(chosen)
