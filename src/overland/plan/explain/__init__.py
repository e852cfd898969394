"""Explanation: what one more of something would save, estimated from prices and checked by re-solving."""
