"""Reads hooks from Terraform's own files: every resource `auth0_hook` of a configuration, as far as it is constant.

Source: the resource `auth0_hook` of the provider auth0/auth0.
"""

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from hooksui.auth0.shapes import MASK
from hooksui.transfer.files.definition import Definition, UnreadableError
from hooksui.transfer.formats.terraform.hcl import Block, Document, Expression, NotLiteralError
from hooksui.transfer.formats.terraform.json_syntax import is_json, native_of
from hooksui.transfer.formats.terraform.modules import ENDINGS, SEVERAL, Module, Modules, fault_of
from hooksui.transfer.formats.terraform.tokens import HclError, excerpt
from hooksui.transfer.formats.terraform.values import FileError, Named, Scope, TemplateVariableError, Values

_ATTRIBUTES = ("name", "script", "trigger_id", "enabled", "dependencies", "secrets")
_HOOK = re.compile(r"auth0_hook\.([\w-]+)\.(?:id|hook_id)")
_TRUTHS = {"true": True, "false": False, None: None}
_MAX = 10_000  # resources of one kind, each counted once for each call of its module


class Configuration:
    """The hooks in the `.tf` and `.tf.json` files among `files`, texts by path, and what of them cannot be read.

    Scripts come from `files` too, and values of variables from `.tfvars` among them. A secret whose value has to be
    evaluated has the mask for its value. Whatever else of a hook has to be evaluated makes the hook unreadable, and so
    do names of secrets. `used` are the files that were read for it.
    """

    def __init__(self, files: dict[str, str]) -> None:
        self.unreadable: list[UnreadableError] = []
        self.used: set[str] = set()
        self._files = files
        self._blocks: list[tuple[str, Block]] = []
        for path in sorted(path for path in files if path.lower().endswith(ENDINGS)):
            self._add(path)
        self._modules = Modules(self._blocks, files)
        self._values = Values(files)
        self.unreadable += self._modules.faults
        self.definitions = self._definitions()
        # A module that is called several times says the same several times.
        self.unreadable = list({str(error): error for error in self.unreadable}.values())
        self.used |= self._values.used | {*self._modules.used(self._values.asked)}

    def _add(self, path: str) -> None:
        text = self._files[path]
        try:
            native = native_of(path, text) if is_json(path) else text
            self._blocks += [(path, block) for block in Document(native).blocks()]
        except HclError as fault:
            self.unreadable.append(fault_of(path, fault))
        except UnreadableError as error:
            self.unreadable.append(error)
        except RecursionError:
            self.unreadable.append(UnreadableError(path, "It is nested too deeply."))

    def _definitions(self) -> list[Definition]:
        found: list[tuple[_Hook, Definition]] = []
        for resource in self._resources("auth0_hook"):
            hook = _Hook(*resource, self._values)
            try:
                found.append((hook, hook.read()))
            except UnreadableError as error:
                self.unreadable.append(error)
        for resource in self._resources("auth0_hook_"):
            found = self._with_secret(_Secret(*resource, self._values), found)
        return _once(found)

    def _with_secret(
        self, secret: "_Secret", found: "list[tuple[_Hook, Definition]]"
    ) -> "list[tuple[_Hook, Definition]]":
        """`found` with the secret in its hook; where it cannot be read, without the hooks that may need it to run."""
        try:
            values = secret.values()
            if not any(secret.is_of(hook) for hook, _ in found):
                raise secret.fault(f"There is no auth0_hook {secret.hook} in its folder that can be read.")
        except UnreadableError as error:
            self.unreadable.append(error)
            left = [hook for hook, _ in found if secret.may_be_of(hook)]
            self.unreadable += [hook.left_out(f"{secret.address} may be one of its secrets") for hook in left]
            return [(hook, definition) for hook, definition in found if hook not in left]
        return [
            (
                hook,
                replace(definition, secrets={**(definition.secrets or {}), **values})
                if secret.is_of(hook)
                else definition,
            )
            for hook, definition in found
        ]

    def _resources(self, kind: str) -> Iterator[tuple[str, Block, Module]]:
        """Resources of a kind, or of all whose names begin so, each once for each call of its module."""
        number = 0
        for path, block in self._blocks:
            label = block.labels[0] if block.kind == "resource" and block.labels else ""
            if not (label == kind or (kind.endswith("_") and label.startswith(kind))):
                continue
            self.used |= {path, *(module.caller for module in self._modules.of(posixpath.dirname(path)))}
            for module in self._modules.of(posixpath.dirname(path)):
                number += 1
                if number > _MAX:
                    self.unreadable.append(UnreadableError(path, f"The configuration has more than {_MAX} of {kind}."))
                    return
                yield path, block, module


class _Resource:
    """One resource in the file at `path`, in one call of its module."""

    def __init__(self, path: str, block: Block, module: Module, values: Values) -> None:
        self.module = module
        self.label = block.labels[-1]
        self.address = excerpt(module.address + ".".join(block.labels))
        self._path = path
        self._block = block
        self._values = values
        self._attributes: dict[str, Expression] = {}

    @property
    def place(self) -> tuple[str, int]:
        """The file and the place in it, whatever the call."""
        return self._path, self._block.start

    def fault(self, reason: str, line: int = 0) -> UnreadableError:
        """What to raise where it cannot be read."""
        return fault_of(self._path, HclError(line or self._block.line, f"{self.address} cannot be read. {reason}"))

    def left_out(self, reason: str) -> UnreadableError:
        """What to say where it can be read and is not taken all the same."""
        return fault_of(self._path, HclError(self._block.line, f"{self.address} is left out, since {reason}."))

    def _collect(self) -> None:
        """Note the attributes. Raises UnreadableError where something decides how many there are, or what they say."""
        try:
            attributes, blocks = self._block.body()
        except HclError as fault:
            raise fault_of(self._path, fault) from fault
        self._attributes = dict(attributes)
        self._note_script()
        for number, (name, _) in enumerate(attributes):
            if name in SEVERAL:
                raise self.fault(f"It uses {name}, which only Terraform can work out. Write each hook out.")
            if any(name == other for other, _ in attributes[:number]):
                raise self.fault(f"{name} appears twice.")
        for block in blocks:
            if block.kind == "dynamic":
                raise self.fault("It uses dynamic, which only Terraform can work out.")
            if block.kind in _ATTRIBUTES:
                raise self.fault(f"{block.kind} is a block there. Write {block.kind} = in front of its brace.")
        if self.module.uncounted:
            raise self.fault(f"{self.module.uncounted} Write each hook out.")

    def _note_script(self) -> None:
        """Whatever else is wrong with it: the file of its script is named."""
        if script := self._attributes.get("script"):
            with suppress(NotLiteralError, FileError, HclError):
                self._values.value(script, self.module.scope)

    def _text(self, name: str) -> str | None:
        expression = self._attributes.get(name)
        return self._plain(name, expression, self.module.scope) if expression else None

    def _plain(self, name: str, expression: Expression, scope: Scope) -> str | None:
        try:
            return self._values.text(expression, scope)
        except (NotLiteralError, FileError, HclError) as error:
            raise self._evaluated(name, error) from error

    def _items(self, name: str) -> dict[str, Named] | None:
        expression = self._attributes.get(name)
        if not expression:
            return None
        scope = self.module.scope
        try:
            return self._values.items(expression, scope)
        except NotLiteralError as error:
            with suppress(NotLiteralError, FileError, HclError):
                if self._values.value(expression, scope) is None:
                    return None
            raise self._evaluated(name, error) from error
        except (FileError, HclError) as error:
            raise self._evaluated(name, error) from error

    def _secrets(self) -> dict[str, str] | None:
        items = self._items("secrets")
        return None if items is None else {key: self._secret(*named[:2]) for key, named in items.items()}

    def _secret(self, expression: Expression, scope: Scope) -> str:
        try:
            value = self._values.text(expression, scope)
        except (NotLiteralError, FileError):
            return MASK
        except HclError as fault:
            raise self._evaluated("secrets", fault) from fault
        return MASK if value is None else value

    def _required(self, name: str, value: str | None) -> str:
        if not value:
            raise self.fault(f"It has no {name}.")
        return value

    def _evaluated(self, name: str, error: NotLiteralError | FileError | HclError) -> UnreadableError:
        if isinstance(error, HclError):
            return fault_of(self._path, error)
        if isinstance(error, FileError):
            return self.fault(f"The {'script' if name == 'script' else 'file'} {error}")
        # The values of secrets may stand in what makes up their map.
        source = "the names" if name == "secrets" else error.source
        line = self._attributes[name].line if name in self._attributes else 0
        subject = "The template of its script" if isinstance(error, TemplateVariableError) else name
        return self.fault(f"{subject} needs Terraform to work out {source}. Write it out.", line)


class _Hook(_Resource):
    """One resource `auth0_hook`."""

    def read(self) -> Definition:
        """The hook. Raises UnreadableError."""
        self._collect()
        return Definition(
            name=self._required("name", self._text("name")),
            trigger=self._required("trigger_id", self._text("trigger_id")),
            script=self._required("script", self._text("script")),
            enabled=self._truth("enabled"),
            dependencies=self._dependencies(),
            secrets=self._secrets(),
            source=self.module.caller or self._path,
        )

    def _truth(self, name: str) -> bool | None:
        value = self._text(name)
        if value not in _TRUTHS:
            raise self.fault(f"{name} must be true or false.")
        return _TRUTHS[value]

    def _dependencies(self) -> dict[str, str] | None:
        items = self._items("dependencies")
        if items is None:
            return None
        found: dict[str, str] = {}
        for key, named in items.items():
            version = self._plain(f"{excerpt(key)} in dependencies", named.expression, named.scope)
            if version is None:
                raise self.fault(f"{excerpt(key)} in dependencies has no version.")
            found[key] = version
        return found


class _Secret(_Resource):
    """One resource `auth0_hook_secret`, as forks of the provider have it: `hook_id`, and `name` with `value`."""

    hook = ""

    def values(self) -> dict[str, str]:
        """The secret's value by its name; the mask where only Terraform can work it out. Raises UnreadableError."""
        try:
            self._collect()
        finally:
            expression = self._attributes.get("hook_id")
            named = _HOOK.fullmatch(_bare(expression)) if expression else None
            self.hook = named[1] if named else ""
        if self._block.labels[0] != "auth0_hook_secret":
            raise self.fault("What it gives to a hook is not known.")
        if not named:
            raise self.fault("Its hook_id names no auth0_hook plainly.")
        several = self._secrets()
        if several is not None:
            return several
        name, value = self._required("name", self._text("name")), self._attributes.get("value")
        return {name: self._secret(value, self.module.scope) if value else MASK}

    def is_of(self, hook: _Hook) -> bool:
        """Whether it is a secret of `hook`."""
        return hook.label == self.hook and hook.module is self.module

    def may_be_of(self, hook: _Hook) -> bool:
        """Whether it is one, or is not known to be another's."""
        return self.is_of(hook) if self.hook else True


def _bare(expression: Expression) -> str:
    """A reference as it stands there, also where a text is made of nothing else."""
    source = expression.source
    return source[3:-2].strip() if source.startswith('"${') and source.endswith('}"') else source


def _once(found: list[tuple[_Hook, Definition]]) -> list[Definition]:
    """The hooks, each once where several configurations take the same one from a module that they share."""
    roots: dict[str, str] = {}
    definitions = []
    for hook, definition in found:
        said = repr((hook.place, replace(definition, source=""), definition.secrets))
        if roots.setdefault(said, hook.module.scope.root) == hook.module.scope.root:
            definitions.append(definition)
    return definitions
