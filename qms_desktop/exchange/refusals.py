"""Why a whole file is refused: one code and one sentence each. What is wrong in single cells is in problems.py."""

from __future__ import annotations

from enum import StrEnum

from qms_desktop.errors import InvalidInput
from qms_desktop.i18n import N_, _


class Refusal(StrEnum):
    """The reasons, by the numbers of the table of bad input where it names them."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    LOCK_FILE = "lock_file"
    FILE_TOO_LARGE = "file_too_large"
    OLD_EXCEL = "old_excel"
    PASSWORD = "password"  # noqa: S105 - the name of a reason
    WEB_PAGE = "web_page"
    OTHER_FORMAT = "other_format"
    NOT_A_TABLE = "not_a_table"
    INCOMPLETE = "incomplete"
    DAMAGED = "damaged"
    DAMAGED_PART = "damaged_part"
    DAMAGED_SHEET = "damaged_sheet"
    UNPACKS_TOO_LARGE = "unpacks_too_large"
    PACKED_TOO_TIGHT = "packed_too_tight"
    TOO_MANY_PARTS = "too_many_parts"
    UNSAFE_PART = "unsafe_part"
    NESTED_ARCHIVE = "nested_archive"
    FORBIDDEN_XML = "forbidden_xml"
    PART_ENCODING = "part_encoding"
    RANGE_TOO_LARGE = "range_too_large"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    NO_SUCH_SHEET = "no_such_sheet"
    NO_CELLS = "no_cells"
    TOO_MUCH_MEMORY = "too_much_memory"
    TOO_MUCH_TIME = "too_much_time"
    READER_STOPPED = "reader_stopped"
    BAD_BYTE = "bad_byte"
    MIXED_ENCODINGS = "mixed_encodings"
    ENCODING_UNSURE = "encoding_unsure"
    NUL_BYTE = "nul_byte"
    LONE_RETURN = "lone_return"
    LONG_LINE = "long_line"
    OPEN_QUOTE = "open_quote"
    NO_HEADER = "no_header"
    COLUMNS_MISSING = "columns_missing"
    COLUMNS_TWICE = "columns_twice"
    NO_SUCH_COLUMN = "no_such_column"
    NO_LINES = "no_lines"
    NOT_A_PICTURE = "not_a_picture"
    PICTURE_FORMAT = "picture_format"
    PICTURE_TOO_LARGE = "picture_too_large"
    PICTURE_INCOMPLETE = "picture_incomplete"
    PICTURE_NOTES = "picture_notes"
    NOT_ITS_KIND = "not_its_kind"


SENTENCES: dict[Refusal, str] = {
    Refusal.EMPTY: N_("“{file}” is empty (0 bytes). Export it again."),
    Refusal.UNREADABLE: N_("“{file}” cannot be read: {reason}. Check that it is there and that you may open it."),
    Refusal.LOCK_FILE: N_("“{file}” is only the mark that Excel leaves while a workbook is open. Choose the workbook."),
    Refusal.FILE_TOO_LARGE: N_("“{file}” has {megabytes} MB; the limit is {limit} MB. Split it into smaller files."),
    Refusal.OLD_EXCEL: N_("“{file}” is an Excel 97-2003 file. Open it in Excel and save it as .xlsx."),
    Refusal.PASSWORD: N_("“{file}” is password-protected. Save it without a password and choose it again."),
    Refusal.WEB_PAGE: N_("“{file}” is a web page, not an Excel file. Open it in Excel and save it as .xlsx."),
    Refusal.OTHER_FORMAT: N_("“{file}” is a file of another kind ({kind}). Save it as .xlsx or .csv."),
    Refusal.NOT_A_TABLE: N_("“{file}” is neither an Excel workbook nor a text table. Save it as .xlsx or .csv."),
    Refusal.INCOMPLETE: N_("“{file}” is incomplete: its end is missing. Copy it or have it sent again."),
    Refusal.DAMAGED: N_("“{file}” is damaged and cannot be read. Open it in Excel, save it again as .xlsx."),
    Refusal.DAMAGED_PART: N_("“{file}” is damaged at its part {part}. Have it sent again."),
    Refusal.DAMAGED_SHEET: N_("“{file}” is damaged at sheet “{sheet}”. Have it sent again."),
    Refusal.UNPACKS_TOO_LARGE: N_("“{file}” unpacks to {megabytes} MB; the limit is {limit} MB. It was not opened."),
    Refusal.PACKED_TOO_TIGHT: N_(
        "“{file}” was not opened: its part {part} grows {ratio} times when unpacked; the limit is {limit} times."
    ),
    Refusal.TOO_MANY_PARTS: N_("“{file}” was not opened: it holds {parts} parts; the limit is {limit}."),
    Refusal.UNSAFE_PART: N_("“{file}” was not opened: its part {part} is not as Excel writes it."),
    Refusal.NESTED_ARCHIVE: N_("“{file}” was not opened: its part {part} is another packed file."),
    Refusal.FORBIDDEN_XML: N_(
        "“{file}” contains forbidden XML (a document type or an entity) in {part}. It was not read. Ask who made it."
    ),
    Refusal.PART_ENCODING: N_(
        "“{file}” is written in an encoding that Excel does not use ({encoding} in {part}). Save it again in Excel."
    ),
    Refusal.RANGE_TOO_LARGE: N_(
        "“{file}”, sheet “{sheet}”: there is a value at {cell}; the used range is too large."
        " Delete it, or copy the table into a new workbook."
    ),
    Refusal.TOO_MANY_ROWS: N_("“{file}”, sheet “{sheet}” has more than {limit} rows. Split it into smaller files."),
    Refusal.TOO_MANY_COLUMNS: N_(
        "“{file}”, sheet “{sheet}” has {columns} columns; the limit is {limit}. Delete the columns that are not needed."
    ),
    Refusal.NO_SUCH_SHEET: N_("“{file}” has no sheet “{sheet}”. It has: {sheets}."),
    Refusal.NO_CELLS: N_("“{file}” has no filled cell in a visible sheet. Choose another file."),
    Refusal.TOO_MUCH_MEMORY: N_("“{file}” needs more than {limit} MB to be read. Make it smaller."),
    Refusal.TOO_MUCH_TIME: N_("“{file}” takes longer than {limit} s to be read. Make it smaller."),
    Refusal.READER_STOPPED: N_(
        "“{file}” made the reader stop ({reason}); nothing was taken. Save it anew and choose it again."
    ),
    Refusal.BAD_BYTE: N_(
        "“{file}”, line {line}: the byte {byte} does not belong to {encoding} text. Export it again in one encoding."
    ),
    Refusal.MIXED_ENCODINGS: N_(
        "“{file}” mixes two encodings: most of it is {encoding}, line {line} is not. Export it again in one encoding."
    ),
    Refusal.ENCODING_UNSURE: N_(
        "“{file}”: it cannot be told which encoding this is (see line {line}). Choose it, or export as UTF-8."
    ),
    Refusal.NUL_BYTE: N_("“{file}”, line {line} holds a NUL character: this is not a text table. Export it again."),
    Refusal.LONE_RETURN: N_(
        "“{file}”, line {line} ends in a return without a line feed. Save it with ordinary line ends."
    ),
    Refusal.LONG_LINE: N_("“{file}”, line {line} is longer than {limit} characters. Check the file."),
    Refusal.OPEN_QUOTE: N_("“{file}”: the quote opened in line {line} is not closed properly. Mend it in the export."),
    Refusal.NO_HEADER: N_("“{file}”: no row of headings was found. Expected are among others: {expected}."),
    Refusal.COLUMNS_MISSING: N_("“{file}”, row {row}: the headings lack {missing}. Add these columns, or name them."),
    Refusal.COLUMNS_TWICE: N_("“{file}”, row {row}: {heading} may be column {columns}. Choose which one is meant."),
    Refusal.NO_SUCH_COLUMN: N_("“{file}” has no column {column} for {heading}. Choose another one."),
    Refusal.NO_LINES: N_("“{file}” has no line below the headings in row {row}. Export it again with its lines."),
    Refusal.NOT_A_PICTURE: N_("“{file}” is not a picture. Choose a photo (JPEG, PNG or HEIC)."),
    Refusal.PICTURE_FORMAT: N_("“{file}” is a picture of the kind {kind}. Save it as JPEG or PNG."),
    Refusal.PICTURE_TOO_LARGE: N_("“{file}” has {megapixels} megapixels; the limit is {limit}. Save it smaller."),
    Refusal.PICTURE_INCOMPLETE: N_("“{file}” is incomplete: the picture breaks off. Copy it from the phone again."),
    Refusal.NOT_ITS_KIND: N_("“{file}” is named {kind} but is something else. Check the file before you attach it."),
    Refusal.PICTURE_NOTES: N_("“{file}” carries too much hidden text or profile beside the picture. Save it anew."),
}


class FileRefused(InvalidInput):
    """A file, or one sheet or line of it, cannot be taken; nothing of it is imported."""

    def __init__(self, refusal: Refusal, /, **values: object) -> None:
        super().__init__(SENTENCES[refusal])
        self.values = dict(values)
        self.refusal = refusal

    def __str__(self) -> str:
        """Give the sentence in the current language; the child that reads a file does not know its name."""
        return _(self.template).format(**{"file": "…", **self.values})


class ColumnsAsked(FileRefused):
    """Two columns may be meant by the same heading: ask, and read again with `columns={field: letter}`."""

    def __init__(self, *, column_name: str, letters: tuple[str, ...], **values: object) -> None:
        super().__init__(Refusal.COLUMNS_TWICE, columns=", ".join(letters), **values)
        self.column_name = column_name
        self.letters = letters
