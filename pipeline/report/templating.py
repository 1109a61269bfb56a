"""The templates of the pack: shipped ones, any of which an organiser's folder overrides; always escaped."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from pipeline.errors import WrongUsage
from pipeline.frameworks import Frameworks
from pipeline.report.codes import codes_of
from pipeline.report.printable import plain_line, printable
from pipeline.report.settings import Settings
from pipeline.report.words import Words, parse_words

TEMPLATES = Path(__file__).parent / "templates"


class Templates:
    """The templates with what each of them may use: `words`, `codes`, `frameworks`, `settings`, style and script."""

    def __init__(self, frameworks: Frameworks, settings: Settings, own: Path | None = None) -> None:
        if own is not None and not own.is_dir():
            raise WrongUsage(f"{own} is no folder. --templates takes the folder that holds your templates.")
        loaders: list[BaseLoader] = [FileSystemLoader(own)] if own else []
        self._environment = Environment(
            loader=ChoiceLoader([*loaders, FileSystemLoader(TEMPLATES)]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_shown,
        )
        self.words: Words = parse_words(self._source("words.toml"))
        style = (
            settings.style.join(("\n" + self._source("style.css"), "")) if settings.style else self._source("style.css")
        )
        script = self._source("pack.js")
        self._environment.filters["plain_line"] = plain_line
        self._environment.globals.update(
            words=self.words,
            codes=codes_of(frameworks),
            frameworks=frameworks,
            settings=settings,
            style=style,
            script=script,
            policy=_policy(style, script),
        )

    def render(self, name: str, **values: Any) -> str:
        """The page that a template makes of these values; raises WrongUsage naming a template that is at fault."""
        with _faults_named(name):
            return self._environment.get_template(name).render(**values)

    def _source(self, name: str) -> str:
        with _faults_named(name):
            loader = self._environment.loader
            assert loader is not None  # noqa: S101 - set above
            return loader.get_source(self._environment, name)[0].replace("\r\n", "\n")


def _shown(value: Any) -> Any:
    """What an expression of a template shows: texts made fit to be shown, in a page with no lone surrogates."""
    return printable(value) if type(value) is str else value


@contextmanager
def _faults_named(name: str) -> Iterator[None]:
    try:
        yield
    except TemplateSyntaxError as error:
        raise WrongUsage(f"{error.name or name}, line {error.lineno}: {error.message}. Mend the template.") from error
    except TemplateError as error:
        raise WrongUsage(f"The template {name} cannot be filled in: {error.message}. Mend the template.") from error
    except UnicodeDecodeError as error:
        raise WrongUsage(f"The template {name} is no UTF-8 text ({error}). Save it as UTF-8.") from error


def _policy(style: str, script: str) -> str:
    """The content security policy of every page: its own style and script, pictures inside the page, nothing else."""
    return (
        f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"
