"""Parquet files to rows; each row's number counts from 1, for there is no header line."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from pipeline.errors import UnreadableInput
from pipeline.read.mapping import Mapping
from pipeline.read.rows import Outcome, outcomes
from pipeline.read.source import Input, Notes
from pipeline.read.table import Row, Table


def read_parquet(source: Input, mapping: Mapping, notes: Notes) -> Iterator[Outcome]:
    """The nominations and rejections of a Parquet file; raises UnreadableInput where it is none or is damaged."""
    import pyarrow as pa
    from pyarrow import parquet

    try:
        file = parquet.ParquetFile(io.BytesIO(source.data()))
        names = tuple(str(name) for name in file.schema_arrow.names)
        yield from outcomes([Table(_rows(file), names=names)], source.name, mapping, notes)
    except (pa.ArrowException, OSError, ValueError) as error:
        first = str(error).partition("\n")[0]
        raise UnreadableInput(f"{source.name} is no Parquet file or is damaged ({first}). Export it again.") from error


def _rows(file: Any) -> Iterator[Row]:
    number = 0
    for batch in file.iter_batches(batch_size=1000):
        columns = [batch.column(place).to_pylist() for place in range(batch.num_columns)]
        for cells in zip(*columns, strict=True):
            number += 1
            yield Row(number, tuple(_text(cell) for cell in cells))


def _text(value: object) -> str:
    """A value as text; lists, structures and binary data are left out."""
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, list | dict | bytes):
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else "" if value != value else repr(value)
    return value.isoformat(" ", "seconds") if isinstance(value, datetime) else str(value)
