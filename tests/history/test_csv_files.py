"""CSV files, good and bad: what the reader gives, and what it says when it refuses."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.history.sources.csvfile import read_csv
from leadml.history.sources.textfile import CHUNK, check_text


def file_of(folder: Path, content: bytes | str, name: str = "leads.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def cells(frame: pd.DataFrame) -> list[list[str]]:
    return frame.astype(object).where(frame.notna(), "").values.tolist()


def oracle(content: str, sep: str) -> list[list[str]]:
    """Read with Python's own csv module."""
    return [record for record in csv.reader(io.StringIO(content, newline=""), delimiter=sep) if record]


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\n"), max_size=8)


@settings(deadline=None, max_examples=60)
@given(
    header=st.lists(TEXT.filter(str.strip), min_size=2, max_size=5, unique=True),
    rows=st.integers(0, 6),
    sep=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n"]),
    data=st.data(),
)
def test_every_cell_reads_back_as_the_csv_module_wrote_it(
    tmp_path_factory: pytest.TempPathFactory,
    header: list[str],
    rows: int,
    sep: str,
    end: str,
    data: st.DataObject,
) -> None:
    body = [[data.draw(TEXT) for _ in header] for _ in range(rows)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=sep, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([header, *body])
    frame = read_csv(file_of(tmp_path_factory.mktemp("csv"), out.getvalue()), sep)
    assert list(frame.columns) == header
    assert cells(frame) == body


@pytest.mark.parametrize(
    ("name", "sep"),
    [
        ("x_education/Leads.csv.gz", ","),
        ("bank_marketing_additional/bank-additional-full.csv.gz", ";"),
        ("olist_marketing_funnel/olist_closed_deals_dataset.csv.gz", ","),
    ],
)
def test_public_files_read_as_the_csv_module_reads_them(test_data, name: str, sep: str) -> None:
    path = test_data(name)
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as text:
        records = oracle(text.read(), sep)
    frame = read_csv(path)
    assert list(frame.columns) == records[0]
    assert cells(frame) == records[1:]


@pytest.mark.parametrize("sep", [",", ";", "\t", "|"])
def test_the_separator_is_found_although_others_stand_in_the_texts(tmp_path: Path, sep: str) -> None:
    others = "".join(s for s in (",", ";", "|") if s != sep)
    content = f"name{sep}note\n" + "".join(f'a{k}{sep}"x{others}y"\n' for k in range(5))
    frame = read_csv(file_of(tmp_path, content))
    assert list(frame.columns) == ["name", "note"]
    assert frame["note"].tolist() == [f"x{others}y"] * 5


def test_decimal_commas_do_not_pass_for_separators(tmp_path: Path) -> None:
    frame = read_csv(file_of(tmp_path, "a;b;c\n1,5;2,5;3,5\n2,5;3,5;4,5\n"))
    assert list(frame.columns) == ["a", "b", "c"]
    assert frame["b"].tolist() == ["2,5", "3,5"]


def test_texts_stay_what_they_are(tmp_path: Path) -> None:
    content = 'id,country,zip,big,mixed\n1,NA,01067,12345678901234567890,null\n2,nan,1010,1,""\n'
    frame = read_csv(file_of(tmp_path, content))
    assert cells(frame) == [
        ["1", "NA", "01067", "12345678901234567890", "null"],
        ["2", "nan", "1010", "1", ""],
    ]
    assert frame["mixed"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"\xef\xbb\xbfa,b\n1,2\n", [["1", "2"]]),
        (b"\n\r\n\na,b\n1,2\n", [["1", "2"]]),
        (b"a,b\n1,2\n\n\n3,4\n\n", [["1", "2"], ["3", "4"]]),
        (b"a,b\r\n1,2\n3,4\r\n", [["1", "2"], ["3", "4"]]),
        (b"a,b\r1,2\r3,4\r", [["1", "2"], ["3", "4"]]),
        (b'a,b\n1,"two\nlines, and ""more"""\n3,4', [["1", 'two\nlines, and "more"'], ["3", "4"]]),
        (b'"a\nx",b\n1,2\n', [["1", "2"]]),
        (b"a,A\n1,2\n", [["1", "2"]]),
        (b"a,b\n", []),
    ],
    ids=["byte order mark", "blank lines first", "blank lines", "two kinds of line ends", "old Mac line ends",
         "line break in a cell", "line break in the header", "names that differ in case", "header only"],
)  # fmt: skip
def test_harmless_oddities_are_read(tmp_path: Path, content: bytes, rows: list[list[str]]) -> None:
    assert cells(read_csv(file_of(tmp_path, content))) == rows


@pytest.mark.parametrize("folder", ["a[1]", "what?", "star*", "it's %20"])
def test_paths_are_no_patterns(tmp_path: Path, folder: str) -> None:
    (tmp_path / folder).mkdir()
    file_of(tmp_path, "wrong,file\n1,2\n")
    frame = read_csv(file_of(tmp_path / folder, "a,b\n1,2\n"))
    assert list(frame.columns) == ["a", "b"]


def test_unnamed_columns_get_a_number(tmp_path: Path) -> None:
    frame = read_csv(file_of(tmp_path, ",a,\n0,x,\n1,y,\n"))
    assert list(frame.columns) == ["column 1", "a", "column 3"]


def refused(path: Path, match: str, sep: str | None = None) -> None:
    with pytest.raises(DataError, match=match) as caught:
        read_csv(path, sep)
    assert caught.value.exit_code == 3
    assert path.name in str(caught.value)


@pytest.mark.parametrize("content", ["", "\n\n\r\n", "\ufeff"], ids=["nothing", "blank lines", "a mark"])
def test_empty_file(tmp_path: Path, content: str) -> None:
    refused(file_of(tmp_path, content), "is empty. It should have a header line")


def test_duplicate_headers(tmp_path: Path) -> None:
    path = file_of(tmp_path, "city,age,city,age\n1,2,3,4\n")
    refused(path, r"same name: 'city' \(columns 1, 3\), 'age' \(columns 2, 4\). Rename or remove")


def test_ragged_lines_are_named_by_their_number_in_the_file(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'a,b,c\n1,2,3\n1,2\n"x\ny",2,3\n\n1,2,3,4\n')
    refused(path, r"has 3 columns, but 2 lines have another number of cells: line 3 has 2, line 7 has 4")


def test_many_ragged_lines_are_counted(tmp_path: Path) -> None:
    path = file_of(tmp_path, "a,b\n" + "1,2\n1,2,3\n" * 12)
    refused(path, r"12 lines have another number of cells: line 3 has 3, .* and 7 more")


def test_lines_in_quotation_marks_as_a_whole(tmp_path: Path) -> None:
    path = file_of(tmp_path, 'a,b,c\n1,2,3\n"4,5,6"\n"7,""8"",9"\n')
    refused(path, r"2 lines stand in quotation marks as a whole.*: lines 3, 4\.")


def test_a_quotation_mark_that_never_closes(tmp_path: Path) -> None:
    refused(file_of(tmp_path, 'a,b\n1,2\n3,"4\n5,6\n'), r"begins in line 3 do not pair up \(unexpected end")


def test_a_quotation_mark_that_never_closes_in_a_long_file(tmp_path: Path) -> None:
    content = 'a,b\n1,2\n3,"4\n' + "5,6\n" * 1_000_000
    refused(file_of(tmp_path, content), "begins in line 3 do not pair up")


def test_text_after_a_closing_quotation_mark(tmp_path: Path) -> None:
    refused(file_of(tmp_path, 'a,b\n1,"5" screen"\n'), "line 2 do not pair up")


def test_lines_swallowed_by_a_quotation_mark_that_closes_later(tmp_path: Path) -> None:
    rows = [f"{k},x{k},y{k},z{k}" for k in range(20)]
    rows[4] = '4,x4,y4,"z4'
    rows[9] = '9,x9,y9,z9"'
    refused(
        file_of(tmp_path, "a,b,c,d\n" + "\n".join(rows) + "\n"),
        r"in column 'd' was opened and closed lines later.*: lead 5 \(counted from 1; 5 lines in the first\)",
    )


def test_swallowed_lines_are_found_in_a_wide_public_file(test_data, tmp_path: Path) -> None:
    lines = gzip.decompress(test_data("x_education/Leads.csv.gz").read_bytes()).decode().split("\r\n")
    lines = [line for line in lines if '"' not in line]
    first, last = lines[100].split(","), lines[437].split(",")
    first[-1], last[0] = '"' + first[-1], last[0]
    lines[100], lines[437] = ",".join(first), ",".join(last) + '"'
    refused(file_of(tmp_path, "\r\n".join(lines)), r"swallowed whole lines: lead 100 .*337 lines")


@pytest.mark.parametrize(
    "prose",
    ["we want, say,\nten\nof them, soon,\nand fast", "Dear all,\n\nten, please\n", "a,b,c,d,e,f,g,h\n" * 4],
)
def test_prose_of_several_lines_is_no_swallowed_line(tmp_path: Path, prose: str) -> None:
    content = "a,b,c\n" + f'1,2,"{prose}"\n' * 3
    assert read_csv(file_of(tmp_path, content))["c"].tolist() == [prose] * 3


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16(tmp_path: Path, encoding: str) -> None:
    content = "a,b\nx,y\n".encode(encoding)
    with pytest.raises(DataError, match=r"UTF-16.*UTF-8") as caught:
        read_csv(file_of(tmp_path, content))
    assert caught.value.exit_code == 3


def test_latin1_names_line_and_byte_and_says_how_to_save(tmp_path: Path) -> None:
    content = "name,city\nada,Linz\njürgen,Köln\n".encode("latin-1")
    refused(
        file_of(tmp_path, content),
        r"is not UTF-8: line 3, byte 21 of the file\. .*'CSV UTF-8'.*iconv -f WINDOWS-1252 -t UTF-8 leads",
    )


def test_a_nul_byte(tmp_path: Path) -> None:
    refused(file_of(tmp_path, b"a,b\n1,2\n3,\x00\n"), r"NUL byte in line 3 \(byte 11 of the file\)")


def test_text_is_checked_across_the_borders_of_chunks(tmp_path: Path) -> None:
    for shift in range(4):
        head = b"a,b\n" + b"x" * (CHUNK - 6 + shift)
        check_text(file_of(tmp_path, head + "\N{GRINNING FACE},ü\n".encode()))
        with pytest.raises(DataError, match=rf"line 2, byte {len(head) + 5:,} of"):
            check_text(file_of(tmp_path, head + "\N{GRINNING FACE}".encode() + b"\xff\n"))
    with pytest.raises(DataError, match="is not UTF-8"):
        check_text(file_of(tmp_path, b"a,b\n1,\xf0\x9f\x98"))


def test_a_gz_file_that_is_cut_off_or_none(tmp_path: Path) -> None:
    packed = gzip.compress(b"a,b\n" + b"1,2\n" * 10_000)
    refused(file_of(tmp_path, packed[:-20], "cut.csv.gz"), "may be damaged or cut off")
    refused(file_of(tmp_path, "a,b\n1,2\n", "plain.csv.gz"), "may be damaged or cut off")


def test_too_many_columns(tmp_path: Path) -> None:
    wide = ",".join(f"c{k}" for k in range(5_001))
    refused(file_of(tmp_path, f"{wide}\n"), "has 5,001 columns; leadml reads up to 5,000")


def test_a_separator_that_is_none(tmp_path: Path) -> None:
    path = file_of(tmp_path, "a,b\n1,2\n")
    for sep in ("", "ab", '"', "\n"):
        with pytest.raises(UsageError, match="must be one character") as caught:
            read_csv(path, sep)
        assert caught.value.exit_code == 2


def test_a_separator_that_the_header_does_not_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no ';' in it; it looks separated by ','"):
        read_csv(file_of(tmp_path, "a,b\n1,2\n"), ";")


def test_tab_by_name(tmp_path: Path) -> None:
    assert list(read_csv(file_of(tmp_path, "a b\tc,d\n1\t2\n"), "tab").columns) == ["a b", "c,d"]


def test_one_column_is_a_table(tmp_path: Path) -> None:
    assert cells(read_csv(file_of(tmp_path, "visits\n3\n5\n"))) == [["3"], ["5"]]
