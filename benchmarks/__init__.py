"""What the program costs, each beside its floor: the same work by the shortest honest code, in the same run."""

from __future__ import annotations

import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MS = 1000


class Line(Protocol):
    """A line of the table; `is_exact` says that every machine must measure the same, so that a miss is a fault."""

    @property
    def name(self) -> str:
        """Say what was measured."""

    @property
    def is_exact(self) -> bool:
        """Tell a count from a time."""

    @property
    def is_met(self) -> bool:
        """Tell whether the goal is reached."""

    def cells(self) -> dict[str, Any]:
        """Give what the table shows."""


@dataclass(frozen=True)
class Ratio:
    """One measured thing: medians of the floor and of ours in `unit`, and the most (or least) that ours may be of it.

    A positive `goal` is the most that ours / floor may be; for rates, where more is better, `more_is_better` makes it
    the least.
    """

    name: str
    floor: float
    ours: float
    goal: float
    unit: str
    more_is_better: bool = False
    is_exact: bool = False

    @property
    def ratio(self) -> float:
        """Give ours as a multiple of the floor."""
        return self.ours / self.floor if self.floor else float("inf")

    @property
    def is_met(self) -> bool:
        """Tell whether the goal is reached."""
        return self.ratio >= self.goal if self.more_is_better else self.ratio <= self.goal

    def cells(self) -> dict[str, Any]:
        """Give what the table shows."""
        goal = f"{'>=' if self.more_is_better else '<='} {self.goal:g} x"
        return {"floor": self.floor, "ours": self.ours, "unit": self.unit, "ratio": self.ratio, "goal": goal}


@dataclass(frozen=True)
class Limit:
    """One measured thing that has no floor: what it is, and the most that it may be, in `unit`."""

    name: str
    ours: float
    most: float
    unit: str
    is_exact: bool = False

    @property
    def is_met(self) -> bool:
        """Tell whether the goal is reached."""
        return self.ours <= self.most

    def cells(self) -> dict[str, Any]:
        """Give what the table shows."""
        goal = f"<= {self.most:g} {self.unit}"
        return {"floor": None, "ours": self.ours, "unit": self.unit, "ratio": None, "goal": goal}


def medians(
    works: Mapping[str, Callable[[], object]], *, rounds: int, clock: Callable[[], float] = time.perf_counter
) -> dict[str, float]:
    """Give the median seconds of each work, after a round to warm up; they take turns, so all have the same weather."""
    seen: dict[str, list[float]] = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            begun = clock()
            work()
            if turn:
                seen[name].append(clock() - begun)
    return {name: median(found) for name, found in seen.items()}
