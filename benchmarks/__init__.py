"""What the program costs, each beside its floor: the same work by the shortest honest code, in the same run."""

from __future__ import annotations

from dataclasses import dataclass


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

    @property
    def ratio(self) -> float:
        """Give ours as a multiple of the floor."""
        return self.ours / self.floor if self.floor else float("inf")

    @property
    def is_met(self) -> bool:
        """Tell whether the goal is reached."""
        return self.ratio >= self.goal if self.more_is_better else self.ratio <= self.goal
