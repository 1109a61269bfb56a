"""What a format is to the rest: how it is read and written, and what it can hold."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import UnreadableInput, WrongUsage
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import ANNOTATOR, DECISION, MODEL, LabelledText, Labelling

Holding = Literal[
    "annotators", "several", "decisions", "predictions", "when", "scores", "digest", "blank", "passed", "answers",
    "metadata", "kept",
]  # fmt: skip
"""What a format may hold beside texts, spans and labels:

annotators: who labelled; several: labellings of one text by several; decisions: told from annotators' labels;
predictions: a place of their own in the same file; when: times; scores: probabilities; digest: version and SHA-256 of
the model; blank: labelled places that got no label; passed: texts passed over; answers: the same and texts rejected;
metadata: the form's fields and others; kept: what the tool itself said beside, given back to it."""


@dataclass(frozen=True, slots=True)
class Context:
    """What reading and writing need to know: the labels, and what a file that does not say who labelled it is by.

    `by` is the annotator's name; `model` says that the labels are the predictions of that model. `texts` are the texts
    by id, for files that hold none.
    """

    names: Names
    by: str = ""
    model: str = ""
    texts: Mapping[str, LabelledText] = field(default_factory=dict)

    @property
    def role(self) -> str:
        """The role of labels in a file that says nothing of it."""
        return MODEL if self.model else ANNOTATOR

    @property
    def who(self) -> str:
        """The name of who labelled, for a file that says nothing of it."""
        return self.model or self.by


Reader = Callable[[Path, Context], Iterator[LabelledText]]
Writer = Callable[[Iterable[LabelledText], Path, Context], int]


@dataclass(frozen=True, slots=True)
class Format:
    """A tool's format: its name on the command line, the usual ending of its files, and what it holds."""

    name: str
    suffix: str
    title: str
    holds: frozenset[Holding]
    read: Reader | None
    write: Writer | None


_PREDICTION = "prediction of "


def role_of_name(name: str, context: Context) -> tuple[str, str]:
    """Role and name of who labelled, from the name that a format without roles carries (see `name_of_role`)."""
    if context.model or name.startswith(_PREDICTION):
        return MODEL, context.model or name.removeprefix(_PREDICTION)
    return (DECISION, "") if name == DECISION else (ANNOTATOR, name)


def name_of_role(role: str, by: str) -> str:
    """The name under which a format without roles carries who labelled: `decision`, an annotator, `prediction of …`."""
    return DECISION if role == DECISION else f"{_PREDICTION}{by}" if role == MODEL else by


def identity_of(text: str) -> str:
    """An id for a text that came without one: the same text has the same id in every file."""
    return f"text-{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def one_labelling(text: LabelledText, path: Path, advice: str) -> Labelling | None:
    """The only labelling of a text, or None; raises WrongUsage where it has several and the file can hold one."""
    if len(text.labellings) > 1:
        names = ", ".join(name_of_role(one.role, one.by) or "(no name)" for one in text.labellings)
        raise WrongUsage(f"{path} can hold one labelling of a text, and {text.id} has {names}. {advice}")
    return text.labellings[0] if text.labellings else None


def read_json(path: Path) -> Any:
    """The JSON of a file; raises UnreadableInput where it cannot be read or is none."""
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be opened: {error.strerror or error}. Check the name.") from error
    except (ValueError, RecursionError) as error:
        raise UnreadableInput(f"{path} is no JSON file ({error}). Export it again.") from error


def meta_of(values: Mapping[str, Any], leave_out: Iterable[str]) -> tuple[dict[str, str], dict[str, Any]]:
    """The metadata among a tool's fields (those that are texts, numbers and truth values), and the other fields."""
    skip = set(leave_out)
    plain = {k: v if isinstance(v, str) else json.dumps(v) for k, v in values.items() if _is_plain(v) and k not in skip}
    return plain, {k: v for k, v in values.items() if k not in skip and k not in plain}


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool)
