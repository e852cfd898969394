"""How the kernels of the search are compiled."""

from __future__ import annotations

from numba import njit

# Without numba's reference counting: a call that takes the tables and the state would otherwise count a
# hundred arrays up and down, atomically, which takes longer than most of what is called. Such a kernel
# allocates nothing and returns no array; it works in the scratch room of the state.
_OPTIONS = {"cache": True, "nogil": True, "_nrt": False, "no_cfunc_wrapper": True}

kernel = njit(**_OPTIONS)  # type: ignore[call-overload]

# Put into each of its callers, which would otherwise copy the fields of tables and state to call it.
inner_kernel = njit(**_OPTIONS, forceinline=True)  # type: ignore[call-overload]


def is_ready(kernel: object) -> bool:
    """Whether a kernel is in memory, or can be loaded from the cache of compiled code."""
    if getattr(kernel, "signatures", []):
        return True
    cache = getattr(kernel, "_cache", None)
    index = getattr(cache, "_cache_file", None)
    return bool(index is not None and index._load_index())
