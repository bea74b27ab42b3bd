"""`make evaluate`: the report, the picture, and what it says about files that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.bot.program_logs import program_logs
from tests.understanding.benchmarks import Score
from tests.understanding.evaluate import main
from tests.understanding.form_time import FormReading
from tests.understanding.held_back import FormUtterance, Utterance
from tests.understanding.measures import Reading
from tests.understanding.picture import draw
from tests.understanding.report import Measured, report

MEASURED = Measured(
    readings=[
        Reading(Utterance("en", "faq_trht", "what is it"), "faq_trht", "answer"),
        Reading(Utterance("en", "faq_trht", "trht"), "faq_dates", "offer", ("faq_trht",)),
        Reading(Utterance("es", "faq_dates", "cuando"), "faq_dates", "answer"),
        Reading(Utterance("es", "crisis", "me muero"), "crisis", "crisis"),
        Reading(Utterance("es", "out_of_scope", "taxi"), "faq_dates", "answer"),
    ],
    form_readings=[
        FormReading(FormUtterance("en", "title", "Why We March", "answer"), "answer", "inform"),
        FormReading(FormUtterance("es", "title", "salta", "skip"), "answer", "inform"),
        FormReading(FormUtterance("es", "title", "sigue", "skip", untuned=True), "answer", "skip"),
    ],
    scores={"BANKING77": Score(0.84), "CLINC150": Score(0.86, 0.5, 0.951)},
)


@pytest.mark.parametrize(
    "line",
    [
        "right at once at least 90.0% 50.0% 66.7% 60.0%",
        "right at once or offered at least 97.0% 100.0% 66.7% 80.0%",
        "outside answered as inside at most 2.0% 0.0% 100.0% 100.0%",
        "right one offered 50.0% 0.0% 0.0% 0.0% 0.0% 0.0%",
        "1 faq_trht > faq_dates 1 out_of_scope > faq_dates",
        "steps understood 0.0% 50.0% 50.0% 100.0%",
        "step 1 1 0 0 0 0 0 0 50.0%",
        "BANKING77 84.0%",
        "CLINC150 86.0% 50.0% 0.951",
    ],
)
def test_the_report_says_each_figure_beside_its_goal(line: str) -> None:
    assert line in [" ".join(it.split()) for it in report(MEASURED).splitlines()]


def test_the_lowest_f1_comes_first() -> None:
    text = report(MEASURED)
    assert (
        text.index("0.00 out_of_scope") < text.index("0.50 faq_dates") < text.index("1.00 crisis")
    )


def test_the_report_leaves_out_benchmarks_that_were_not_asked_for() -> None:
    own = Measured(MEASURED.readings, MEASURED.form_readings, {})
    assert "AUROC" not in report(own)


def test_the_picture_can_be_opened(tmp_path: Path) -> None:
    draw(MEASURED, tmp_path / "understanding.png")
    with Image.open(tmp_path / "understanding.png") as picture:
        assert picture.format == "PNG"
        assert min(picture.size) > 1000


@pytest.mark.parametrize("option", ["--banking77", "--clinc150"])
def test_a_missing_file_is_one_line_and_nothing_is_measured(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "missing"

    with program_logs():
        assert main([option, str(path)]) == 2

    output = capsys.readouterr()
    assert output.err == f"evaluate: {path} cannot be read: No such file or directory.\n"
    assert output.out == ""
