"""Text from outside, on its way into a cell: of a CSV, a spreadsheet, a page.

A spreadsheet takes a cell that begins with one of a few signs for a formula, and runs it on the
machine of whoever opens the file. So such a cell gets an apostrophe in front, which spreadsheets
take for "this is text". Whole numbers and amounts need none of this: they are written as such.
"""

import re

# The full-width forms too, which some spreadsheets take for the plain ones.
_FORMULA = re.compile("[\\s'\"]*[=+\\-@|%\uff1d\uff0b\uff0d\uff20]")

# Control characters break lines and cells; XML knows most of them not at all, nor halves of
# surrogate pairs; and the marks of direction make a text look like another one.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """The text with nothing in it that is not seen."""
    return _UNSEEN.sub("\ufffd", text)


def defused(text: str) -> str:
    """The text as any cell can hold it: plain, and no formula."""
    seen = plain(text)
    return f"'{seen}" if _FORMULA.match(seen) else seen
