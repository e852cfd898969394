"""Other people's formats, at the edge only."""

from overland.exchange.lines import Line, write_lines

__all__ = ["Line", "write_lines"]
