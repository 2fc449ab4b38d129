"""The story of a case: every verb has the words in which its deed is told."""

from __future__ import annotations

import importlib
import pkgutil

from qms_desktop import rules, steps
from qms_desktop.action import Verb
from qms_desktop.rules.history_titles import TITLES

# What IT does to people and master data belongs to no case.
WITHOUT_CASE = ("access", "master_data")


def verbs() -> set[str]:
    found = set()
    for shelf in (steps, rules):
        for module in pkgutil.walk_packages(shelf.__path__, f"{shelf.__name__}."):
            inside = vars(importlib.import_module(module.name)).values()
            found |= {deed.name for deed in inside if isinstance(deed, Verb)}
    return {name for name in found if name.partition(".")[0] not in WITHOUT_CASE}


def test_every_verb_of_a_case_has_its_words() -> None:
    assert verbs() - set(TITLES) == set()


def test_no_words_stand_for_a_verb_that_is_gone() -> None:
    assert set(TITLES) - verbs() == set()
