"""Leadlight in a spaCy pipeline: `nlp.add_pipe("leadlight")`, found through the entry point `spacy_factories`.

Evidence comes from the document's text as it stands, so the component needs no other, and it may stand anywhere in a
pipeline. No other module imports this one, but spaCy imports it with every `Language`, Leadlight's parser included: so
nothing of Leadlight is imported before the component is made.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.language import Language
from spacy.tokens import Doc, Span

if TYPE_CHECKING:
    from pipeline.workflow import Tagger

KEY = "leadlight"
_SETTINGS = "settings.json"


class Leadlight:
    """Puts each tag into `doc.spans["leadlight"]`, and the whole evidence object into `doc.user_data["leadlight"]`.

    A span has the label `framework/label` and, in `spans.attrs["scores"]`, in the same order, its probability. It runs
    over the tokens that the sentence touches; the exact characters are in the evidence. `model` is a folder, a name
    under `models/`, or None for the packaged default. Saved, the component keeps the model's name and digest, not the
    model: reading it back raises UnusableModel where that name now stands for another model.
    """

    def __init__(self, model: str | None = None) -> None:
        self._use(model)

    def _use(self, model: str | None) -> None:
        from pipeline.workflow.api import load

        self.model = model
        self.tagger: Tagger = load(model)

    def __call__(self, doc: Doc) -> Doc:
        """The same document with its spans and evidence."""
        from pipeline.records import Nomination

        row = self.tagger.evidence(Nomination(id="1", text=doc.text))
        spans: list[Span] = []
        scores: list[float] = []
        for sentence in row["sentences"]:
            for found in sentence["tags"]:
                span = doc.char_span(sentence["start"], sentence["end"], found["label"], alignment_mode="expand")
                if span is not None:
                    spans.append(span)
                    scores.append(found["score"])
        doc.spans[KEY] = spans
        doc.spans[KEY].attrs["scores"] = scores
        doc.user_data[KEY] = row
        return doc

    def to_bytes(self, exclude: Iterable[str] = ()) -> bytes:  # noqa: ARG002 - spaCy's names
        """The model's name and digest, as JSON."""
        return json.dumps({"model": self.model, "sha256": self.tagger.model["sha256"]}).encode()

    def from_bytes(self, data: bytes, exclude: Iterable[str] = ()) -> Leadlight:  # noqa: ARG002
        """The component as it was saved; raises UnusableModel where its model is another one now."""
        from pipeline.errors import UnusableModel

        saved: dict[str, Any] = json.loads(data)
        if saved["model"] != self.model:
            self._use(saved["model"])
        if saved["sha256"] != self.tagger.model["sha256"]:
            raise UnusableModel(
                f"This pipeline was saved with another Leadlight model than {self.model or 'the packaged default'} is "
                "now. Put that model back, or add the component again."
            )
        return self

    def to_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002
        """Write the model's name and digest into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _SETTINGS).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, exclude: Iterable[str] = ()) -> Leadlight:  # noqa: ARG002
        """The component as it was saved in a folder; raises as `from_bytes` does."""
        return self.from_bytes((Path(path) / _SETTINGS).read_bytes())


def _create(nlp: Language, name: str, model: str | None) -> Callable[[Doc], Doc]:  # noqa: ARG001
    return Leadlight(model)


create = Language.factory("leadlight", default_config={"model": None}, func=_create)
"""The factory that the entry point names."""
