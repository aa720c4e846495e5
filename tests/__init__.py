"""Tests of Lastmile."""
