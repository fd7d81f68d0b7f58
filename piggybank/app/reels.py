"""Where frames go: an MP4, a GIF or numbered PNGs, each written aside and put in its place when it is whole."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

import numpy as np
import pygame

from piggybank.app.aside import aside, writing
from piggybank.ledger.claiming import mode_for, set_mode

if TYPE_CHECKING:
    from PIL.Image import Image

Size = tuple[int, int]
SUFFIXES = (".mp4", ".gif", ".png")
COLOURS = 256
"""Of a GIF's one palette."""
NUMBERED = re.compile(r"\d{3,}\.png")
_NAMED = b"tEXtSoftware\0piggybank"
MARK = (len(_NAMED) - 4).to_bytes(4, "big") + _NAMED + zlib.crc32(_NAMED).to_bytes(4, "big")
"""A PNG text chunk that says who drew the picture: what carries it may be replaced by a later film."""
_END = b"\0\0\0\0IEND\xaeB`\x82"


class FilmError(ValueError):
    """A film that cannot be made; the message says what was expected and what to try."""


def check_target(path: Path, overwrite: bool) -> None:
    """FilmError for a name that no film can have, a missing folder, and files that must not be replaced."""
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise FilmError(f"expected a file ending in .mp4, .gif or .png, got {path.name!r}; try film.mp4")
    if kind != ".png":
        check_file(path, overwrite)
    elif _is_there(pictures_folder(path), overwrite):
        _check_pictures(pictures_folder(path))


def check_file(path: Path, overwrite: bool) -> None:
    """FilmError for a missing folder, and for what is there already and may not be written over."""
    if _is_there(path, overwrite) and not path.is_file():
        raise FilmError(f"{path.name} is a folder, and a picture or a film is a file; give another name")


def _is_there(target: Path, overwrite: bool) -> bool:
    if not target.parent.is_dir():
        raise FilmError(f"there is no folder {str(target.parent)!r} to write into; make it first")
    there = os.path.lexists(target)
    if there and not overwrite:
        raise FilmError(f"{target.name} is there already; give another name, or --overwrite")
    return there


def _check_pictures(folder: Path) -> None:
    """FilmError unless there is nothing in the folder but numbered pictures of an earlier film."""
    if folder.is_symlink() or not folder.is_dir():
        raise FilmError(f"{folder.name} is no folder of pictures and stays as it is; give another name")
    for path in sorted(folder.iterdir()):
        if not _is_ours(path):
            raise FilmError(
                f"the folder {folder.name} holds {path.name}, which is no picture of an earlier film, and stays as it "
                "is; give another name"
            )


def _is_ours(path: Path) -> bool:
    if path.is_symlink() or not path.is_file() or not NUMBERED.fullmatch(path.name):
        return False
    return path.read_bytes().endswith(MARK + _END)


def pictures_folder(path: Path) -> Path:
    """Where the numbered pictures of a .png film go."""
    return path.with_suffix("")


def write(frames: Iterable[pygame.Surface], path: Path, size: Size, rate: float, colours: Sequence[str] = ()) -> Path:
    """Write frames at `rate` a second over what `check_target` has let pass; gives the file, or the folder of pictures.
    colours: "#rrggbb" that a GIF must not change. FilmError, OSError."""
    kind = path.suffix.lower()
    if kind == ".png":
        with writing(pictures_folder(path)):
            return _write_pictures(frames, pictures_folder(path))
    with writing(path), aside(path) as file:
        if kind == ".mp4":
            _write_mp4(frames, file.name, size, rate)
        else:
            _write_gif(frames, file, size, rate, colours)
    return path


def png(surface: pygame.Surface) -> bytes:
    """A picture as the contents of a PNG file. (Pygame itself says nothing when a disk is full.)"""
    file = io.BytesIO()
    pygame.image.save(surface, file, "x.png")
    return file.getvalue()


def _write_pictures(frames: Iterable[pygame.Surface], folder: Path) -> Path:
    """One PNG a frame, numbered in order."""
    temporary = Path(tempfile.mkdtemp(prefix=".piggybank-", dir=folder.parent))
    try:
        for number, surface in enumerate(frames, 1):
            (temporary / f"{number:03}.png").write_bytes(png(surface).removesuffix(_END) + MARK + _END)
        mode = mode_for(folder, 0o777)
        if os.path.lexists(folder):
            _remove_pictures(folder)
        os.replace(temporary, folder)
        set_mode(folder, mode)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return folder


def _remove_pictures(folder: Path) -> None:
    """An earlier film's pictures and their folder; nothing else ever goes."""
    _check_pictures(folder)
    for path in sorted(folder.iterdir()):
        path.unlink()
    folder.rmdir()


def _write_mp4(frames: Iterable[pygame.Surface], path: str, size: Size, rate: float) -> None:
    """H.264 with even sides, which every player takes. OSError when the encoder did not finish; it does not say so."""
    try:
        import imageio_ffmpeg
    except ImportError:
        raise FilmError("an MP4 needs the package imageio-ffmpeg; pip install 'piggybank[video]'") from None
    even = size[0] // 2 * 2, size[1] // 2 * 2
    film = imageio_ffmpeg.write_frames(
        path, even, fps=rate, codec="libx264", quality=8, macro_block_size=2, ffmpeg_log_level="quiet"
    )
    film.send(None)
    sent, cut_off = 0, OSError(errno.EIO, "the film was cut off")
    try:
        for surface in frames:
            sent += 1
            film.send(pygame.image.tobytes(surface.subsurface((0, 0), even), "RGB"))
    except OSError:
        raise cut_off from None
    finally:
        film.close()
    try:
        arrived, _ = imageio_ffmpeg.count_frames_and_secs(path)
    except RuntimeError:
        raise cut_off from None
    if arrived != sent:
        raise cut_off


def _write_gif(
    frames: Iterable[pygame.Surface], file: IO[bytes], size: Size, rate: float, colours: Sequence[str]
) -> None:
    """One palette for all frames, so that colours do not flicker; a frame that stays is written once, for longer."""
    try:
        from PIL import Image
    except ImportError:
        raise FilmError("a GIF needs the package Pillow; pip install 'piggybank[video]'") from None
    kept: list[bytes] = []
    lengths: list[int] = []
    for surface in frames:
        data = pygame.image.tobytes(surface, "RGB")
        if not kept or data != kept[-1]:
            kept.append(data)
            lengths.append(0)
        lengths[-1] += 1
    pictures = [Image.frombytes("RGB", size, data) for data in kept]
    nearest = _Nearest(_palette(pictures, size, colours))
    small = [nearest.picture(picture) for picture in pictures]
    durations = _durations(lengths, rate)
    small[0].save(file, "GIF", save_all=True, append_images=small[1:], duration=durations, loop=0, optimize=False)


def _palette(pictures: list[Image], size: Size, colours: Sequence[str]) -> bytes:
    """Red, green and blue of the colours that must stay, and of the most useful ones of a few frames."""
    from PIL import Image

    half = max(1, size[0] // 2), max(1, size[1] // 2)
    chosen = [*pictures[:: max(1, len(pictures) // 16)], pictures[-1]]
    together = Image.new("RGB", (half[0], half[1] * len(chosen)))
    for place, picture in enumerate(chosen):
        together.paste(picture.resize(half, Image.Resampling.NEAREST), (0, half[1] * place))
    kept = list(dict.fromkeys(bytes.fromhex(colour.removeprefix("#")) for colour in colours))[: COLOURS // 2]
    found = bytes(together.quantize(COLOURS - len(kept)).getpalette() or [])
    return b"".join(kept) + found[: 3 * (COLOURS - len(kept))]


class _Nearest:
    """Pictures in the colours of a palette: each pixel takes the nearest one. Pillow's own search is off by some
    steps, enough to tint a whole background."""

    def __init__(self, palette: bytes) -> None:
        self._palette = palette
        self._colours = np.frombuffer(palette, np.uint8).reshape(-1, 3).astype(np.int32)
        self._known = np.full(1 << 24, -1, np.int16)

    def picture(self, picture: Image) -> Image:
        from PIL import Image

        red, green, blue = np.moveaxis(np.asarray(picture, np.int32), 2, 0)
        codes = red << 16 | green << 8 | blue
        new = np.unique(codes[self._known[codes] < 0])
        for code in np.array_split(new, len(new) // 4096 + 1):
            parts = np.stack([code >> 16, code >> 8 & 255, code & 255], 1)
            self._known[code] = ((parts[:, None] - self._colours) ** 2).sum(2).argmin(1)
        small = Image.fromarray(self._known[codes].astype(np.uint8))
        small.putpalette(self._palette)
        return small


def _durations(lengths: list[int], rate: float) -> list[int]:
    """Milliseconds of every frame, in the hundredths that a GIF knows, without drifting from the whole."""
    ends, frames = [0], 0
    for length in lengths:
        frames += length
        ends.append(round(frames * 100 / rate) * 10)
    return [max(20, after - before) for before, after in pairwise(ends)]
