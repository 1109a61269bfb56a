"""What a nomination's text shows of each label: the glance, and the best evidence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.frameworks import Framework, Frameworks, Label
from pipeline.report.passages import Passage
from pipeline.report.quotes import Quote, quote_of

BEST = 3
"""The most quotations that a label shows at first."""

MORE = 9
"""The most that it shows when opened; all stand in the full text."""

PRINTED = (13, 2_600)
"""The most quotations, and characters of them, on the two pages that are printed when the full text is not."""

SHOWN, CLAIMED, PERHAPS, ABSENT = "shown", "claimed", "perhaps", "absent"


@dataclass(frozen=True, slots=True)
class Finding:
    """A top label with its evidence, its children's included.

    `standing` is `shown` where an act or a result that is clear or likely tells it, `claimed` where only praise or
    background does, `perhaps` where passages are worth a look at most, else `absent`. `told` counts the sentences that
    show it; `best` are the first quotations, `more` the next, `beyond` how many more there are.
    """

    label: Label
    standing: str
    told: int = 0
    best: tuple[Quote, ...] = ()
    more: tuple[Quote, ...] = ()
    beyond: int = 0

    @property
    def printed(self) -> bool:
        """Whether the short print holds a quotation of it."""
        return any(quote.printed for quote in self.best)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A framework as a page shows it, `place` counting the tagged frameworks from 0."""

    framework: Framework
    place: int
    findings: tuple[Finding, ...]

    def standing(self, *standings: str) -> tuple[Finding, ...]:
        """The findings with one of these standings, in the framework's order."""
        return tuple(finding for finding in self.findings if finding.standing in standings)

    @property
    def found(self) -> tuple[Finding, ...]:
        """The findings that have a quotation."""
        return tuple(finding for finding in self.findings if finding.best)

    @property
    def printed(self) -> bool:
        """Whether the short print holds a quotation of it."""
        return any(finding.printed for finding in self.findings)


def top_labels(framework: Framework) -> tuple[Label, ...]:
    """The labels that a glance shows: those without a parent."""
    return tuple(label for label in framework if label.parent is None)


def findings_of(passages: Sequence[Passage], framework: Framework) -> tuple[Finding, ...]:
    """The findings of a framework's top labels, in its order."""
    return tuple(_finding(label, passages, framework) for label in top_labels(framework))


def chapters_of(passages: Sequence[Passage], frameworks: Frameworks) -> tuple[Chapter, ...]:
    """The findings of each framework whose labels are tags, with what the short print holds chosen."""
    chapters = [
        Chapter(framework, place, findings_of(passages, framework)) for place, framework in enumerate(frameworks.tagged)
    ]
    return tuple(_for_print(chapters))


def _finding(label: Label, passages: Sequence[Passage], framework: Framework) -> Finding:
    family = frozenset({label.full, *(child.full for child in framework.children(label.id))})
    quotes = []
    shown = claimed = 0
    for passage in passages:
        marks = passage.marks_of(family)
        if not marks:
            continue
        if any(mark.sure for mark in marks):
            shown += passage.standing == SHOWN
            claimed += passage.standing != SHOWN
        exact = tuple(mark for mark in marks if mark in passage.marks) or marks
        quotes.append(quote_of(passage, exact))
    if not quotes:
        return Finding(label, ABSENT)
    quotes.sort(key=lambda quote: quote.rank)
    standing = SHOWN if shown else CLAIMED if claimed else PERHAPS
    best, more = tuple(quotes[:BEST]), tuple(quotes[BEST : BEST + MORE])
    return Finding(label, standing, shown, best, more, len(quotes) - len(best) - len(more))


def _for_print(chapters: Sequence[Chapter]) -> Iterator[Chapter]:
    """The chapters with the quotations of the short print: each label’s best, a sentence once, shown first."""
    most, room = PRINTED
    chosen: dict[int, str] = {}
    order = [
        finding for wanted in ((SHOWN,), (CLAIMED,)) for chapter in chapters for finding in chapter.standing(*wanted)
    ]
    for finding in order:
        quote = finding.best[0]
        if quote.passage.start in chosen or len(chosen) == most or quote.length > room:
            continue
        chosen[quote.passage.start] = finding.label.full
        room -= quote.length
    for chapter in chapters:
        yield replace(chapter, findings=tuple(_marked_for_print(finding, chosen) for finding in chapter.findings))


def _marked_for_print(finding: Finding, chosen: dict[int, str]) -> Finding:
    """The finding with its first quotation marked where `chosen` gives that passage (its start) to this label."""
    if not finding.best or chosen.get(finding.best[0].passage.start) != finding.label.full:
        return finding
    return replace(finding, best=(replace(finding.best[0], printed=True), *finding.best[1:]))
