"""What we know: the domain model; reading, checking and writing the case folder."""

from overland.case.digest import digest
from overland.case.model import Case
from overland.case.reader import check_case, read_case
from overland.case.writer import write_case

__all__ = ["Case", "check_case", "digest", "read_case", "write_case"]
