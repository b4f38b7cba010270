"""Reads hooks from Terraform's own files: every resource `auth0_hook` of a configuration, as far as it is plain.

Source: the resource `auth0_hook` of the provider auth0/auth0.
"""

import posixpath
import re
from dataclasses import replace

from hooksui.auth0.shapes import MASK
from hooksui.transfer.definition import Definition, Unreadable
from hooksui.transfer.files import resolve
from hooksui.transfer.hcl import Block, Document, Expression, NotLiteral, SyntaxFault, excerpt
from hooksui.transfer.terraform_values import Constants, native_of

_ATTRIBUTES = ("name", "script", "trigger_id", "enabled", "dependencies", "secrets")
_FOLDER = {
    "module": re.compile(r"\$\{\s*path\.module\s*\}/"),
    "root": re.compile(r"\$\{\s*path\.(?:root|cwd)\s*\}/"),
}
_HOOK = re.compile(r"auth0_hook\.([\w-]+)\.(?:id|hook_id)")
_FILLED_IN = re.compile(r"\$\{\s*(\w+)\s*\}")
_TRUTHS = {"true": True, "false": False, True: True, False: False, None: None}


def read_hcl(files: dict[str, str]) -> tuple[list[Definition], list[Unreadable]]:
    """The hooks in the `.tf` and `.tf.json` files among `files`, texts by path, and what of them cannot be read.

    Scripts come from `files` too. A secret whose value has to be evaluated has the mask for its value. Whatever else of
    a hook has to be evaluated makes the hook unreadable, and so do names of secrets.
    """
    configuration = _Configuration(files)
    for path in sorted(path for path in files if path.lower().endswith((".tf", ".tf.json"))):
        configuration.add(path)
    return configuration.read()


class _Configuration:
    """All files of a configuration, folder by folder."""

    def __init__(self, files: dict[str, str]) -> None:
        self._files = files
        self._blocks: list[tuple[str, Block]] = []
        self._unreadable: list[Unreadable] = []

    def add(self, path: str) -> None:
        """Take in a file."""
        text = self._files[path]
        try:
            if path.lower().endswith(".json"):
                text = native_of(text)
            self._blocks += [(path, block) for block in Document(text).blocks()]
        except SyntaxFault as fault:
            self._unreadable.append(Unreadable(path, str(fault)))
        except (ValueError, RecursionError):
            self._unreadable.append(Unreadable(path, "It is not valid JSON."))

    def read(self) -> tuple[list[Definition], list[Unreadable]]:
        """The hooks, with the secrets that resources of their own give them, and what cannot be read."""
        folders = {posixpath.dirname(path) for path, _ in self._blocks}
        constants = {
            folder: Constants([block for path, block in self._blocks if posixpath.dirname(path) == folder])
            for folder in folders
        }
        found: dict[tuple[str, str], Definition] = {}
        for path, block in self._resources("auth0_hook"):
            folder = posixpath.dirname(path)
            try:
                key = (folder, block.labels[-1])
                definition = _Hook(path, block, self._files, constants[folder]).read()
                # Two of one name are for others to refuse.
                found[key if key not in found else (path, f"{block.line}")] = definition
            except Unreadable as error:
                self._unreadable.append(error)
        for path, block in self._resources("auth0_hook_secret"):
            try:
                secret = _Secret(path, block, self._files, constants[posixpath.dirname(path)])
                key = (posixpath.dirname(path), secret.hook())
                if key not in found:
                    raise secret.fault(f"There is no auth0_hook {excerpt(key[1])} in its folder that can be read.")
                found[key] = replace(found[key], secrets={**(found[key].secrets or {}), **secret.values()})
            except Unreadable as error:
                self._unreadable.append(error)
            except SyntaxFault as fault:
                self._unreadable.append(Unreadable(path, str(fault)))
        return list(found.values()), self._unreadable

    def _resources(self, kind: str) -> list[tuple[str, Block]]:
        return [
            (path, block) for path, block in self._blocks if block.kind == "resource" and block.labels[:1] == (kind,)
        ]


class _Hook:
    """One resource `auth0_hook`, in the file at `path`."""

    def __init__(self, path: str, block: Block, files: dict[str, str], constants: Constants) -> None:
        self._path = path
        self._block = block
        self._files = files
        self._constants = constants
        self._attributes: dict[str, Expression] = {}
        self._script_file = ""

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
                script_file=self._script_file,
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
            self._attributes[name] = self._constants.plain(expression)
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
            version = self._plain(f"{excerpt(key)} in dependencies", self._constants.plain(expression))
            if version is None:
                raise self._fault(f"{excerpt(key)} in dependencies has no version.")
            found[key] = version
        return found

    def _secrets(self) -> dict[str, str] | None:
        items = self._items("secrets")
        return None if items is None else {key: self._secret(expression) for key, expression in items}

    def _secret(self, expression: Expression) -> str:
        try:
            value = self._constants.plain(expression).literal()
        except NotLiteral:
            return MASK
        return MASK if value is None else _as_text(value)

    def _script(self) -> str | None:
        expression = self._attributes.get("script")
        if not expression:
            return None
        if (argument := expression.arguments("file")) and len(argument) == 1:
            return self._from_file(self._constants.plain(argument[0]))
        if (given := expression.arguments("templatefile")) and len(given) == 2:
            return self._from_template(*(self._constants.plain(each) for each in given))
        return self._text("script")

    def _from_template(self, argument: Expression, variables: Expression) -> str:
        text = self._from_file(argument)
        try:
            values = {name: _as_text(self._constants.plain(value).literal() or "") for name, value in variables.items()}
        except NotLiteral as error:
            raise self._evaluated("The template of its script", variables, error) from error
        filled = _FILLED_IN.sub(lambda match: values.get(match[1], match[0]), text)
        if "${" in filled or "%{" in filled:
            raise self._fault("Its script is a template with more in it than names. Write it out.", variables.line)
        return filled

    def _from_file(self, argument: Expression) -> str:
        folders, named = self._path_of_script(argument)
        paths = [path for folder in folders if (path := resolve(folder, named)) is not None]
        if not paths:
            raise self._fault(f"The script {excerpt(named)} is outside of the folder.")
        path = next((path for path in paths if path in self._files), None)
        if path is None:
            raise self._fault(f"The script {excerpt(paths[-1])} is not among the files.")
        self._script_file = path
        return self._files[path]

    def _path_of_script(self, argument: Expression) -> tuple[list[str], str]:
        """What the argument of `file` names, and the folders in which it may be, the likeliest first.

        Terraform takes a path from where it runs, which is the root, most people from the folder of the file.
        """
        module = posixpath.dirname(self._path)
        configuration = (path for path in self._files if path.lower().endswith((".tf", ".tf.json")))
        root = min((posixpath.dirname(path) for path in configuration), key=lambda folder: folder.count("/"))
        for kind, pattern in _FOLDER.items():
            try:
                below = argument.after(pattern)
            except NotLiteral as error:
                raise self._evaluated("The path of the script", argument, error) from error
            if below is not None:
                return ([module] if kind == "module" else [root, ""]), below.lstrip("/")
        return [root, module, ""], self._plain("The path of the script", argument) or ""

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


class _Secret(_Hook):
    """One resource `auth0_hook_secret`, as forks of the provider have it: `hook_id`, and `name` with `value`."""

    def hook(self) -> str:
        """The name of the resource of its hook. Raises Unreadable."""
        self._collect()
        expression = self._attributes.get("hook_id")
        named = _HOOK.fullmatch(expression.source) if expression else None
        if not named:
            raise self.fault("Its hook_id names no auth0_hook plainly.")
        return named[1]

    def values(self) -> dict[str, str]:
        """The secret's value by its name; the mask where only Terraform can work it out. Raises Unreadable."""
        several = self._secrets()
        if several is not None:
            return several
        name, value = self._required("name", self._text("name")), self._attributes.get("value")
        return {name: self._secret(value) if value else MASK}

    def fault(self, reason: str) -> Unreadable:
        """What to raise where it cannot be read."""
        return self._fault(reason)


def _as_text(value: str | bool) -> str:
    """As Terraform turns a literal into a text."""
    return str(value).lower() if isinstance(value, bool) else value
