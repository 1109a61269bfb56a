"""What a framework is: labels with definitions, and the roles that tell the product what to do with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ROLES = ("qualities", "signals", "principles", "kinds", "sectors")
"""What a framework is for: qualities, signals and principles are tags; kinds sort evidence; sectors name partners."""

STANDINGS = ("shown", "claimed", "background")
"""How far a sentence of a kind is evidence: shown by an act or a result, claimed in praise, or background."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label of a framework; `full` is its name everywhere outside the file: `framework/id`."""

    framework: str
    id: str
    name: str
    definition: str
    parent: str | None = None
    when: str = ""
    not_when: str = ""
    examples: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    standing: str | None = None
    partners: bool = False

    @property
    def full(self) -> str:
        """The label as `framework/id`."""
        return f"{self.framework}/{self.id}"


@dataclass(frozen=True, slots=True)
class Framework:
    """A set of labels read from one file, with where it comes from and how it is applied."""

    id: str
    name: str
    short_name: str
    edition: str
    source: str
    licence: str
    role: str
    assigned_by: str
    unit: str
    choice: str
    labels: tuple[Label, ...]
    default: str | None = None
    patterns: tuple[Mapping[str, Any], ...] = ()
    content: str = field(default="", repr=False, compare=False)

    def __iter__(self) -> Iterator[Label]:
        return iter(self.labels)

    def label(self, id_or_alias: str) -> Label | None:
        """The label of that id or alias, or None."""
        for label in self.labels:
            if id_or_alias == label.id or id_or_alias in label.aliases:
                return label
        return None

    def parents(self) -> tuple[Label, ...]:
        """The labels that have children here, in file order."""
        named = {label.parent for label in self.labels}
        return tuple(label for label in self.labels if label.id in named)

    def children(self, parent: str) -> tuple[Label, ...]:
        """The labels under `parent`, in file order."""
        return tuple(label for label in self.labels if label.parent == parent)


@dataclass(frozen=True, slots=True)
class Frameworks:
    """The frameworks in use together: at most one for kinds and one for sectors, any number of others."""

    frameworks: tuple[Framework, ...]

    def __iter__(self) -> Iterator[Framework]:
        return iter(self.frameworks)

    def get(self, id: str) -> Framework | None:  # noqa: A002
        """The framework of that id, or None."""
        return next((f for f in self.frameworks if f.id == id), None)

    def find(self, full: str) -> Label | None:
        """The label named `framework/id` (or by an alias), or None."""
        framework_id, _, label_id = full.partition("/")
        framework = self.get(framework_id)
        return framework.label(label_id) if framework else None

    @property
    def kinds(self) -> Framework | None:
        """The framework that sorts evidence by kind, if any."""
        return next((f for f in self.frameworks if f.role == "kinds"), None)

    @property
    def sectors(self) -> Framework | None:
        """The framework that names partner sectors, if any."""
        return next((f for f in self.frameworks if f.role == "sectors"), None)

    @property
    def tagged(self) -> tuple[Framework, ...]:
        """The frameworks whose labels are tags: all but kinds and sectors."""
        return tuple(f for f in self.frameworks if f.role not in ("kinds", "sectors"))

    @property
    def unit(self) -> str:
        """What one label is about: `sentence` or `document`."""
        return next((f.unit for f in self.tagged), "sentence")

    @property
    def learned(self) -> tuple[Label, ...]:
        """The labels that a classifier assigns, in file order: parents, children, and kinds."""
        return tuple(label for f in self.frameworks if f.assigned_by == "classifier" for label in f)

    @property
    def patterns(self) -> tuple[Mapping[str, Any], ...]:
        """All SpanRuler patterns of the frameworks, each with its `framework/id` as label."""
        return tuple(pattern for f in self.frameworks for pattern in f.patterns)

    def parent_of(self, full: str) -> str | None:
        """The parent of a label, both as `framework/id`; None for a label without one."""
        label = self.find(full)
        return f"{label.framework}/{label.parent}" if label and label.parent else None

    def with_parents(self, labels: frozenset[str]) -> frozenset[str]:
        """The labels and the parents of those that have one."""
        return labels | {parent for name in labels if (parent := self.parent_of(name))}

    def kind_columns(self, labels: Sequence[str]) -> list[int]:
        """The places of the evidence kinds among labels (`framework/id`)."""
        kinds = self.kinds
        return [place for place, name in enumerate(labels) if kinds and name.startswith(kinds.id + "/")]

    def levels(self, labels: Sequence[str]) -> dict[str, list[int]]:
        """The places of each framework's tags among labels, parents (`id parents`) apart from the rest."""
        kinds = set(self.kind_columns(labels))
        found: dict[str, list[int]] = {}
        for place, name in enumerate(labels):
            framework = self.get(name.partition("/")[0])
            parents = {label.full for label in framework.parents()} if framework else set()
            if place not in kinds:
                found.setdefault(name.partition("/")[0] + " parents" * (name in parents), []).append(place)
        return found
