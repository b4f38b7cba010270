"""Takes out of everything that a run says what nobody may read there: secrets, and paths of this machine."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

_MIN_ENCODED = 8  # characters of base64; fewer may be there by chance
_URL_SAFE = str.maketrans("+/", "-_")
_MIN = 4  # characters of a line of a longer secret that is worth looking for by itself

# How Deno says that a permission is missing, with the advice to start it otherwise.
_DENIED = re.compile(
    r"Requires (\w+) access(?P<what> to (?:\"[^\"\n]*\"|[^\s,]+))?, run again with the --allow-\w+ flag"
)
# The same where a name is looked up for Node's own modules, which say no more than this.
_NO_LOOKUP = re.compile(r"getaddrinfo EPERM (?P<host>[^\s\"]+)")
# The files of the programs that call a script.
_OWN_FILE = re.compile(r"/hooksui/(?:deno|runner)/[^\s:]*\.mjs")
# A frame alone, not what may follow it in the same line, such as the members of an error that was printed.
_OWN_FRAME = re.compile(rf"\n[ \t]++at [^\n]*?(?:{_OWN_FILE.pattern}|\b(?:ext|node):[^\s:]*):\d+:\d+\)?")


def speak_plainly(text: str, folder: str = "") -> str:
    """`text` as people shall read it: what the sandbox denied in our words, no frame of the Runner's own in a stack.

    `folder` is taken out of the paths of modules.
    """
    text = encodable(text)
    if folder:
        text = text.replace(f"file://{folder}/", "").replace(f"{folder}/", "")
    text = _NO_LOOKUP.sub(r'Requires net access to "\g<host>", run again with the --allow-net flag', text)
    text = _DENIED.sub(_denied, text)
    return _OWN_FRAME.sub("", text).rstrip("\n") if "\n" in text else text


def without_frames(text: str, folder: str = "") -> str:
    """A text of a result, which is the script's own: `speak_plainly` where a stack in it leads through the Runner."""
    return speak_plainly(text, folder) if _OWN_FILE.search(text) else encodable(text)


def encodable(text: str) -> str:
    """`text` without half a pair of surrogates, which JavaScript allows and which can be neither sent nor stored."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _denied(match: re.Match[str]) -> str:
    hint = " (RUNNER_ALLOW_NET names the hosts that runs may reach)" if match[1] == "net" else ""
    return f"The Runner denies {match[1]} access{match['what'] or ''}{hint}"


def redactor(secrets: dict[str, str]) -> Callable[[str], str]:
    """What replaces each value of `secrets` by its name, also where it is escaped or only one of its lines is left.

    And where it is encoded for an address, or by itself or as a part of more in base64 (RFC 4648), as in a header.
    """
    names: dict[str, str] = {}
    for name, value in secrets.items():
        lines = [line for line in value.splitlines() if len(line) >= _MIN]
        escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1])
        for form in (value, *escaped, *lines, *_encoded(value)):
            if form:
                names.setdefault(form, name)
    if not names:
        return lambda text: text
    # The longest first, since one value may be part of another.
    pattern = re.compile("|".join(re.escape(form) for form in sorted(names, key=len, reverse=True)))
    return lambda text: pattern.sub(lambda match: f"[secret {names[match[0]]}]", text)


def _encoded(value: str) -> Iterator[str]:
    yield quote(value, safe="")
    yield quote_plus(value)
    content = value.encode("utf-8", "replace")
    for before in range(3):
        # What stands before it moves it by so many bytes; the first and the last character may hold bits of others.
        text = base64.b64encode(bytes(before) + content).decode("ascii")
        piece = text[(0, 2, 3)[before] : (before + len(content)) * 8 // 6]
        if len(piece) >= _MIN_ENCODED:
            yield piece
            yield piece.translate(_URL_SAFE)


def everywhere(change: Callable[[str], str], value: Any) -> Any:
    """`value`, made of what JSON has, with every text in it changed, names of members included."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [everywhere(change, item) for item in value]
    if isinstance(value, dict):
        return {change(str(key)): everywhere(change, item) for key, item in value.items()}
    return value
