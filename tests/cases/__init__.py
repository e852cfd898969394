"""Tests of the bundled cases."""
