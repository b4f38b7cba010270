"""Applications: this tenant has none, but tools that work on hooks ask for their list first.

The Deploy CLI does before each dry run. The contract's scope, `read:clients`, is none of this API's.
"""

from hooksui.embedded.entry import Answer, Call


def list_applications(call: Call) -> Answer:
    """An empty page, with totals where they are wanted."""
    if call.query.get("include_totals"):
        per_page = call.query.get("per_page", 100)
        return Answer(
            200, {"total": 0, "start": call.query.get("page", 0) * per_page, "limit": per_page, "clients": []}
        )
    return Answer(200, [])
