"""Kernels compiled to disk, and when they are no longer those of the source.

Numba sees that the file of a kernel has changed, but not the files of kernels put into it, of constants or of
records that it takes: after an update in place it would run old code on new arrays.
"""

from __future__ import annotations

import os
import re
from hashlib import sha256
from pathlib import Path

STAMP = "kernels.sha256"
_KERNELS = re.compile(rb"^(from|import) (numba|overland\.plan\.kernels)\b", re.MULTILINE)
_IMPORTED = re.compile(rb"^from overland\.([\w.]+) import", re.MULTILINE)


def forget_stale_kernels(folder: Path) -> None:
    """Delete the compiled kernels of a package if any source has changed that may be in them.

    These are the files with kernels and what they import of the program. Nothing is done where nothing can
    be written: numba then keeps its files elsewhere.
    """
    stamp, digest = folder / "__pycache__" / STAMP, _digest(folder)
    if (stamp.exists() and stamp.read_text() == digest) or not os.access(folder, os.W_OK):
        return
    for pattern in ("*.nbi", "*.nbc"):
        for compiled in folder.rglob(f"__pycache__/{pattern}"):
            compiled.unlink(missing_ok=True)
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(digest)


def _digest(folder: Path) -> str:
    """Of the sources that may be in the kernels of a package."""
    program, used = Path(__file__).parent, set[Path]()
    for path in folder.rglob("*.py"):
        if _KERNELS.search(text := path.read_bytes()):
            names = (name.decode().replace(".", "/") for name in _IMPORTED.findall(text))
            used |= {path, *(program / f"{name}.py" for name in names)}
    digest = sha256()
    for path in sorted(used):
        if path.exists():  # else a package, whose modules are not imported by its name
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
