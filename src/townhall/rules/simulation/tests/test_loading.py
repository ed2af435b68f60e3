"""What a file of persons must be like, and what its owner is told where it is not."""

from __future__ import annotations

import builtins
from pathlib import Path

import numpy as np
import pytest

from townhall.rules.engine.law import FAMILY, HOUSEHOLD, PERSON
from townhall.rules.simulation import loading, mapping, sources
from townhall.rules.simulation.mapping import ColumnMapping, MappingError
from townhall.rules.simulation.problems import SHOWN, PopulationRefused
from townhall.rules.simulation.simulating import Request, simulate
from townhall.rules.simulation.tests.small_law import (
    DAY,
    HEADING,
    LAW,
    ROWS,
    STATISTICS,
    written,
)

LAW_OF_DAY = LAW.on(DAY)
USUAL = ColumnMapping(usual=None)


def load(path: Path, how: ColumnMapping = USUAL, **more):
    return loading.load(path, LAW_OF_DAY, how, day=DAY, **more)


def refused(path: Path, how: ColumnMapping = USUAL, **more) -> PopulationRefused:
    with pytest.raises(PopulationRefused) as caught:
        load(path, how, **more)
    return caught.value


def told(error: PopulationRefused) -> list[tuple[int | None, str]]:
    return [(each.row, each.column) for each in error.problems]


def test_persons_stand_with_their_families_whatever_the_order_of_the_rows(tmp_path: Path) -> None:
    straight = load(written(tmp_path))
    turned = load(written(tmp_path, *reversed(ROWS)))
    for each in (straight, turned):
        population = each.population
        assert [population.size(entity) for entity in (PERSON, FAMILY, HOUSEHOLD)] == [9, 5, 4]
        assert sorted(each.weights) == [1, 1, 1, 2]
        home = population.household_of[population.family_of]
        pay = np.bincount(home, weights=population.column("pay"))
        assert sorted(pay) == [0, 12_000, 40_000, 80_000]
        weighted = pay @ each.weights
        assert weighted == 40_000 + 12_000 + 2 * 80_000


def test_what_is_wrong_is_told_by_row_and_column_with_what_would_fit(tmp_path: Path) -> None:
    rows = list(ROWS)
    rows[0] = rows[0].replace("30000", "thirty")
    rows[2] = rows[2].replace("2020-01-01", "01/01/2020")
    rows[4] = rows[4].replace("yes", "perhaps")
    rows[6] = rows[6].replace("60000", "-5")
    rows[8] = rows[8].replace("400", "")
    error = refused(written(tmp_path, *rows))
    assert told(error) == [
        (2, "pay"),
        (4, "date_of_birth"),
        (6, "adult"),
        (8, "pay"),
        (10, "rent"),
    ]
    assert [str(each) for each in error.problems] == [
        'row 2, column "pay": “thirty” cannot be used. Write a number as 1234.50, without signs '
        "for thousands or a currency.",
        'row 4, column "date_of_birth": “01/01/2020” cannot be used. Write a date as 2026-04-06.',
        'row 6, column "adult": “perhaps” cannot be used. Write yes or no.',
        'row 8, column "pay": -5 is too low; the least is 0.',
        'row 10, column "rent": It is empty. Write a value, or leave out the whole column and have '
        "the usual value taken.",
    ]


@pytest.mark.parametrize("text", ["nan", "inf", "1e999", "1,000", "£5", "0x10"])
def test_texts_that_are_no_finite_numbers_are_refused(tmp_path: Path, text: str) -> None:
    rows = [ROWS[4].replace("12000", f'"{text}"')]
    assert told(refused(written(tmp_path, *rows))) == [(2, "pay")]


@pytest.mark.parametrize(
    ("born", "words"),
    [
        ("2026-06-02", "2026-06-02 is too late; the last day that can be is 2026-06-01."),
        ("1700-01-01", "1700-01-01 is too early; the first day that can be is 1850-01-01."),
    ],
)
def test_days_that_cannot_be(tmp_path: Path, born: str, words: str) -> None:
    error = refused(written(tmp_path, ROWS[4].replace("1950-01-01", born)))
    assert [each.message for each in error.problems] == [words]


def test_a_day_before_another_that_it_cannot_precede(tmp_path: Path) -> None:
    heading = HEADING + ",moved_on"
    rows = [ROWS[4] + ",1960-01-01", ROWS[5] + ",1989-12-31"]
    error = refused(written(tmp_path, *rows, heading=heading))
    assert told(error) == [(3, "moved_on")]
    assert "before that in “date_of_birth”" in str(error)


def test_numbers_beyond_any_are_refused(tmp_path: Path) -> None:
    heading = HEADING + ",gift"
    rows = [ROWS[4] + ",1e300"]
    assert told(refused(written(tmp_path, *rows, heading=heading))) == [(2, "gift")]


def test_a_hundred_problems_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    rows = [f"{n},f{n},h{n},yes,1990-01-01,much,0,1" for n in range(250)]
    error = refused(written(tmp_path, *rows))
    assert (len(error.problems), error.more) == (SHOWN, 150)
    assert str(error).splitlines()[-1] == "and 150 more"


def test_families_that_cannot_be(tmp_path: Path) -> None:
    rows = [
        "1,a,A,yes,1990-01-01,0,0,1",
        "1,a,B,yes,1990-01-01,0,0,1",  # the same person, and another home
        "3,a,A,yes,1990-01-01,0,0,1",  # a third adult
        "4,b,B,no,2020-01-01,0,0,1",  # nobody is an adult
        ",c,C,yes,1990-01-01,0,0,1",
    ]
    error = refused(written(tmp_path, *rows))
    assert told(error) == [(6, "person_id")], "ids are looked at first"
    rows[4] = rows[4].replace(",c", "5,c", 1)
    error = refused(written(tmp_path, *rows))
    assert told(error) == [(2, "adult"), (3, "person_id"), (3, "household_id"), (5, "adult")]
    assert "already" in str(error) and "has 3 adults" in str(error) and "has 0 adults" in str(error)


def test_what_belongs_to_a_family_is_the_same_in_all_its_rows(tmp_path: Path) -> None:
    rows = [ROWS[0], ROWS[1].replace("500", "400"), *ROWS[2:]]
    error = refused(written(tmp_path, *rows))
    assert told(error) == [(3, "rent")]
    assert "not the same as in row 2" in str(error)


def test_nobody_and_nothing(tmp_path: Path) -> None:
    assert "nobody" in str(refused(written(tmp_path, heading=HEADING).parent / _empty(tmp_path)))
    path = tmp_path / "nothing.csv"
    path.write_bytes(b"")
    assert "empty" in str(refused(path))
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    assert "UTF-8" in str(refused(path))
    path.write_text("a,a,b\n1,2,3\n", encoding="utf-8")
    assert "twice" in str(refused(path))


def _empty(folder: Path) -> str:
    (folder / "heading.csv").write_text(HEADING + "\n", encoding="utf-8")
    return "heading.csv"


def test_rows_of_another_length_and_other_delimiters(tmp_path: Path) -> None:
    rows = [*ROWS[:4], ROWS[4] + ",1", *ROWS[5:]]
    error = refused(written(tmp_path, *rows))
    assert told(error) == [(6, "")]
    assert "9 cells, but the heading has 8" in str(error)
    for delimiter in (";", "\t"):
        turned = [row.replace(",", delimiter) for row in ROWS]
        path = written(tmp_path, *turned, heading=HEADING.replace(",", delimiter))
        assert load(path).population.size(PERSON) == 9


def test_more_rows_than_are_taken(tmp_path: Path) -> None:
    assert "more than 8 rows" in str(refused(written(tmp_path), most_rows=8))
    assert load(written(tmp_path), most_rows=9).population.size(PERSON) == 9


def test_a_column_that_is_nearly_a_fact_is_no_silent_zero(tmp_path: Path) -> None:
    path = written(tmp_path, heading=HEADING.replace("date_of_birth", "date_of_brith"))
    error = refused(path)
    assert told(error) == [(None, "date_of_brith")]
    assert "Is it “date_of_birth”?" in str(error)


def test_columns_that_nobody_knows_are_not_used_and_said(tmp_path: Path) -> None:
    path = written(tmp_path, *[row + ",x" for row in ROWS], heading=HEADING + ",remark")
    assert load(path).unused == ("remark",)


# --- mapping


def test_other_names_codes_and_periods_are_mapped(tmp_path: Path) -> None:
    heading = "pnum,bu,hh,grown,born,weekly,landlord"
    rows = ("7,1,1,1,1990-01-01,100,2", "8,2,2,1,1950-01-01,0,1")
    how = mapping.read(
        """
        columns: {person_id: pnum, family_id: bu, household_id: hh, adult: grown,
                  date_of_birth: born, pay: weekly, region: landlord}
        times: {pay: 52}
        values: {region: {1: north, 2: south}}
        same: {rent: 250}
        """
    )
    loaded = load(written(tmp_path, *rows, heading=heading), how)
    assert list(loaded.population.column("pay")) == [5_200, 0]
    assert list(loaded.population.column("region")) == [1, 0]
    assert list(loaded.population.column("rent")) == [250, 250]
    assert (loaded.assumed, loaded.weights) == ({"rent": "250"}, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("columns: [", "no YAML"),
        ("- a", "has the parts"),
        ("column: {a: b}", 'no part "column"'),
        ("times: {pay: much}", 'number, not "much"'),
        ("usual: some", '"all", or a list'),
        ("columns: {pya: x}", 'Did you mean "pay"?'),
        ("columns: {pay: [x]}", '"columns"'),
        ("values: {pay: x}", '"pay"'),
    ],
)
def test_a_mapping_that_cannot_be_used_says_why(text: str, words: str) -> None:
    with pytest.raises(MappingError, match=words.replace("?", r"\?")):
        mapping.read(text, [*LAW_OF_DAY.variables])


def test_a_mapped_column_that_is_not_there_is_told(tmp_path: Path) -> None:
    error = refused(written(tmp_path), mapping.read("columns: {gift: presents}"))
    assert told(error) == [(None, "presents")]


# --- usual values


def test_a_fact_that_lacks_is_taken_at_its_usual_value_only_if_somebody_says_so(
    tmp_path: Path,
) -> None:
    path = written(tmp_path)
    with pytest.raises(PopulationRefused) as caught:
        simulate(LAW, STATISTICS, Request(day=DAY, file=path))
    lacking = {each.column for each in caught.value.problems}
    assert lacking == {"gift", "share", "region"}
    assert "agree to the usual value (north)" in str(caught.value)
    how = mapping.read("usual: [gift, share]")
    with pytest.raises(PopulationRefused) as caught:
        simulate(LAW, STATISTICS, Request(day=DAY, file=path, mapping=how))
    assert {each.column for each in caught.value.problems} == {"region"}
    found = simulate(LAW, STATISTICS, Request(day=DAY, file=path, mapping=how.with_all_usual()))
    assert found["facts"]["usual"] == ["gift", "region", "share"]


def test_a_fact_without_a_usual_value_must_be_there(tmp_path: Path) -> None:
    heading = HEADING.replace("date_of_birth", "x")
    request = Request(day=DAY, file=written(tmp_path, heading=heading), mapping=USUAL)
    with pytest.raises(PopulationRefused, match="there is no usual value") as caught:
        simulate(LAW, STATISTICS, request)
    assert told(caught.value) == [(None, "date_of_birth")]


def test_weights_of_nobody(tmp_path: Path) -> None:
    rows = [row.rsplit(",", 1)[0] + ",0" for row in ROWS]
    assert "Nobody has a weight" in str(refused(written(tmp_path, *rows)))


# --- Parquet, and many rows


def test_parquet_is_read_like_csv(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "people.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{written(tmp_path)}')) TO '{path}'")
    loaded, from_csv = load(path), load(written(tmp_path))
    for name in ("pay", "date_of_birth", "rent"):
        assert np.array_equal(loaded.population.column(name), from_csv.population.column(name))
    assert np.array_equal(loaded.weights, from_csv.weights)
    duckdb.sql(
        f"COPY (SELECT * REPLACE (CASE WHEN person_id = 5 THEN NULL ELSE pay END AS pay) "
        f"FROM read_csv('{written(tmp_path)}')) TO '{path}'"
    )
    assert told(refused(path)) == [(5, "pay")]
    path.write_bytes(b"PAR1 and nothing else")
    assert "cannot be read" in str(refused(path))


def test_parquet_without_the_extra_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.parquet"
    path.write_bytes(b"PAR1")
    real = builtins.__import__

    def without(name: str, *more, **keys):
        if name == "duckdb":
            raise ImportError(name)
        return real(name, *more, **keys)

    monkeypatch.setattr(builtins, "__import__", without)
    assert "install townhall[population]" in str(refused(path))


def test_chunks_do_not_show_in_what_comes_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "CHUNK", 2)
    read = []
    loaded = load(written(tmp_path), progress=lambda phase, done: read.append((phase, done)))
    assert loaded.population.size(PERSON) == 9
    assert len(read) == 5 and read[-1] == ("read", 1.0)
    rows = [*ROWS[:6], ROWS[6].replace("60000", "x"), *ROWS[7:]]
    assert told(refused(written(tmp_path, *rows))) == [(8, "pay")]
