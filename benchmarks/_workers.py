"""Several programs that work at once, each in a process of its own."""

from __future__ import annotations

import multiprocessing
import queue
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LOOKS_EVERY_S = 0.5


class WorkerFailed(Exception):
    """A worker ended without an answer; its own words stand above."""


def at_once(work: Callable[..., None], orders: Sequence[Any]) -> list[Any]:
    """Let one process an order do `work(order, ready, answers)`, and gather what each puts into `answers`.

    `ready` is a barrier at which all wait for each other. Raises WorkerFailed as soon as one of them has failed.
    """
    method = multiprocessing.get_context("spawn")
    ready, answers = method.Barrier(len(orders)), method.Queue()
    workers = [method.Process(target=work, args=(order, ready, answers)) for order in orders]
    for worker in workers:
        worker.start()
    seen: list[Any] = []
    try:
        while len(seen) < len(workers):
            try:
                seen.append(answers.get(timeout=LOOKS_EVERY_S))
            except queue.Empty:
                if any(worker.exitcode for worker in workers):
                    raise WorkerFailed from None
    finally:
        for worker in workers:
            if len(seen) < len(workers):
                worker.kill()
            worker.join()
    return seen
