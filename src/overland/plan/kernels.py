"""How the kernels of search and bound are compiled: at first use, and kept on disk.

Most take the tables and the state whole, some two hundred arrays. To call such a kernel from Python numba
adds code that takes each of them out of its object; that took nearly half of the time of compiling all. So
only those that Python calls have it. To call one of the others from Python ends the process:
`tests/plan/test_kernels.py` looks for such calls.
"""

from __future__ import annotations

from numba import njit

_OPTIONS = {"cache": True, "nogil": True, "no_cfunc_wrapper": True}
_INSIDE = {"no_cpython_wrapper": True}  # called by kernels only

# Without numba's reference counting: a call that takes the tables and the state would otherwise count a
# hundred arrays up and down, atomically, which takes longer than most of what is called. Such a kernel
# allocates nothing and returns no array; it works in the scratch room of the state.
_BARE = {"_nrt": False}

kernel = njit(**_OPTIONS | _BARE)  # type: ignore[call-overload]
subkernel = njit(**_OPTIONS | _BARE | _INSIDE)  # type: ignore[call-overload]

# Put into each of its callers, which would otherwise copy the fields of tables and state to call it.
inner_kernel = njit(**_OPTIONS | _BARE | _INSIDE, forceinline=True)  # type: ignore[call-overload]
open_inner_kernel = njit(**_OPTIONS | _BARE, forceinline=True)  # type: ignore[call-overload]  # for Python, too

# Such as make arrays.
array_kernel = njit(**_OPTIONS)  # type: ignore[call-overload]
array_subkernel = njit(**_OPTIONS | _INSIDE)  # type: ignore[call-overload]


def is_ready(kernel: object) -> bool:
    """Whether a kernel is in memory, or can be loaded from the cache of compiled code."""
    if getattr(kernel, "signatures", []):
        return True
    cache = getattr(kernel, "_cache", None)
    index = getattr(cache, "_cache_file", None)
    return bool(index is not None and index._load_index())
