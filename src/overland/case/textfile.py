"""Opening a file of the case folder as text, whatever program saved it."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from overland.case.faults import FaultLog, did_you_mean, shown

_CHUNK = 1 << 20
_LONGEST_LINE = 1_000_000  # characters
_MARKS = {  # longest first: UTF-32's mark begins with UTF-16's
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SAVE_AS = "save it again as UTF-8 (in a spreadsheet: Save as, CSV UTF-8)"


class LineTooLongError(ValueError):
    """A line is longer than any line of a case could be."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that can be read as text."""

    path: Path
    encoding: str
    errors: str = "strict"

    def lines(self) -> Iterator[str]:
        """The lines with their ends; NUL characters (a fault already recorded) are left out.

        Raises
        ------
        LineTooLongError
        """
        with self.path.open(encoding=self.encoding, errors=self.errors, newline="") as stream:
            read: Callable[[], str] = partial(stream.readline, _LONGEST_LINE)
            for line in iter(read, ""):
                if len(line) >= _LONGEST_LINE:
                    raise LineTooLongError
                yield line.replace("\0", "") if "\0" in line else line

    def text(self) -> str:
        """The whole text."""
        return self.path.read_bytes().decode(self.encoding, self.errors).replace("\0", "")


def open_text(folder: Path, name: str, log: FaultLog, *, required: bool) -> TextFile | None:
    """Find out how a file is to be read; what stands in the way is recorded as faults.

    Returns
    -------
    TextFile or None
        None if the file is not there or not readable as text.
    """
    path = folder / name
    try:
        if not path.is_file():
            _explain_absence(folder, name, log, required=required)
            return None
        return _sniff(path, name, log)
    except OSError as error:
        log.add(name, None, "", "file", f"cannot be read: {error.strerror or error}")
        return None


def _explain_absence(folder: Path, name: str, log: FaultLog, *, required: bool) -> None:
    path = folder / name
    if path.is_dir():
        log.add(name, None, "", "file", "is a folder; it must be a file")
    elif path.exists() or path.is_symlink():
        log.add(name, None, "", "file", "is not an ordinary file, or a link that leads nowhere")
    elif required:
        others = [other.name for other in folder.iterdir() if other.suffix not in (".csv", ".toml", ".md")]
        hint = did_you_mean(name, others).replace("did you mean", "is it")
        log.add(name, None, "", "file", f"is missing; a case needs this file{hint}")


def _sniff(path: Path, name: str, log: FaultLog) -> TextFile | None:
    """Read the file once: which encoding, is it valid, are there NUL characters."""
    with path.open("rb") as stream:
        head = stream.read(4)
        encoding = next((found for mark, found in _MARKS.items() if head.startswith(mark)), "utf-8")
        stream.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        line, nuls, first_nul = 1, 0, 0
        while True:
            chunk = stream.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                if encoding != "utf-8":
                    log.add(name, line, "", "encoding", f"the text is not valid {encoding[:6]}; {_SAVE_AS}")
                    return None
                return _fall_back(path, name, log, line, error)
            if "\0" in text:
                first_nul = first_nul or line + _line_ends(text[: text.index("\0")])
                nuls += text.count("\0")
            line += _line_ends(text)
            if not chunk:
                break
        size = stream.tell()
    if nuls > size / 5:
        log.add(
            name, 1, "", "encoding", f"is not text as UTF-8; perhaps it is UTF-16 without a mark; {_SAVE_AS}"
        )
        return None
    if nuls:
        log.add(name, first_nul, "", "NUL", f"has {nuls:,} NUL characters, so it may be damaged; {_SAVE_AS}")
    return TextFile(path, encoding)


def _line_ends(text: str) -> int:
    return text.count("\n") + (text.count("\r") - text.count("\r\n") if "\r" in text else 0)


def _fall_back(path: Path, name: str, log: FaultLog, line: int, error: UnicodeDecodeError) -> TextFile:
    """Record that it is not UTF-8, and read it in the likeliest old code page to find its other faults."""
    before = error.object[: error.start]
    line += _line_ends(before.decode("latin-1"))
    start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
    raw = re.split(rb"[\r\n]", error.object[start : error.end + 200], maxsplit=1)[0]
    encoding, label = _likeliest(raw)
    word = _word_at(raw.decode(encoding, "replace"), error.start - start)
    log.add(
        name,
        line,
        "",
        "encoding",
        f"the text is not UTF-8 ({label} would read {shown(word)} here); {_SAVE_AS}",
    )
    return TextFile(path, encoding, "replace")


def _likeliest(raw: bytes) -> tuple[str, str]:
    """Cyrillic code page if letters beyond ASCII stand side by side, else the Western one."""
    if re.search(rb"[\xa8\xaa\xaf\xb2-\xb4\xb8\xba\xbf-\xff]{3}", raw):
        return "cp1251", "Windows-1251"
    return "cp1252", "Windows-1252"


def _word_at(line: str, position: int) -> str:
    for match in re.finditer(r"[^,;\t\"]+", line):
        if match.start() <= position < match.end():
            return match[0].strip()
    return line[position : position + 20]
