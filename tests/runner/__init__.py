"""The Runner: hooks in the sandbox, and what their answers would do."""
