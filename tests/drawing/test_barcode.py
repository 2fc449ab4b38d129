from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms_desktop.drawing import barcode
from qms_desktop.errors import Refused
from qms_desktop.steps.receipt_label import LabelCode
from tests.helpers.receipt_labels import PAYLOAD

label_codes = st.builds(
    LabelCode,
    rma_number=st.from_regex(r"[A-X][0-9]{11,12}", fullmatch=True, alphabet=st.characters(codec="ascii")),
    rma_line=st.integers(0, 999),
    serial=st.integers(0, 999_999_999),
)


@given(label_codes)
def test_every_label_code_makes_a_matrix_of_18_modules(code: LabelCode) -> None:
    symbol = barcode.data_matrix(code.payload)
    assert (symbol.width, symbol.height) == (18, 18)


def test_a_longer_text_is_refused_instead_of_growing() -> None:
    with pytest.raises(Refused, match="too long"):
        barcode.data_matrix("R20261103001.1.000042 and much more than that")


def test_the_matrix_has_its_two_solid_sides() -> None:
    runs = barcode.data_matrix(PAYLOAD).runs()
    assert barcode.Run(x=0, y=17, length=18) in runs
    assert {run.y for run in runs if run.x == 0} == set(range(18))


def test_the_line_code_packs_digits_in_pairs() -> None:
    symbol = barcode.code_128(PAYLOAD)
    assert (symbol.width, symbol.height) == (211, 1)
    assert symbol.runs()[0] == barcode.Run(x=0, y=0, length=2)
    last = symbol.runs()[-1]
    assert last.x + last.length == 211
