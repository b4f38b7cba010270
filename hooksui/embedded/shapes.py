"""What the embedded Management API takes: queries, bodies and ids as declared data.

Descriptions are those of Auth0's OpenAPI document, since its messages repeat them. Maximum lengths that neither
document nor recording gives are ours: those of an Action's secrets, and for names what the column holds.
"""

from hooksui import catalogue
from hooksui.embedded.checker import Shape

FIELDS = ("id", "name", "script", "dependencies", "enabled", "triggerId")

_LIMITS = catalogue.limits()
_TRIGGERS = tuple(catalogue.points())
_FIELD = "|".join(f"({name})" for name in FIELDS)

HOOK_ID = "^[A-Za-z0-9-]*$"

_NAME = Shape(
    "string",
    "Name of this hook.",
    # A stored name has a hyphen before each further character at most.
    most=_LIMITS.name_length,
    pattern=r"^[a-zA-Z0-9]([ \-a-zA-Z0-9]*[a-zA-Z0-9])?$",
)
_SCRIPT = Shape("string", "Code to be executed when this hook runs.", least=1, most_bytes=_LIMITS.script_bytes)
_ENABLED = Shape("boolean", "Whether this hook will be executed (true) or ignored (false).")
_DEPENDENCIES = Shape(
    "object", "Dependencies of this hook used by webtask server.", others=Shape("string"), names=Shape("string")
)
_TRIGGER = Shape(
    "string",
    "Execution stage of this rule. Can be `credentials-exchange`, `pre-user-registration`, `post-user-registration`, "
    "`post-change-password`, or `send-phone-message`.",
    one_of=_TRIGGERS,
)

NEW_HOOK = Shape(
    "object",
    known={
        "name": _NAME,
        "script": _SCRIPT,
        "enabled": _ENABLED,
        "dependencies": _DEPENDENCIES,
        "triggerId": _TRIGGER,
    },
    required=("name", "script", "triggerId"),
)
HOOK_CHANGES = Shape(
    "object",
    known={"name": _NAME, "script": _SCRIPT, "enabled": _ENABLED, "dependencies": _DEPENDENCIES},
    least=1,
)

SECRETS = Shape(
    "object",
    least=1,
    most=_LIMITS.secrets_per_hook,
    names=Shape("string", least=1, most=_LIMITS.secret_name_length),
    others=Shape("string", most=_LIMITS.secret_value_length),
)
SECRET_NAMES = Shape("array", least=1, items=Shape("string"))

NO_QUERY = Shape("object")
HOOK_QUERY = Shape(
    "object",
    known={
        "fields": Shape(
            "string",
            "Comma-separated list of fields to include in the result. Leave empty to retrieve all fields.",
            pattern=f"^(({_FIELD})(,({_FIELD}))*)?$",
            pattern_hint=f"Must be a comma separated list of the following values: {','.join(FIELDS)}",
        ),
        "include_fields": Shape("boolean"),
    },
)
_PAGING = {
    "page": Shape("integer", "Page index of the results to return. First page is 0.", least=0),
    "per_page": Shape("integer", "Number of results per page.", least=0, most=100),
    "include_totals": Shape(
        "boolean",
        "Return results inside an object that contains the total result count (true) or as a direct array of "
        "results (false, default).",
    ),
}
LIST_QUERY = Shape(
    "object",
    known={
        **_PAGING,
        "enabled": Shape("boolean", "Optional filter on whether a hook is enabled (true) or disabled (false)."),
        "triggerId": Shape("string", "Retrieves hooks that match the trigger", one_of=_TRIGGERS),
        **HOOK_QUERY.known,
    },
)
# What an application may be asked for by does not matter where there is none.
APPLICATION_QUERY = Shape("object", known=_PAGING, others=Shape("string"))
