"""xpath."""
