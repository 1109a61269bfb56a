"""The awards' own name, logo and colours, from a small TOML file of the organiser."""

from __future__ import annotations

import base64
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import WrongUsage

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_IMAGES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF8": "image/gif",
    b"<svg": "image/svg+xml",
    b"<?xml": "image/svg+xml",
}
LARGEST_LOGO = 100_000
"""Bytes: the logo stands in every page."""

PAPER, NIGHT = "#fbfaf6", "#15181c"
"""The background in light and in dark, as style.css has them."""

CONTRAST = 4.5
"""What text needs against its background (WCAG 2.2, success criterion 1.4.3)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an organiser says of the awards; `logo` is a data: address, colours are #rrggbb, all empty by default."""

    name: str = ""
    introduction: str = ""
    logo: str = ""
    colour: str = ""
    colour_dark: str = ""

    @property
    def style(self) -> str:
        """The style sheet's lines that set the awards' colours."""
        light = f":root {{ --accent: {self.colour}; }}\n" if self.colour else ""
        dark = f"@media (prefers-color-scheme: dark) {{ :root {{ --accent: {self.colour_dark}; }} }}\n"
        return light + (dark if self.colour_dark else "")


def read_settings(path: Path) -> Settings:
    """The settings in a TOML file; raises WrongUsage with the file and what is wrong."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise WrongUsage(f"{path} cannot be opened: {error.strerror or error}. Check the name.") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUsage(f"{path} is no TOML file ({error}).") from error
    known = ("name", "introduction", "logo", "colour", "colour_dark")
    for key, value in raw.items():
        if key not in known:
            raise WrongUsage(f"{path}: {key!r} is no setting; there are {', '.join(known)}.")
        if not isinstance(value, str):
            raise WrongUsage(f"{path}: {key} must be a text in quotation marks.")
    for key, background in (("colour", PAPER), ("colour_dark", NIGHT)):
        if key in raw:
            _check_colour(path, key, raw[key], background)
    if "colour" in raw and "colour_dark" not in raw:
        raise WrongUsage(f"{path}: colour needs colour_dark beside it, a light shade of it for screens in dark mode.")
    if "logo" in raw:
        raw["logo"] = _logo(path, path.parent / raw["logo"])
    return Settings(**raw)


def _check_colour(path: Path, key: str, value: str, background: str) -> None:
    if not _COLOUR.fullmatch(value):
        raise WrongUsage(f"{path}: {key} = {value!r} is no colour like #0b5d4e.")
    found = contrast(value, background)
    if found < CONTRAST:
        raise WrongUsage(
            f"{path}: {key} = {value} cannot be read on {background} (contrast {found:.1f}, {CONTRAST} is needed). "
            f"Choose a {'darker' if key == 'colour' else 'lighter'} shade."
        )


def contrast(first: str, second: str) -> float:
    """The contrast ratio of two colours #rrggbb, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _logo(settings: Path, path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WrongUsage(f"{settings}: the logo {path} cannot be opened: {error.strerror or error}.") from error
    kind = next((kind for start, kind in _IMAGES.items() if content.startswith(start)), None)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        kind = "image/webp"
    if kind is None:
        raise WrongUsage(f"{settings}: the logo {path} is no PNG, JPEG, GIF, WebP or SVG picture.")
    if len(content) > LARGEST_LOGO:
        raise WrongUsage(
            f"{settings}: the logo {path} has {len(content):,} bytes; at most {LARGEST_LOGO:,} fit, for every page "
            "holds it. Save it smaller."
        )
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
