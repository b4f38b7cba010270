"""Ids of what the database holds."""


def new_id() -> str:
    """A fresh ULID: 26 characters, ordered by time, as Auth0's ids of hooks are."""
    # Models are imported at every start, and few requests make anything new.
    from ulid import ULID

    return str(ULID())
