"""Nominations that tell the same story: the same words, or most of the same runs of three words.

Two texts are compared by their sets of three-word runs (Broder, On the resemblance and containment of documents, 1997):
the share of runs that both have among those that either has, and among those of the shorter. Exact up to 5,000
nominations; above that over one run in eight, chosen by its hash, and without runs that hundreds of texts share.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.int64]

RESEMBLANCE = 0.4
CONTAINMENT = 0.75
_RUN = 3
_FEWEST_RUNS = 20
_EXACT_UP_TO = 5_000
_SAMPLED = 8
_COMMON = 200
_CHUNK = 500
_WORD = re.compile(r"\w+(?:['’]\w+)?")


@dataclass(frozen=True, slots=True)
class Group:
    """Nominations that tell one story, by their places; `likeness` is 1 for the same words, else .99 at most."""

    places: tuple[int, ...]
    likeness: tuple[float, ...]


def groups_of(texts: Iterable[str]) -> list[Group]:
    """The groups of two or more among these texts, in the order of their first; texts are read once."""
    first: dict[bytes, int] = {}
    same: dict[int, list[int]] = {}
    kept: list[tuple[int, Sequence[int]]] = []
    for place, text in enumerate(texts):
        words = [word.casefold().replace("’", "'") for word in _WORD.findall(text)]
        digest = hashlib.sha256(" ".join(words).encode()).digest()
        if words and digest in first:
            same[first[digest]].append(place)
        else:
            first[digest] = place
            same[place] = [place]
            kept.append((place, _runs(words)))
    return list(_grouped(same, _alike(kept)))


def _runs(words: Sequence[str]) -> Sequence[int]:
    """The hashes of the runs of three words, each once; none for a text too short to compare."""
    runs = {zlib.crc32(" ".join(words[at : at + _RUN]).encode()) for at in range(len(words) - _RUN + 1)}
    return sorted(runs) if len(runs) >= _FEWEST_RUNS else ()


def _alike(kept: Sequence[tuple[int, Sequence[int]]]) -> Iterator[tuple[int, int, float]]:
    """Each pair of places whose texts are alike, the earlier first, with the share of runs that the shorter shares."""
    compared = [(place, runs) for place, runs in kept if runs]
    if len(compared) < 2:
        return
    import numpy as np

    exact = len(compared) <= _EXACT_UP_TO
    table = _table([runs if exact else [run for run in runs if run % _SAMPLED == 0] for _, runs in compared], exact)
    sizes = np.asarray(table.sum(axis=1)).ravel()
    for start in range(0, len(compared), _CHUNK):
        shared = (table[start : start + _CHUNK] @ table.T).tocoo()
        rows, columns, counts = shared.row + start, shared.col, shared.data
        upper = rows < columns
        rows, columns, counts = rows[upper], columns[upper], counts[upper]
        shorter = np.minimum(sizes[rows], sizes[columns])
        either = sizes[rows] + sizes[columns] - counts
        close = (counts >= RESEMBLANCE * either) | (counts >= CONTAINMENT * shorter)
        close &= shorter >= (_FEWEST_RUNS if exact else 1)
        for row, column, count, least in zip(rows[close], columns[close], counts[close], shorter[close], strict=True):
            yield compared[row][0], compared[column][0], min(0.99, float(count / least))


def _table(runs: Sequence[Sequence[int]], exact: bool) -> Any:
    """The texts' runs as a sparse matrix of ones, a row a text."""
    import numpy as np
    from scipy.sparse import csr_matrix

    lengths = [len(each) for each in runs]
    hashes: Hashes = np.fromiter(chain.from_iterable(runs), dtype=np.int64, count=sum(lengths))
    _, columns, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    rows = np.repeat(np.arange(len(runs)), lengths)
    if not exact:
        rare = (counts <= _COMMON)[columns]
        rows, columns = rows[rare], columns[rare]
    return csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=(len(runs), len(counts)))


def _grouped(same: dict[int, list[int]], pairs: Iterable[tuple[int, int, float]]) -> Iterator[Group]:
    """Pairs and equal texts to groups; each place knows how like it is to the group's nearest earlier one."""
    head = {place: place for place in same}

    def root(place: int) -> int:
        while head[place] != place:
            head[place] = head[head[place]]
            place = head[place]
        return place

    likeness: dict[int, float] = {}
    for one, two, share in pairs:
        low, high = sorted((root(one), root(two)))
        head[high] = low
        likeness[two] = max(likeness.get(two, 0.0), share)
    members: dict[int, list[tuple[int, float]]] = {}
    for place, copies in same.items():
        own = likeness.get(place, 1.0)
        group = members.setdefault(root(place), [])
        group += [(copy, own if copy == place else 1.0) for copy in copies]
    for group in members.values():
        if len(group) > 1:
            group.sort()
            yield Group(tuple(place for place, _ in group), tuple(share for _, share in group))
