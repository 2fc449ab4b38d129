"""What a test holds of a story: a plant and the ids of its records; a story that was told once is copied, not retold.

A function or method that is a `chapter` tells a part of a story. On a plant that nobody has touched yet it only notes
the chapter; the plant's database is then a copy of one in which the same chapters were told before (plant.Templates).
On a plant that is in use it simply tells.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from tests.helpers.plant import Chapter, Plant

if TYPE_CHECKING:
    from collections.abc import Callable

Told = TypeVar("Told", bound="Callable[..., Any]")


@dataclass
class Scene:
    """A plant, ids, and scenes within it; its methods tell on, and those that are chapters change only the ids."""

    def on(self, plant: Plant) -> Self:
        """Give the same scene in a copy of its plant."""
        return type(self)(**{each.name: _on(plant, getattr(self, each.name)) for each in fields(self) if each.init})

    def ids(self) -> dict[str, Any]:
        """Give everything but the plant."""
        held = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value.ids() if isinstance(value, Scene) else value
            for name, value in held.items()
            if not isinstance(value, Plant)
        }

    def catch_up(self, ids: dict[str, Any]) -> None:
        """Take the ids of the same scene in another copy of its plant."""
        for name, value in ids.items():
            held = getattr(self, name)
            if isinstance(held, Scene):
                held.catch_up(value)
            else:
                setattr(self, name, value)

    def place(self) -> Plant:
        """Give the plant in which the scene plays."""
        held = [getattr(self, each.name) for each in fields(self)]
        return next(
            each if isinstance(each, Plant) else each.place() for each in held if isinstance(each, Plant | Scene)
        )


def _on(plant: Plant, value: Any) -> Any:  # noqa: ANN401 - whatever a scene holds
    if isinstance(value, Plant):
        return plant
    return value.on(plant) if isinstance(value, Scene) else value


def chapter(tell: Told) -> Told:
    """Let a function of a plant or a scene, or a method of a scene, be told once for all who begin with it.

    What it is given beside them must have a `repr` that says all; what it gives is a scene or plain values.
    """

    @wraps(tell)
    def told(first: Any, /, *more: Any, **named: Any) -> Any:  # noqa: ANN401 - as `tell` itself
        is_scene = isinstance(first, Scene)
        plant = first.place() if is_scene else first
        known = first.ids() if is_scene else {}
        title = f"{tell.__module__}.{tell.__qualname__}{more}{named}{known}"

        def play(stage: Plant) -> tuple[dict[str, Any], Any]:
            begun = _on(stage, first)
            made = tell(begun, *more, **named)
            return (begun.ids() if is_scene else {}), (None if made is begun else made)

        ids, made = plant.told(Chapter(title, play))
        if is_scene:
            first.catch_up(ids)
        return first if made is None and is_scene else _on(plant, made)

    return cast("Told", told)
