"""Synthetic households for `benchmarks.rules`: seeded, 2.2 persons each, as NumPy files.

Needs NumPy alone: the peer reads the same files in its own environment.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

PERSON = ("age", "employment_income", "other_income", "pension_contributions", "family_of")
FAMILY = ("capital", "rent")


def make(households: int, seed: int = 20250406) -> dict[str, Any]:
    """Return a column for each name; persons stand family by family, adults first."""
    draw = np.random.default_rng(seed)
    adults = 1 + (draw.random(households) < 0.58)
    with_children = draw.random(households) < 0.33
    children = np.where(with_children, 1 + draw.poisson(0.9, households), 0)
    sizes = adults + children
    family_of = np.repeat(np.arange(households, dtype=np.int32), sizes)
    persons = len(family_of)
    place = np.arange(persons) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    grown = place < adults[family_of]
    base = np.where(with_children, draw.normal(38, 8, households), draw.normal(52, 19, households))
    age = np.where(
        grown, base[family_of] + draw.normal(0, 3, persons), draw.uniform(0, 15.9, persons)
    )
    age = np.floor(np.clip(age, np.where(grown, 18, 0), np.where(grown, 99, 15)))
    working = grown & (age < 67) & (draw.random(persons) < 0.76)
    pay = np.where(working, draw.lognormal(10.2, 0.75, persons), 0)
    other = np.where(grown & (draw.random(persons) < 0.3), draw.lognormal(7.5, 1.4, persons), 0)
    other += np.where(grown & (age >= 67), draw.lognormal(9.4, 0.4, persons), 0)
    contributions = pay * np.where(draw.random(persons) < 0.6, 0.05, 0)
    capital = np.where(draw.random(households) < 0.6, draw.lognormal(8.6, 1.6, households), 0)
    rent = np.where(draw.random(households) < 0.37, draw.normal(750, 220, households), 0)
    return {
        "age": age.astype(np.int8),
        "employment_income": np.round(pay, 2),
        "other_income": np.round(other, 2),
        "pension_contributions": np.round(contributions, 2),
        "family_of": family_of,
        "starts": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
        "capital": np.round(capital, 2),
        "rent": np.round(np.maximum(rent, 0), 2),
        "adult": grown,
    }


def save(households: int, folder: Path) -> Path:
    """Write the columns, a file each, unless they are there; return their folder."""
    place = folder / f"households-{households}"
    if not (place / "whole").exists():
        place.mkdir(parents=True, exist_ok=True)
        for name, values in make(households).items():
            np.save(place / f"{name}.npy", values)
        (place / "whole").touch()
    return place


def load(folder: Path) -> dict[str, Any]:
    """Read all columns."""
    return {path.stem: np.load(path) for path in sorted(folder.glob("*.npy"))}


def part(folder: Path, first: int, last: int) -> dict[str, Any]:
    """Read the families [first, last), and nothing else into memory."""
    starts = _rows(folder / "starts.npy", first, last + 1)
    found = {name: _rows(folder / f"{name}.npy", first, last) for name in FAMILY}
    for name in (*PERSON, "adult"):
        found[name] = _rows(folder / f"{name}.npy", int(starts[0]), int(starts[-1]))
    found["family_of"] -= np.int32(first)
    return found


def _rows(path: Path, first: int, last: int) -> Any:
    with path.open("rb") as file:
        version = np.lib.format.read_magic(file)
        assert version == (1, 0), version
        _, _, dtype = np.lib.format.read_array_header_1_0(file)
        file.seek(first * dtype.itemsize, 1)
        return np.fromfile(file, dtype, last - first)
