"""Tests of province."""
