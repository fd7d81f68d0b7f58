"""What an export may be called, and where it may stand."""

from __future__ import annotations

from pathlib import Path


class ExportError(ValueError):
    """An export that cannot be made; the message says what was expected and what to try."""


def called(path: Path) -> str:
    """What a path is called in a message: its last part, or "." for the folder at hand."""
    return path.name or str(path)


def check_file(path: Path, suffix: str, overwrite: bool) -> None:
    """ExportError for a name of another kind, a missing folder, or a file that is there already."""
    if path.suffix.lower() != suffix:
        raise ExportError(f"expected a file ending in {suffix}, got {path.name!r}; try run{suffix}")
    if not path.parent.is_dir():
        raise ExportError(f"there is no folder {str(path.parent)!r} to write into; make it first")
    if path.is_dir():
        raise ExportError(f"{path.name} is a folder; give another name")
    if path.exists() and not overwrite:
        raise ExportError(f"{path.name} is there already; give another name, or --overwrite")


def check_folder(folder: Path, names: tuple[str, ...], overwrite: bool) -> None:
    """ExportError when the folder cannot be made, or holds one of the files already."""
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder.name} is a file; give the name of a folder for the tables")
    if not folder.exists() and not folder.parent.is_dir():
        raise ExportError(f"there is no folder {str(folder.parent)!r} to write into; make it first")
    there = [name for name in names if (folder / name).exists()]
    if there and not overwrite:
        raise ExportError(f"{called(folder)} holds {there[0]} already; give another folder, or --overwrite")
