"""Word and text files: one nomination a file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from pipeline.errors import UnreadableInput
from pipeline.read.workbook import opened_package


def word_text(content: bytes, name: str) -> str:
    """The text of a Word file: paragraphs and table cells in the order of the document, a line each.

    Raises UnreadableInput where the bytes are no Word file.
    """
    opened_package(content, name, "word/document.xml", "Word")
    import docx

    try:
        document = docx.Document(io.BytesIO(content))
        lines = list(_lines(document))
    except Exception as error:  # python-docx raises whatever its XML parser met
        raise UnreadableInput(f"{name} cannot be read as a Word file ({error}). Save it again from Word.") from error
    return "\n".join(lines).strip("\n")


def _lines(container: Any) -> Iterator[str]:
    for block in container.iter_inner_content():
        if hasattr(block, "rows"):
            seen = set()
            for row in block.rows:
                for cell in row.cells:
                    if cell._tc not in seen:
                        seen.add(cell._tc)
                        yield from _lines(cell)
        else:
            yield block.text
