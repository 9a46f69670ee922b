"""A user's own table: each form, each mistake by its own message, and any text at all."""

from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowdose.errors import InvalidInput
from lowdose.evidence.pools import tables
from lowdose.evidence.pools.looks import cumulative, subgroup
from lowdose.evidence.pools.pooling import pool
from lowdose.evidence.pools.tables import gather_table, read_table, remarks

EVENTS = "study,e1,n1,e2,n2\nSmith 2011,15,18,6,16\nJones 2015,4,30,5,31\n"
MEANS = "study,mean1,sd1,n1,mean2,sd2,n2\nA,-1.3,1.57,49,-0.9,1.58,50\nB,-0.3,1.5,47,-0.6,1.7,49\n"
GIVEN = "study,estimate,se\nA,-0.23,0.2\nB,0.19,0.2\n"


@pytest.fixture
def table(tmp_path):
    def write(content: str | bytes):
        path = tmp_path / "arms.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refused(path, **options) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read_table(path, **options)
    assert caught.value.remedy or caught.value.where
    return caught.value


@pytest.mark.parametrize(
    ("text", "measure", "estimate"),
    [
        (EVENTS, "RR", math.log(15 / 18 * 16 / 6)),
        (MEANS, "MD", -0.4),
        (GIVEN, "generic", -0.23),
    ],
)
def test_each_form(table, text, measure, estimate):
    made = read_table(table(text))
    assert [one.measure for one in made] == [measure] * 2
    assert made[0].estimate == pytest.approx(estimate)
    assert made[0].tag == "own table"
    assert pool(made).k == 2


@pytest.mark.parametrize(("text", "measure"), [(EVENTS, "OR"), (EVENTS, "RD"), (MEANS, "SMD"), (GIVEN, "RR")])
def test_another_measure_by_option_or_by_column(table, text, measure):
    by_option = read_table(table(text), measure)
    lines = text.splitlines()
    by_column = read_table(
        table("\n".join([f"{lines[0]},measure", *(f"{line},{measure.lower()}" for line in lines[1:])]))
    )
    assert [one.estimate for one in by_option] == [one.estimate for one in by_column]
    assert by_option[0].measure == measure


def test_year_and_group_serve_cumulative_and_subgroup(table):
    made = read_table(table("study,estimate,se,year,group\nB,0.2,0.1,2021,x\nA,0.1,0.1,2019,y\nC,0.4,0.1,2022,x\n"))
    assert [added.study for added, _ in cumulative(made)] == ["A", "B", "C"]
    assert subgroup(made, "group").groups["x"].k == 2


def test_capitals_spaces_quotes_byte_order_mark_and_a_typographic_minus(table):
    made = read_table(table('\ufeffStudy, Estimate ,SE\r\n"Müller, A. 2020",−0.5,0.1\r\n\r\n'))
    assert made[0].label == "Müller, A. 2020"
    assert made[0].estimate == -0.5


MISTAKES = [
    ("study,e1,n1,e2\nA,1,2,3\n", "column n2 missing", "row 1"),
    ("study,mean1,sd1,n1\nA,1,2,3\n", "columns mean2, sd2, n2 missing", "row 1"),
    ("e1,n1,e2,n2\n1,2,1,2\n", "the column 'study' is missing", "row 1"),
    ("study,colour\nA,red\n", "no column of numbers is known", "row 1"),
    ("study,e1,e1,n1,e2,n2\nA,1,1,2,1,2\n", "the column 'e1' comes twice", "row 1"),
    ("study;e1;n1;e2;n2\nA;1;2;1;2\n", "columns are not separated by commas", "row 1"),
    ("study\te1\tn1\te2\tn2\nA\t1\t2\t1\t2\n", "columns are not separated by commas", "row 1"),
    ("study,e1,n1,e2,n2\nA,1,0,1,2\n", "A: n1 is zero: an arm with nobody in it|A: e1 is 1, more than", "row 2"),
    ("study,e1,n1,e2,n2\nA,0,0,1,2\n", "A: n1 is zero: an arm with nobody in it", "row 2"),
    ("study,e1,n1,e2,n2\nA,1,20,1,20\nB,21,20,1,20\n", "B: e1 is 21, more than the 20 people", "row 3"),
    ("study,e1,n1,e2,n2\nA,1.5,20,1,20\n", "e1 is 1.5, which is not a count", "row 2"),
    ("study,estimate,se\nA,1_0,0.1\n", "is not a number", "row 2"),
    ("study,estimate,se,year\nA,1,0.1,2013.5\n", "is not a year", "column year"),
    ("study,e1,n1,e2,n2\nA,ten,20,1,20\n", "'ten' is not a number", "row 2, column e1"),
    ('study,estimate,se\nA,"0,5",1\n', "'0,5' is not a number", "row 2, column estimate"),
    ("study,estimate,se\nA,0,5,1\n", "4 cells under 3 columns", "row 2"),
    ("study,estimate,se\nA,,1\n", "a number is missing", "row 2, column estimate"),
    ("study,estimate,se\nA,inf,1\n", "'inf' is not a finite number", "row 2, column estimate"),
    ("study,estimate,se\nA,1,0\n", "A: se is 0", "row 2"),
    ("study,estimate,se\nA,1,-1\n", "A: se is -1", "row 2"),
    ("study,estimate,se\nA,1,1\nA,2,1\n", "A comes twice, in row 2 and row 3", "row 3"),
    ("study,estimate,se\n ,1,1\n", "the study has no name", "row 2"),
    ("study,estimate,se,year\nA,1,1,soon\n", "'soon' is not a number", "row 2, column year"),
    ("study,estimate,se,measure\nA,1,1,RR\nB,1,1,OR\n", "OR and RR cannot be pooled together", "column measure"),
    ("study,estimate,se,measure\nA,1,1,WMD\n", "these columns give no WMD", ""),
    ("study,mean1,sd1,n1,mean2,sd2,n2\nA,1,0,10,1,1,10\n", "A: sd1 is 0", "row 2"),
    ("study,mean1,sd1,n1,mean2,sd2,n2\nA,1,1,1,1,1,10\n", "A: n1 is 1", "row 2"),
    ("study,estimate,se\n", "the table has no study", ""),
    ("", "the table is empty", ""),
    ("\n\n", "the table is empty", ""),
    ('study,estimate,se\n"A,1,1\n', "the table is not CSV", ""),
    ("study,estimate,se\nA\0,1,1\n", "this is no text", ""),
]


@pytest.mark.parametrize(("text", "said", "where"), MISTAKES)
def test_each_mistake_has_its_own_message(table, text, said, where):
    import re

    problem = refused(table(text))
    assert re.search(said, problem.what), problem.what
    assert where in problem.where


def test_a_measure_the_columns_do_not_give(table):
    assert refused(table(EVENTS), measure="SMD").remedy == "they give RR or OR or RD"


@pytest.mark.parametrize(
    ("content", "said", "where"),
    [
        ("study,estimate,se\nMüller,1,1\n".encode("latin-1"), "not UTF-8: perhaps Latin-1", "row 2"),
        (EVENTS.encode("utf-16"), "is UTF-16", "arms.csv"),
        (b"PK\x03\x04\x00\x00\x99", "not UTF-8|no text", "arms.csv"),
    ],
)
def test_another_encoding_is_named(table, content, said, where):
    import re

    problem = refused(table(content))
    assert re.search(said, problem.what)
    assert where in problem.where


def test_a_large_file_is_refused_before_it_is_read(table, monkeypatch):
    path = table(EVENTS)
    with path.open("ab") as file:
        file.truncate(50 * 2**20)
    monkeypatch.setattr(type(path), "read_bytes", lambda self: pytest.fail("it was read"))
    assert refused(path).what == "the table has 50 MB, more than 20"


def test_a_file_that_is_not_there(tmp_path):
    assert "No such file" in refused(tmp_path / "none.csv").what
    assert "directory" in refused(tmp_path).what.lower()


def test_implausible_numbers_and_zero_cells_are_remarked(table):
    said = remarks(read_table(table("study,estimate,se\nA,-10.77,1.6\nB,0.1,0.2\n"), "SMD"))
    assert said == ("A: a difference of 10.77 standard deviations is not plausible",)
    said = remarks(read_table(table("study,e1,n1,e2,n2\nBihari,0,22,5,16\n")))
    assert said[0].startswith("Bihari: a cell is zero: 1/2 added to this trial only; Peto's odds ratio 0.07")
    assert remarks(read_table(table(EVENTS))) == ()


cells = st.one_of(
    st.text(max_size=8), st.sampled_from(["study", "e1", "n1", "e2", "n2", "estimate", "se", "1", "2", "0.5"])
)


@given(st.one_of(st.binary(max_size=200), st.lists(st.lists(cells, max_size=6), max_size=5)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_any_file_is_read_or_refused(tmp_path, content):
    import csv

    path = tmp_path / "any.csv"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with path.open("w", encoding="utf-8", newline="", errors="replace") as file:
            csv.writer(file).writerows(content)
    made = None
    with contextlib.suppress(InvalidInput):  # anything else that it raises is a bug
        made = read_table(path)
    assert made is None or all(one.variance > 0 for one in made)


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 5)), min_size=1, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_what_is_written_is_read(tmp_path, rows):
    path = tmp_path / "own.csv"
    lines = [f"S{at},{estimate!r},{se!r}" for at, (estimate, se) in enumerate(rows)]
    path.write_text("\n".join(["study,estimate,se", *lines]), encoding="utf-8")
    made = read_table(path)
    assert [(one.estimate, one.variance) for one in made] == [(estimate, se**2) for estimate, se in rows]


def test_the_limit_is_what_the_message_says():
    assert tables.LARGEST == 20 * 1024 * 1024


def test_a_study_that_tells_no_ratio_is_listed_and_the_others_are_pooled(table):
    file = table("study,e1,n1,e2,n2,year\nA,0,20,0,20,2001\nB,5,20,9,20,2002\nC,20,20,20,20,2003\n")
    measure, found = gather_table(file)
    assert (measure, [one.study for one in found.entries]) == ("RR", ["B"])
    assert [(one.study, one.why.split(" in ")[0], one.seen) for one in found.unusable] == [
        ("A", "nobody", True),
        ("C", "everybody", True),
    ]
    assert len(read_table(file, "RD")) == 3


def test_lines_may_end_as_on_old_machines(table):
    assert [one.study for one in read_table(table("study,estimate,se\rA,1,0.2\rB,2,0.2\r"))] == ["A", "B"]


def test_a_column_that_nobody_reads_is_said(table):
    """A slip in ``year`` would otherwise only show when the years are needed."""
    assert gather_table(table("study,estimate,se,yaer\nA,1,0.2,2013\n"))[1].notes == ("not used: yaer",)


def test_ratios_given_as_they_are_were_read_as_logarithms(table):
    file = table("study,estimate,se\nA,0.7,0.2\n")
    assert gather_table(file, "RR")[1].notes == ("the estimates were read as logarithms of RR",)
    assert gather_table(file, "MD")[1].notes == ()
