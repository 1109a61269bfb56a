"""A document to a nomination: a form's labels and questions are told from its answers, a letter is its own text.

A form is a table of labels and answers, fields that a program filled, or lines such as `Nominee: Ann Ode` and questions
with their answers below. Labels become fields and sections; they are no part of the text. What stands outside the form
is kept in `extra`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.read.columns import choose_columns
from pipeline.read.headers import vocabulary
from pipeline.read.heading import distinct
from pipeline.read.mapping import Mapping
from pipeline.read.rows import Outcome, outcome_of, outcomes
from pipeline.read.source import Notes
from pipeline.read.table import Row, Table
from pipeline.records import Nomination, Rejection, Source

OUTSIDE = "outside the form"
"""The key in `extra` of the text of a form's document that answers no label."""

_INLINE = re.compile(r"([^:\n]{2,90}):[ \t]*(.*)", re.DOTALL)
_LEAD = re.compile(r"^((section|part|step)\b)?\s*([a-h]|\d{1,2}\b)?(?!\w)\s*[.:)–—-]*\s*", re.IGNORECASE)
_NUMBER = re.compile(r"^\W*(\d{1,2}|[a-z])?\W*$", re.IGNORECASE)
_BOX = re.compile(r"[☐☒☑✓✔]")
_LONGEST_LABEL_WORDS = 60
_LONGEST_INLINE_WORDS = 12
_LETTER_WORDS = 15
_ABOUT_THE_NOMINATION = frozenset(("id", "nominee", "nominee_first", "nominee_last", "category", "setting", "level"))


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of a document; `label` says what it answers where the format itself knows, as a PDF's fields do."""

    text: str
    heading: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of a document: the text of its cells, row by row."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class _Form:
    """What a document came to: labels with their answers, the rest, and whether a table or field proves a form."""

    answers: list[tuple[str, list[str]]] = field(default_factory=list)
    free: list[str] = field(default_factory=list)
    proven: bool = False
    group: str = ""
    open: bool = False
    """Whether the paragraphs that follow answer the last label."""

    def label(self, label: str, answer: str = "", *, more: bool = False) -> None:
        role = vocabulary().role(label)
        named = f"{self.group}: {label}" if self.group and role != "text" else label
        self.answers.append((named.strip(" :*\n\t"), [answer] if answer.strip() else []))
        self.open = more

    def take(self, text: str) -> None:
        (self.answers[-1][1] if self.open else self.free).append(text)

    @property
    def is_one(self) -> bool:
        """Whether the labels are those of a form; a letter may hold a line or two that look like one."""
        roles = {vocabulary().role(label) or vocabulary().role(label.rpartition(": ")[2]) for label, _ in self.answers}
        return self.proven or (len(self.answers) > 1 and bool(roles & _ABOUT_THE_NOMINATION))


def outcomes_of_document(
    content: Sequence[Block | Grid], file: str, mapping: Mapping, notes: Notes, plain: str | None = None
) -> Iterator[Outcome]:
    """The nominations of a document: one, or one a row where a table lists several; rejections as for any table.

    `plain` is the text of the document as it stands, for one that is no form (default: its lines).
    """
    listing = next((each for each in content if isinstance(each, Grid) and _lists(each)), None)
    if listing is not None:
        rows = (Row(number, cells) for number, cells in enumerate(listing.rows, 1))
        outside = sum(len(each.text.split()) for each in content if isinstance(each, Block))
        if outside:
            notes.warn(f"{file}: the rows of its table are read; {outside} words outside it are not")
        yield from outcomes([Table(rows)], file, mapping, notes)
        return
    form = _form_of(content)
    if form.is_one:
        yield _filled(form, file, mapping, notes)
    else:
        yield Nomination("", "\n".join(lines(content)) if plain is None else plain, source=Source(file))


def lines(content: Iterable[Block | Grid]) -> Iterator[str]:
    """The lines of a document in order, a cell of a table after the other."""
    for each in content:
        if isinstance(each, Block):
            yield each.text
        else:
            yield from (cell for row in each.rows for cell in row)


def blocks(text: str) -> list[Block | Grid]:
    """The lines of a plain text as blocks."""
    return [Block(line) for line in re.split(r"\r\n|\r|\n", text)]


def _lists(grid: Grid) -> bool:
    """Whether a table lists nominations, a row each, under a row of headers."""
    rows = [row for row in grid.rows if any(map(str.strip, row))]
    if len(rows) < 2:
        return False
    roles = [vocabulary().role(cell) for cell in rows[0] if cell.strip()]
    return len(roles) > 1 and "text" in roles and sum(map(bool, roles)) * 2 > len(roles) and not _labels(grid)


def _labels(grid: Grid) -> bool:
    """Whether the left cells of a table are labels of what stands beside them."""
    pairs = [pair for row in grid.rows for pair in _pairs(row)]
    if not pairs:
        return False
    known = sum(bool(vocabulary().role(label)) for label, _ in pairs)
    answered = sum(bool(vocabulary().role(answer)) for _, answer in pairs)
    short = all(len(label.split()) <= _LONGEST_LABEL_WORDS for label, _ in pairs)
    return short and known > answered and 3 * known >= len(pairs)


def _pairs(row: Sequence[str]) -> list[tuple[str, str]]:
    """The labels and answers of a row of two cells, or four; a cell of numbering before them is passed over."""
    cells = list(row)
    if len(cells) % 2 and len(cells) > 1 and _NUMBER.match(cells[0]):
        del cells[0]
    if len(cells) not in (2, 4):
        return []
    return [(label, answer) for label, answer in zip(cells[::2], cells[1::2], strict=True) if label.strip()]


def _form_of(content: Sequence[Block | Grid]) -> _Form:
    form = _Form()
    for each in content:
        if isinstance(each, Grid):
            form.open = False
            _take_grid(form, each)
        elif each.label:
            form.proven = True
            form.label(each.label, each.text)
        else:
            _take_block(form, each)
    return form


def _take_grid(form: _Form, grid: Grid) -> None:
    rows = [row for row in grid.rows if any(map(str.strip, row))]
    if _across(rows):
        form.proven = True
        for label, answer in zip(rows[0], rows[1], strict=False):
            form.label(label, ticked(answer))
        return
    labels = _labels(grid)
    form.proven |= labels
    for row in rows:
        filled = [cell for cell in row if cell.strip()]
        pairs = _pairs(row) if labels else []
        if pairs and (len(filled) > 1 or not vocabulary().heads_a_group(_LEAD.sub("", filled[0]))):
            for label, answer in pairs:
                form.label(label, ticked(answer))
        else:
            for cell in filled:
                _take_block(form, Block(cell, heading=len(filled) == 1))
    form.open = False


def _across(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a table is one row of labels and one of answers."""
    if len(rows) != 2 or len(rows[0]) < 2:
        return False
    return all(vocabulary().role(cell) for cell in rows[0]) and not any(vocabulary().role(cell) for cell in rows[1])


def _take_block(form: _Form, block: Block) -> None:
    text = block.text.strip()
    words = len(text.split())
    group = _LEAD.sub("", text).strip(" :")
    if 0 < words <= 10 and vocabulary().heads_a_group(group) and (block.heading or text.endswith(":")):
        form.group, form.open = group, False
        return
    stands_out = block.heading or text.endswith(("?", ":", "words)"))
    if 0 < words <= _LONGEST_LABEL_WORDS and "\n" not in text and stands_out and vocabulary().role(text):
        form.label(text, more=True)
        return
    match = _INLINE.fullmatch(text)
    if match and len(match[1].split()) <= _LONGEST_INLINE_WORDS and vocabulary().role(match[1]):
        form.label(match[1], ticked(match[2]), more=vocabulary().role(match[1]) == "text" or not match[2].strip())
        return
    first, _, rest = text.partition("\n")
    if rest and first.rstrip().endswith(("?", ":", "words)")) and vocabulary().role(first):
        form.label(first, rest.strip("\n"), more=True)
        return
    form.take(block.text)


def _filled(form: _Form, file: str, mapping: Mapping, notes: Notes) -> Outcome:
    """The nomination of a filled form."""
    answers = [(label, "\n".join(parts).strip("\n")) for label, parts in form.answers]
    free = "\n".join(form.free).strip("\n")
    asked = any(vocabulary().role(label) == "text" and len(answer.split()) > 3 for label, answer in answers)
    mapped = {label.casefold() for label in mapping.headers("text")}
    asked = asked or any(label.casefold() in mapped for label, _ in answers)
    longest = max((len(answer.split()) for _, answer in answers), default=0)
    letter = not asked and (len(free.split()) >= max(_LETTER_WORDS, longest) or longest < _LETTER_WORDS)
    if letter:
        answers.append(("text", free))
    names = distinct([label for label, _ in answers])
    row = Row(0, tuple(answer for _, answer in answers))
    columns = choose_columns(names, [row], mapping.among(names))
    if columns is None:
        content = {name: cell for name, cell in zip(names, row.cells, strict=True) if cell}
        return Rejection(file, "a form without an answer that could be the text; use --map text=", content=content)
    notes.use(file, columns.used())
    notes.show(file, names, row.cells)
    outcome = outcome_of(row, columns, Source(file), notes)
    if isinstance(outcome, Rejection):
        return replace(outcome, row=None, content={**outcome.content, **({OUTSIDE: free} if free else {})})
    source = Source(file, None, outcome.source.columns if outcome.source and not letter else ())
    sections = () if letter and len(outcome.sections) == 1 else outcome.sections
    extra = dict(outcome.extra) if letter or not free.strip() else {**outcome.extra, OUTSIDE: free}
    return replace(outcome, source=source, sections=sections, extra=extra)


def ticked(answer: str) -> str:
    """An answer with boxes to tick: the options ticked; any other answer as it is."""
    if not _BOX.search(answer) or len(answer) > 600:
        return answer
    first = answer.lstrip()[:1]
    parts = re.split(r"([☐☒☑✓✔])", answer)
    marks = parts[1::2]
    options = parts[2::2] if _BOX.match(first) else parts[0:-1:2]
    return ", ".join(option.strip() for mark, option in zip(marks, options, strict=False) if mark != "☐")
