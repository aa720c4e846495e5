"""Tests of what a finished form becomes."""
