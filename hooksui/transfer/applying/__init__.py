"""The carrying out of a plan, and what came of it."""
