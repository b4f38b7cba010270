"""The number of the request that a log line belongs to."""

import logging
from contextvars import ContextVar

current_request: ContextVar[str] = ContextVar("current_request", default="-")


class RequestId(logging.Filter):
    """Adds `request_id` to each record, "-" outside a request."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never holds a record back."""
        record.request_id = current_request.get()
        return True
