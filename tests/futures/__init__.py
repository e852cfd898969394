"""Tests of overland.futures."""
