"""Which rule of the database a write broke."""

import re

from django.db import IntegrityError

# SQLite names the columns of a unique constraint, not the constraint.
_SQLITE = re.compile(r"UNIQUE constraint failed: (.+)")


def broken(error: IntegrityError) -> str:
    """The name of the constraint that a write broke, as PostgreSQL says it, or the columns of a unique one on SQLite.

    "" where the database says neither.
    """
    said = getattr(error.__cause__, "diag", None)
    if said is not None:
        return said.constraint_name or ""
    found = _SQLITE.fullmatch(str(error))
    return found[1] if found else ""
