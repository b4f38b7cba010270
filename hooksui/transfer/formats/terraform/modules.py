"""The modules of a Terraform configuration: how often each is called, and what its names stand for each time.

Source: Terraform's language, "Modules", "Local values" and "Input variables".
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from typing import NamedTuple

from hooksui.transfer.files import signs
from hooksui.transfer.files.definition import UnreadableError
from hooksui.transfer.files.texts import resolve
from hooksui.transfer.formats.terraform.hcl import Block, Document, Expression
from hooksui.transfer.formats.terraform.json_syntax import is_json, native_values
from hooksui.transfer.formats.terraform.tokens import HclError
from hooksui.transfer.formats.terraform.values import Named, Scope

SEVERAL = ("count", "for_each")  # whatever has one of these may stand for more than one
ENDINGS = (".tf", ".tf.json", ".tofu", ".tofu.json")
VALUES = (".tfvars", ".tfvars.json")
_MAX = 1_000  # calls of one module, by whatever way
_LOADED = ("terraform.tfvars", "terraform.tfvars.json")


@dataclass(frozen=True, eq=False)
class Module:
    """A folder of a configuration, called once: by `caller`, a file, as `address`; both are "" where Terraform runs.

    `uncounted` is why it is not known how often it is called, "" where it is.
    """

    scope: Scope
    address: str = ""
    caller: str = ""
    uncounted: str = ""


class _Call(NamedTuple):
    path: str
    name: str
    attributes: dict[str, Expression]


class Modules:
    """The modules that `blocks`, pairs of file and block, make up, with the values of variables among `files`.

    `faults` are calls that cannot be read.
    """

    def __init__(self, blocks: list[tuple[str, Block]], files: Mapping[str, str]) -> None:
        self.faults: list[UnreadableError] = []
        self._files = files
        self._blocks: dict[str, list[Block]] = defaultdict(list)
        for path, block in blocks:
            self._blocks[posixpath.dirname(path)].append(block)
        self._folders = {posixpath.dirname(path) for path in files if path.lower().endswith(ENDINGS)}
        self._calls: dict[str, list[_Call]] = defaultdict(list)
        for path, block in blocks:
            if block.kind == "module" and block.labels:
                self._note_call(path, block)
        self._found: dict[str, list[Module]] = {}
        self._values: dict[str, dict[str, Named] | None] = {}

    def of(self, folder: str) -> list[Module]:
        """What the files in `folder` are, once for each call."""
        if folder not in self._found:
            # What calls itself has no end.
            self._found[folder] = [Module(Scope(folder, folder), uncounted="Its module calls itself.")]
            found = [module for call in self._calls[folder] for module in self._called(folder, call)]
            if len(found) > _MAX:
                found = [Module(Scope(folder, folder), uncounted=f"Its module is called more than {_MAX} times.")]
            self._found[folder] = found or [self._outermost(folder)]
        return self._found[folder]

    def used(self, asked: Set[Expression]) -> Iterator[str]:
        """The files of whose values some were `asked` for, and all that have to do with hooks."""
        for path, values in self._values.items():
            named = {name: value.expression for name, value in (values or {}).items()}
            left = (f"{name} = {value.source}" for name, value in named.items() if value not in asked)
            if asked & set(named.values()) and not any(map(signs.mentions_hooks, left)):
                yield path

    def _note_call(self, path: str, block: Block) -> None:
        try:
            attributes = dict(block.body()[0])
        except HclError as fault:
            self.faults.append(fault_of(path, fault))
            return
        source = attributes.get("source")
        named = source.source.strip('"') if source and source.kind == "quoted" else ""
        folder = resolve(posixpath.dirname(path), named) if named.startswith(("./", "../")) else None
        if folder is not None and folder in self._folders:
            self._calls[folder].append(_Call(path, block.labels[0], attributes))
        elif signs.mentions_hooks(block.text) or (signs.has_point(block.text) and "hook" in block.text.lower()):
            reason = f"module.{block.labels[0]} seems to make a hook; its source is not among the files."
            self.faults.append(fault_of(path, HclError(block.line, reason)))

    def _called(self, folder: str, call: _Call) -> list[Module]:
        uncounted = next((name for name in SEVERAL if name in call.attributes), "")
        reason = f"module.{call.name} uses {uncounted}, which only Terraform can work out." if uncounted else ""
        found = []
        for by in self.of(posixpath.dirname(call.path)):
            given = {f"var.{name}": Named(value, by.scope) for name, value in call.attributes.items()}
            scope = self._scope(folder, by.scope.root, given)
            found.append(
                Module(scope, f"{by.address}module.{call.name}.", by.caller or call.path, by.uncounted or reason)
            )
        return found

    def _outermost(self, folder: str) -> Module:
        given: dict[str, Named] = {}
        doubts: dict[str, str] = {}
        for path in sorted(filter(_is_values, self._files), key=_order):
            beside = posixpath.dirname(path) == folder
            if not beside and posixpath.dirname(path) in self._folders:
                # It is another configuration's.
                continue
            values = self._values_in(path)
            if values is None:
                declared = (
                    block.labels[0] for block in self._blocks[folder] if block.kind == "variable" and block.labels
                )
                doubts |= {f"var.{name}": f"{path} may set it, and cannot be read" for name in declared}
            elif beside and _is_loaded(path):
                given |= values
            else:
                # Whoever runs Terraform may name it, or not.
                doubts |= dict.fromkeys(values, f"{path} may set it")
        return Module(self._scope(folder, folder, given, doubts))

    def _scope(self, folder: str, root: str, given: dict[str, Named], doubts: dict[str, str] | None = None) -> Scope:
        scope = Scope(folder, root, doubts=doubts or {})
        for block in self._blocks[folder]:
            try:
                attributes = dict(block.body()[0]) if block.kind in ("locals", "variable") else {}
            except HclError:
                # Terraform does not run with it; whoever refers to what it has is told that it is not known.
                continue
            if block.kind == "locals":
                scope.names |= {f"local.{name}": Named(value, scope) for name, value in attributes.items()}
            elif block.labels and block.kind == "variable":
                name = f"var.{block.labels[0]}"
                kind = attributes["type"].source.strip('"') if "type" in attributes else ""
                if name in given:
                    scope.names[name] = given[name]._replace(type=kind)
                elif "default" in attributes:
                    scope.names[name] = Named(attributes["default"], scope, kind)
        return scope

    def _values_in(self, path: str) -> dict[str, Named] | None:
        """What the file at `path` sets, None where it cannot be read. It has secrets: no word of it is ever shown."""
        if path not in self._values:
            self._values[path] = self._read_values(path)
        return self._values[path]

    def _read_values(self, path: str) -> dict[str, Named] | None:
        text, scope = self._files[path], Scope(private=True)
        try:
            document = Document(native_values(path, text) if is_json(path) else text)
            return {f"var.{name}": Named(value, scope) for name, value in document.body_of_all()[0]}
        except (HclError, UnreadableError, RecursionError):
            return None


def fault_of(path: str, fault: HclError) -> UnreadableError:
    """What to say of a `fault` in the file at `path`."""
    return UnreadableError(path, fault.reason if is_json(path) else str(fault))


def _is_values(path: str) -> bool:
    return path.lower().endswith(VALUES)


def _is_loaded(path: str) -> bool:
    name = posixpath.basename(path)
    return name in _LOADED or name.endswith((".auto.tfvars", ".auto.tfvars.json"))


def _order(path: str) -> tuple[int, str]:
    """Terraform's own order: what comes later counts."""
    name = posixpath.basename(path)
    return (_LOADED.index(name) if name in _LOADED else len(_LOADED), name)
