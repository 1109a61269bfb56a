"""Mail (.eml): the message and its attachments, each read as a file of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import PurePath

from pipeline.errors import UnreadableInput
from pipeline.read.forms import blocks, outcomes_of_document
from pipeline.read.mapping import Mapping
from pipeline.read.rows import Outcome
from pipeline.read.source import Input, Notes
from pipeline.records import Nomination, Rejection

_BREAKING = frozenset(("p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "hr"))
_UNSEEN = frozenset(("script", "style", "head", "title", "template"))
_COVERING_WORDS = 60
_MOST_PARTS = 500


def read_message(source: Input, mapping: Mapping, notes: Notes) -> tuple[list[Outcome], list[Input]]:
    """What becomes of a message's text, and its attachments as files to read.

    Subject, sender and date are kept in `extra`. Raises UnreadableInput where it is no message, or holds nothing.
    """
    from email import policy
    from email.parser import BytesParser

    data = source.data()
    if not re.match(rb"(?:[!-9;-~]+:|From )", data.lstrip(b"\xef\xbb\xbf\r\n")):
        raise UnreadableInput(f"{source.name} is no mail message; check what it is, or save it as text (.txt).")
    try:
        message = BytesParser(EmailMessage, policy=policy.default).parsebytes(data)
        text = _text(message)
        heads = {name: str(message[name]) for name in ("subject", "from", "date") if message[name]}
        attached = list(_attachments(message, source.name))
    except Exception as error:  # the parser meets damage with whatever error it runs into
        raise UnreadableInput(
            f"{source.name} is damaged ({str(error) or type(error).__name__}). Save it again, or as text (.txt)."
        ) from error
    found = list(outcomes_of_document(blocks(text), source.name, mapping, notes, plain=text)) if text.strip() else []
    if not found and not attached:
        raise UnreadableInput(f"{source.name} is a message without text or attachments.")
    return [_with_heads(each, heads) for each in found], attached


def is_covering(outcome: Outcome) -> bool:
    """Whether a message is so short that it only goes with its attachments."""
    return isinstance(outcome, Nomination) and not outcome.sections and len(outcome.text.split()) < _COVERING_WORDS


def _with_heads(outcome: Outcome, heads: dict[str, str]) -> Outcome:
    if isinstance(outcome, Rejection):
        return replace(outcome, content={**heads, **outcome.content})
    return replace(outcome, extra={**heads, **outcome.extra})


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    content = str(body.get_content()).replace("\r\n", "\n")
    return of_html(content) if body.get_content_type() == "text/html" else content.rstrip("\n")


def _attachments(message: EmailMessage, name: str) -> Iterator[Input]:
    """The attached files; pictures that stand in the message, as in signatures, are passed over."""
    for number, part in enumerate(message.iter_attachments(), 1):
        if number > _MOST_PARTS:
            raise ValueError(f"more than {_MOST_PARTS} attachments")
        if part.get_content_maintype() == "image" and part.get_content_disposition() != "attachment":
            continue
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            whole = inner[0] if isinstance(inner, list) and inner else part
            content: object = whole.as_bytes() if hasattr(whole, "as_bytes") else b""
            file = f"message-{number}.eml"
        else:
            content = part.get_payload(decode=True)
            file = PurePath(str(part.get_filename() or f"part-{number}").replace("\\", "/")).name
        if isinstance(content, bytes) and content:
            yield Input(f"{name}/{file}", content=content)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the parser's call
        self._unseen += tag in _UNSEEN
        if tag in _BREAKING:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _BREAKING:
            self.parts.append("\n")
        elif tag in ("td", "th"):
            self.parts.append("\t")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.parts.append(re.sub(r"\s+", " ", data))


def of_html(content: str) -> str:
    """The words of a message in HTML, a block a line."""
    reader = _Words()
    reader.feed(content)
    reader.close()
    lines = [re.sub(r" *\t *", "\t", line).strip() for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
