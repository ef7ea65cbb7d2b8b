"""Cells of a CSV: none is a formula to a spreadsheet."""

from __future__ import annotations

import pytest

from trucekeeper.mission.cells import cell, typed


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|'/C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1",
        "-",
        "'=1",
        "'quoted",
        "plain",
    ],
)
def test_no_cell_is_worked_out_and_what_was_typed_comes_back(text: str) -> None:
    shown = cell(text)

    assert isinstance(shown, str)
    assert text == "-" or shown[:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"}
    assert typed(shown) == text


@pytest.mark.parametrize("value", [-5, 3.2, "-5", "+12", "-0.25", None, True, ""])
def test_a_number_stays_a_number(value: object) -> None:
    assert cell(value) == value
