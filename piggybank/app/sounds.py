"""Sounds, made here and off until somebody asks: a clink for a coin, a crack for the hammer, a chime for the commit.

What sounds is a pure function of two moments; the device is opened only when sound is on, and where there is none all
stays silent.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from piggybank.stage.known import LANDED, MOVED, STRUCK
from piggybank.stage.timeline import BANK, COMMIT, Cursor, Timeline

if TYPE_CHECKING:
    import pygame

COIN, COIN_MINUS, COIN_EMPTY, CRACK, CHIME = "coin", "coin minus", "coin empty", "crack", "chime"
RATE, PEAK = 44_100, 0.3


def sounds_between(timeline: Timeline, before: Cursor, after: Cursor, sign: int) -> tuple[str, ...]:
    """What sounds while the cursor runs on from one moment to the next; nothing for jumps and for going back.

    sign: of the coin of the weight in focus, in the beat of `after`.
    """
    if not 0 <= after.beat - before.beat <= 1:
        return ()
    started = before.progress if after.beat == before.beat else 0.0
    if after.beat > before.beat and before.progress < 1 and after.progress == 1:
        return ()  # a step that was skipped over
    marks = {BANK: ((LANDED, _coin(sign)),), COMMIT: ((STRUCK, CRACK), (MOVED, CHIME))}
    phase = timeline.moment(after.beat).phase
    return tuple(sound for mark, sound in marks.get(phase, ()) if started < mark <= after.progress)


def _coin(sign: int) -> str:
    return COIN if sign > 0 else COIN_MINUS if sign < 0 else COIN_EMPTY


def wave(sound: str) -> NDArray[np.int16]:
    """A sound as 16-bit mono samples at RATE: soft at both ends, so that nothing clicks."""
    shapes: dict[str, tuple[tuple[tuple[float, float, float], ...], float]] = {
        # (start in seconds, frequency in hertz, loudness), …; how fast it dies away
        COIN: (((0.0, 1760.0, 1.0), (0.0, 2637.0, 0.6), (0.03, 3520.0, 0.4)), 14.0),
        COIN_MINUS: (((0.0, 1318.5, 1.0), (0.0, 1975.5, 0.6), (0.03, 2637.0, 0.4)), 14.0),
        COIN_EMPTY: (((0.0, 880.0, 0.5),), 60.0),
        CHIME: (((0.0, 783.99, 0.8), (0.12, 1046.5, 1.0)), 6.0),
    }
    if sound == CRACK:
        return _finished(_crack(), 0.25)
    tones, decay = shapes[sound]
    seconds = max(start for start, _, _ in tones) + 5.0 / decay
    time = np.arange(int(seconds * RATE)) / RATE
    total = np.zeros_like(time)
    for start, frequency, loudness in tones:
        here = np.maximum(time - start, 0.0)
        total += np.where(time >= start, loudness * np.exp(-decay * here) * np.sin(2 * math.pi * frequency * here), 0.0)
    return _finished(total, seconds)


def _crack() -> NDArray[np.float64]:
    """Noise that dies quickly over a low knock; the same every time."""
    time = np.arange(int(0.25 * RATE)) / RATE
    noise = np.random.default_rng(7).uniform(-1, 1, time.size)
    result: NDArray[np.float64] = noise * np.exp(-38 * time) + 0.8 * np.sin(2 * math.pi * 140 * time) * np.exp(
        -22 * time
    )
    return result


def _finished(samples: NDArray[np.float64], seconds: float) -> NDArray[np.int16]:
    """Faded in and out over some milliseconds, its peak at PEAK."""
    time = np.arange(samples.size) / RATE
    shaped = samples * np.minimum(1.0, time / 0.002) * np.clip((seconds - time) / 0.02, 0.0, 1.0)
    result: NDArray[np.int16] = (shaped / np.abs(shaped).max() * PEAK * 32767).astype(np.int16)
    return result


class Speaker:
    """Plays sounds; silent for ever when there is no device. Nothing is opened before the first sound."""

    def __init__(self) -> None:
        self._sounds: dict[str, pygame.mixer.Sound] = {}
        self._silent = False

    def play(self, sounds: tuple[str, ...]) -> None:
        """Start them at once."""
        for sound in sounds:
            made = self._made(sound)
            if made is not None:
                made.play()

    def _made(self, name: str) -> pygame.mixer.Sound | None:
        if self._silent:
            return None
        if name not in self._sounds:
            import pygame

            try:
                if not pygame.mixer.get_init():
                    pygame.mixer.init(RATE, -16, 2, 512)
                self._sounds[name] = pygame.mixer.Sound(buffer=_for_device(wave(name), pygame.mixer.get_init()))
            except (pygame.error, NotImplementedError, ImportError):
                self._silent = True
                return None
        return self._sounds[name]


def _for_device(samples: NDArray[np.int16], device: Any) -> bytes:
    """The samples at the device's own rate and number of channels. Only 16-bit devices are asked for."""
    rate, _, channels = device
    places = np.arange(int(samples.size * rate / RATE)) * (RATE / rate)
    resampled = np.interp(places, np.arange(samples.size), samples).astype(np.int16)
    return np.repeat(resampled[:, None], channels, axis=1).tobytes()
