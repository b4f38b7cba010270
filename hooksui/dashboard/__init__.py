"""Pages about hooks."""
