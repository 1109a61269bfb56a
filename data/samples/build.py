"""Make the sample nominations: a spreadsheet as an award platform exports it, and letters, from the texts in source/.

    python data/samples/build.py

The same texts give the same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import docx
import openpyxl

HERE = Path(__file__).parent
MADE = datetime(2026, 11, 2, 9, 0, 0)
HEADER = (
    "Entry ID", "Submitted", "Status", "Category", "Nominee name", "Job title", "Type of service",
    "Relationship to nominee", "Why are you nominating this person?", "Please give an example",
    "What difference has it made?",
)  # fmt: skip
BLANK_AFTER, INCOMPLETE_AFTER = 11, 19


def sources(path: Path) -> Iterator[tuple[str, dict[str, str], str]]:
    """Each text of a source file: its id, its `key: value` lines, its body."""
    for block in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("\n---\n")
        identity, *lines = head.split("\n")
        yield (
            identity,
            dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in lines),
            body.strip("\n"),
        )


def answers(text: str) -> tuple[str, str, str]:
    """A text as the answers to three questions: its paragraphs shared out, the third only where there are three."""
    paragraphs = text.split("\n\n")
    if len(paragraphs) < 3:
        return text, "", ""
    middle = max(1, len(paragraphs) // 2)
    return "\n\n".join(paragraphs[:middle]), "\n\n".join(paragraphs[middle:-1]), paragraphs[-1]


def spreadsheet(path: Path) -> None:
    """Write the spreadsheet: two title rows, a header, 30 entries, a blank row amid, and an entry without answers."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Entries"
    sheet.append(["Carreg Valley Care Awards 2026: all entries"])
    sheet.append(["Exported 02/11/2026", "", "Panel copy, confidential"])
    sheet.append(list(HEADER))
    for number, (identity, meta, text) in enumerate(sources(HERE / "source" / "entries.txt")):
        when = (MADE - timedelta(days=40 - number, minutes=37 * number)).strftime("%d/%m/%Y %H:%M")
        who = [meta["category"], meta["nominee"], meta["job"], meta["setting"], meta["relationship"]]
        sheet.append([identity, when, "Submitted", *who, *answers(text)])
        if number == BLANK_AFTER:
            sheet.append([])
        if number == INCOMPLETE_AFTER:
            sheet.append([f"{identity}-B", when, "In progress", meta["category"], "", "", "", "", "", "", ""])
    sheet.freeze_panes = "A4"
    book.properties.created = book.properties.modified = MADE
    save(book, path)


def letters(folder: Path) -> None:
    """Write the letters, a Word or text file each."""
    folder.mkdir(exist_ok=True)
    for identity, meta, text in sources(HERE / "source" / "letters.txt"):
        if meta["format"] == "txt":
            (folder / f"{identity}.txt").write_text(text + "\n", encoding="utf-8", newline="\n")
            continue
        document = docx.Document()
        for paragraph in text.split("\n"):
            document.add_paragraph(paragraph)
        document.core_properties.created = document.core_properties.modified = MADE
        document.core_properties.author = ""
        save(document, folder / f"{identity}.docx")


def save(package: object, path: Path) -> None:
    """Save a workbook or document with one fixed date in every part."""
    buffer = io.BytesIO()
    package.save(buffer)  # type: ignore[attr-defined]
    with zipfile.ZipFile(buffer) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name in made.namelist():
            content = made.read(name)
            if name == "docProps/core.xml":
                stamp = MADE.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
                content = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)
            out.writestr(zipfile.ZipInfo(name, (2026, 11, 2, 9, 0, 0)), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    spreadsheet(HERE / "awards-2026.xlsx")
    letters(HERE / "letters")
