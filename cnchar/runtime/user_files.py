"""Files that users bring along with a model."""

from __future__ import annotations

from pathlib import Path

from cnchar.errors import BadInput


def dictionary_lines(path: Path) -> list[str]:
    """The lines of a user's dictionary, without a BOM. Raises BadInput for one that is missing or not UTF-8."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: the user dictionary is not UTF-8 (byte {error.start}).") from None
    except (FileNotFoundError, IsADirectoryError):
        raise BadInput(f"{path}: no such user dictionary.") from None
    return text.split("\n")
