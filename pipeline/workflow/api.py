"""Leadlight from Python: load a model, tag texts, tables in and out. `import pipeline` has these names too."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from pipeline.errors import UnreadableInput, WrongUsage
from pipeline.model import find_model
from pipeline.nominations import nomination_of
from pipeline.objects import EvidenceObject
from pipeline.records import Nomination
from pipeline.workflow.batch import Outcome, outcomes
from pipeline.workflow.tagging import Tagger, TagOptions

if TYPE_CHECKING:
    from pandas import DataFrame

_META = ("nominee", "nominator", "setting", "level", "category")


def load(model: str | Path | None = None, *, scores: bool = False) -> Tagger:
    """The model of a folder, of a name under `models/`, or the packaged default, made ready to tag.

    With `scores` every sentence carries every label's probability. Raises UnusableModel where it cannot be used.
    """
    return Tagger.load(find_model(None if model is None else str(model)), TagOptions(with_scores=scores))


def tag(
    nominations: str | Iterable[str | Nomination],
    model: str | Path | Tagger | None = None,
    *,
    scores: bool = False,
    jobs: int = 1,
) -> Iterator[EvidenceObject]:
    """The evidence of each nomination, in order, one at a time: a text, texts, or Nomination records.

    A text without a record gets its number, from 1, as id. A model that is loaded already (`load`) tags in this
    process, with or without scores as it was loaded; `jobs` processes are for a model named. Raises WrongUsage for
    `jobs` with a loaded model.
    """
    numbers = count(1)
    given = [nominations] if isinstance(nominations, str) else nominations
    records = (
        Nomination(id=str(number), text=item) if isinstance(item, str) else item
        for number, item in zip(numbers, given, strict=False)
    )
    if isinstance(model, Tagger):
        if jobs != 1:
            raise WrongUsage("A loaded model tags in one process; name the model to use several.")
        return cast("Iterator[EvidenceObject]", model.all(records))
    folder = find_model(None if model is None else str(model))
    return map(_evidence, outcomes(records, folder, TagOptions(with_scores=scores), jobs=jobs))


def _evidence(outcome: Outcome) -> EvidenceObject:
    if outcome.reason:
        raise UnreadableInput(f"The nomination {outcome.nomination.id} could not be tagged: {outcome.reason}")
    return cast("EvidenceObject", json.loads(outcome.line))


def nominations_of(table: DataFrame) -> Iterator[Nomination]:
    """The nominations of a table with a column `text` and, as far as there, `id` and the contract's other fields.

    A row without an id gets its number, from 1; other columns go to `extra`. Raises WrongUsage without `text`, or where
    a text is none (name the row with the pandas index).
    """
    if "text" not in table.columns:
        raise WrongUsage("The table has no column `text`; rename the column that holds the story.")
    known = {"id", "text", *_META}
    for number, (index, row) in enumerate(table.iterrows(), 1):
        values = {str(key): value for key, value in row.items() if _there(value)}
        if not isinstance(values.get("text"), str):
            raise WrongUsage(f"The row {index!r} of the table has no text; leave such rows out.")
        extra = {key: value for key, value in values.items() if key not in known}
        fields = {key: values[key] for key in ("text", *_META) if key in values}
        yield nomination_of({"id": str(values.get("id", number)), **fields, "extra": extra})


def _there(value: Any) -> bool:
    """Whether a cell of a table holds something (missing values are not equal to themselves, or None)."""
    return value is not None and (not isinstance(value, float) or value == value)


def read_evidence(
    source: str | Path | Iterable[Mapping[str, Any]], per: Literal["tag", "sentence"] = "tag"
) -> DataFrame:
    """Evidence as a pandas table: a file that `leadlight tag` wrote, or what `tag` gives.

    `per="tag"`: a row a tag, with id, start, end, text, kind, kind_score, voice, label, score, strength, why (words
    joined by "; ") and what is known of the nomination. `per="sentence"`: a row a sentence, tagged or not, with tags
    and partners (ids joined by "; ") and, where the evidence has scores, a column a label. Raises UnreadableInput for a
    file that is no evidence.
    """
    import pandas as pd

    from pipeline.evidence_lines import read_evidence as lines

    rows = lines(Path(source)) if isinstance(source, str | Path) else source
    make = _tag_rows if per == "tag" else _sentence_rows
    found = [made for row in rows for made in make(row)]
    head = ["id", *_META, "start", "end", "text", "kind", "kind_score", "voice"]
    rest = ["label", "score", "strength", "why"] if per == "tag" else ["tags", "partners"]
    table = pd.DataFrame(found)
    return table if len(table) else pd.DataFrame(columns=[*head, *rest])


def _sentence(row: Mapping[str, Any], sentence: Mapping[str, Any]) -> dict[str, Any]:
    meta = {key: row["meta"].get(key, "") for key in _META}
    keys = ("start", "end", "text", "kind", "kind_score", "voice")
    return {"id": row["id"], **meta, **{key: sentence[key] for key in keys}}


def _tag_rows(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for sentence in row["sentences"]:
        for found in sentence["tags"]:
            why = "; ".join(words["text"] for words in found["why"])
            tagged_as = {"label": found["label"], "score": found["score"], "strength": found.get("strength", "")}
            yield {**_sentence(row, sentence), **tagged_as, "why": why}


def _sentence_rows(row: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for sentence in row["sentences"]:
        tags = "; ".join(found["label"] for found in sentence["tags"])
        partners = "; ".join(dict.fromkeys(partner["sector"] for partner in sentence["partners"]))
        yield {**_sentence(row, sentence), "tags": tags, "partners": partners, **sentence.get("scores", {})}
