"""What log lines carry: the number of the request that they belong to, and tracebacks of our own failures only."""

import logging
import sys
from contextvars import ContextVar

current_request: ContextVar[str] = ContextVar("current_request", default="-")


class RequestId(logging.Filter):
    """Adds `request_id` to each record, "-" outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never holds a record back."""
        record.request_id = current_request.get()
        return True


class WithoutTraceback(logging.Filter):
    """Takes the traceback off a record: what a stranger sends is no failure of ours and must not fill the log.

    `below` is the level from which on tracebacks stay, by name; without it none does.
    """

    def __init__(self, below: str = "") -> None:
        super().__init__()
        self._stays_from = logging.getLevelNamesMapping()[below] if below else sys.maxsize

    def filter(self, record: logging.LogRecord) -> bool:
        """Never holds a record back."""
        if record.levelno < self._stays_from:
            record.exc_info = None
        return True
