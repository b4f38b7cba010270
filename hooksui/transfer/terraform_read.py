"""Reads hooks from Terraform's own files: every resource `auth0_hook` of a configuration, as far as it is plain.

Source: the resource `auth0_hook` of the provider auth0/auth0.
"""

import posixpath
import re

from hooksui.auth0.shapes import MASK
from hooksui.transfer.definition import Definition, Unreadable
from hooksui.transfer.files import resolve
from hooksui.transfer.hcl import Block, Document, Expression, NotLiteral, SyntaxFault, excerpt

_ATTRIBUTES = ("name", "script", "trigger_id", "enabled", "dependencies", "secrets")
_MODULE_FOLDER = re.compile(r"\$\{\s*path\.module\s*\}/")
_TRUTHS = {"true": True, "false": False, True: True, False: False, None: None}


def read_hcl(files: dict[str, str]) -> tuple[list[Definition], list[Unreadable]]:
    """The hooks in the `.tf` files among `files`, texts by path, and what of them cannot be read.

    Scripts come from `files` too. A secret whose value has to be evaluated has the mask for its value. Whatever else of
    a hook has to be evaluated makes the hook unreadable, and so do names of secrets.
    """
    definitions: list[Definition] = []
    unreadable: list[Unreadable] = []
    for path in sorted(path for path in files if path.lower().endswith(".tf")):
        try:
            blocks = Document(files[path]).blocks()
        except SyntaxFault as fault:
            unreadable.append(Unreadable(path, str(fault)))
            continue
        for block in blocks:
            if block.kind == "resource" and block.labels[:1] == ("auth0_hook",):
                try:
                    definitions.append(_Hook(path, block, files).read())
                except Unreadable as error:
                    unreadable.append(error)
    return definitions, unreadable


class _Hook:
    """One resource `auth0_hook`, in the file at `path`."""

    def __init__(self, path: str, block: Block, files: dict[str, str]) -> None:
        self._path = path
        self._block = block
        self._files = files
        self._attributes: dict[str, Expression] = {}

    def read(self) -> Definition:
        """The hook. Raises Unreadable."""
        try:
            self._collect()
            return Definition(
                name=self._required("name", self._text("name")),
                trigger=self._required("trigger_id", self._text("trigger_id")),
                script=self._required("script", self._script()),
                enabled=self._truth("enabled"),
                dependencies=self._dependencies(),
                secrets=self._secrets(),
                source=self._path,
            )
        except SyntaxFault as fault:
            raise Unreadable(self._path, str(fault)) from fault

    def _collect(self) -> None:
        """Note the attributes. Raises Unreadable where something decides how many hooks there are, or what they say."""
        attributes, blocks = self._block.body()
        for name, expression in attributes:
            if name in ("count", "for_each"):
                raise self._fault(f"It uses {name}, which only Terraform can work out. Write each hook out.")
            if name in self._attributes:
                raise self._fault(f"{name} stands there twice.")
            self._attributes[name] = expression
        for block in blocks:
            if block.kind == "dynamic":
                raise self._fault("It uses dynamic, which only Terraform can work out.")
            if block.kind in _ATTRIBUTES:
                raise self._fault(f"{block.kind} is a block there. Write {block.kind} = in front of its brace.")

    def _text(self, name: str) -> str | None:
        expression = self._attributes.get(name)
        return self._plain(name, expression) if expression else None

    def _truth(self, name: str) -> bool | None:
        expression = self._attributes.get(name)
        value = self._literal(name, expression) if expression else None
        if value not in _TRUTHS:
            raise self._fault(f"{name} must be true or false.")
        return _TRUTHS[value]

    def _dependencies(self) -> dict[str, str] | None:
        items = self._items("dependencies")
        if items is None:
            return None
        found: dict[str, str] = {}
        for key, expression in items:
            version = self._plain(f"{excerpt(key)} in dependencies", expression)
            if version is None:
                raise self._fault(f"{excerpt(key)} in dependencies has no version.")
            found[key] = version
        return found

    def _secrets(self) -> dict[str, str] | None:
        items = self._items("secrets")
        return None if items is None else {key: self._secret(expression) for key, expression in items}

    def _secret(self, expression: Expression) -> str:
        try:
            value = expression.literal()
        except NotLiteral:
            return MASK
        return MASK if value is None else _as_text(value)

    def _script(self) -> str | None:
        expression = self._attributes.get("script")
        argument = expression.argument("file") if expression else None
        return self._from_file(argument) if argument else self._text("script")

    def _from_file(self, argument: Expression) -> str:
        named = self._path_of_script(argument)
        path = resolve(posixpath.dirname(self._path), named)
        if path is None:
            raise self._fault(f"The script {excerpt(named)} is outside of the folder.")
        if path not in self._files:
            raise self._fault(f"The script {excerpt(path)} is not among the files.")
        return self._files[path]

    def _path_of_script(self, argument: Expression) -> str:
        """What the argument of `file` names, from the folder of the configuration."""
        try:
            below = argument.after(_MODULE_FOLDER)
        except NotLiteral as error:
            raise self._evaluated("The path of the script", argument, error) from error
        if below is not None:
            return below.lstrip("/")
        return self._plain("The path of the script", argument) or ""

    def _items(self, name: str) -> list[tuple[str, Expression]] | None:
        expression = self._attributes.get(name)
        if not expression:
            return None
        try:
            return expression.items()
        except NotLiteral as error:
            if expression.source == "null":
                return None
            raise self._evaluated(name, expression, error) from error

    def _plain(self, name: str, expression: Expression) -> str | None:
        value = self._literal(name, expression)
        return None if value is None else _as_text(value)

    def _literal(self, name: str, expression: Expression) -> str | bool | None:
        try:
            return expression.literal()
        except NotLiteral as error:
            raise self._evaluated(name, expression, error) from error

    def _required(self, name: str, value: str | None) -> str:
        if not value:
            raise self._fault(f"It has no {name}.")
        return value

    def _evaluated(self, name: str, expression: Expression, error: NotLiteral) -> Unreadable:
        # The values of secrets may stand in what makes up their map.
        source = "the names" if name == "secrets" else excerpt(error.source)
        return self._fault(f"{name} needs Terraform to work out {source}. Write it out.", expression.line)

    def _fault(self, reason: str, line: int = 0) -> Unreadable:
        address = excerpt(".".join(self._block.labels))
        return Unreadable(self._path, f"Line {line or self._block.line}: {address} cannot be read. {reason}")


def _as_text(value: str | bool) -> str:
    """As Terraform turns a literal into a text."""
    return str(value).lower() if isinstance(value, bool) else value
