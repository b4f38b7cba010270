"""What expressions of a Terraform configuration stand for, as far as that is constant.

Source: Terraform's language, "Expressions". What only a run of it knows is told by NotLiteralError.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import NamedTuple, TypeVar

from hooksui.transfer.files.script_files import Paths
from hooksui.transfer.files.texts import MAX_TOTAL, resolve
from hooksui.transfer.formats.terraform import templates
from hooksui.transfer.formats.terraform.functions import FUNCTIONS, Value, as_text, converted, joined, number
from hooksui.transfer.formats.terraform.hcl import Expression, NotLiteralError
from hooksui.transfer.formats.terraform.tokens import HclError, excerpt

_DEPTH = 20  # expressions within each other, or one behind the other
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}
_REFERENCE = re.compile(r"""[\w.\[\]"-]+(?:: .*)?|\$\{[\w.\[\]"-]+\}""")

_T = TypeVar("_T")


class TemplateVariableError(NotLiteralError):
    """What a template is to be filled with has to be evaluated."""


class FileError(Exception):
    """A file that is named cannot be used. The message is the rest of a sentence that begins with "The file"."""


class Named(NamedTuple):
    """What a name stands for: an expression, the scope of its own names, and a variable's type where one is said."""

    expression: Expression
    scope: "Scope"
    type: str = ""


@dataclass(eq=False)
class Scope:
    """What names stand for in one module. `doubts` says of others why they are not known.

    `folder` is where its files are, `root` where Terraform runs, both from the root of what was given. Of a `private`
    one no expression is ever shown.
    """

    folder: str = ""
    root: str = ""
    names: dict[str, Named] = field(default_factory=dict)
    doubts: dict[str, str] = field(default_factory=dict)
    private: bool = False


class Values:
    """Works out what is constant. `used` are the files so read, of `files`, texts by path."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.used: set[str] = set()
        self.asked: set[Expression] = set()
        self._files = files
        self._paths = Paths(files)
        self._depth = 0
        self._folders: list[str] | None = None  # which words for a folder stand in the path that is being worked out
        # A few names that stand for each other many times over would fill the memory, or take for ever.
        self._left = MAX_TOTAL
        self._values: dict[Named, Value] = {}
        self._items: dict[Named, dict[str, Named]] = {}
        self._parts: dict[Expression, templates.Parts] = {}

    def value(self, expression: Expression, scope: Scope) -> Value:
        """The value of `expression`. Raises NotLiteralError, FileError and HclError."""
        with self._deeper(expression):
            try:
                return self._value(expression, scope)
            except ValueError as error:
                # A function does not take what it was given.
                raise NotLiteralError(expression.shown) from error

    def text(self, expression: Expression, scope: Scope) -> str | None:
        """The value as Terraform turns it into a text, None for null. Raises as `value` does."""
        value = self.value(expression, scope)
        if value is None:
            return None
        try:
            return as_text(value)
        except ValueError as error:
            raise NotLiteralError(expression.shown) from error

    def items(self, expression: Expression, scope: Scope) -> dict[str, Named]:
        """Keys and values of an object, of which some may not be constant. Raises as `value` does.

        Of a key that appears twice, Terraform takes the last; nobody writes that on purpose, so it is a fault.
        """
        with self._deeper(expression):
            if target := self._target(expression, scope):
                return self._blamed(expression, target, self._items_of)
            if (call := expression.call()) and call[0] == "merge":
                return {key: value for each in call[1] for key, value in self.items(each, scope).items()}
            found: dict[str, Named] = {}
            for key, value in expression.items():
                name = key.source if key.kind == "name" else self.text(key, scope)
                if name is None:
                    raise NotLiteralError(key.shown)
                if name in found:
                    raise HclError(key.line, f"{excerpt(name)} appears twice.")
                found[name] = Named(value, scope)
            return found

    def _value(self, expression: Expression, scope: Scope) -> Value:
        kind = expression.kind
        if kind == "number" or expression.sign == "-":
            return number(expression.source)
        if kind in ("quoted", "heredoc"):
            return self._filled(self._parts_of(expression), scope)
        if kind == "name" and expression.source in _WORDS:
            return _WORDS[expression.source]
        if (elements := expression.elements("[")) is not None:
            return [self.value(each, scope) for each in elements]
        if (inner := expression.elements("(")) and len(inner) == 1:
            return self._within(inner[0], scope, expression.shown)
        if (folder := self._folder(expression, scope)) is not None:
            return folder
        if target := self._target(expression, scope):
            return self._blamed(expression, target, self._value_of)
        if (call := expression.call()) and call[0] != "merge":
            return self._called(expression, *call, scope)
        return {key: self.value(each.expression, each.scope) for key, each in self.items(expression, scope).items()}

    def _filled(self, parts: templates.Parts, scope: Scope) -> Value:
        """A text; or, where one interpolation is all that it has, the value of that."""
        values = [
            part if isinstance(part, str) else self._within(part, scope, part.shown_in("${", "}")) for part in parts
        ]
        return values[0] if len(values) == 1 else self._made(joined(list(map(as_text, values))))

    def _parts_of(self, template: Expression) -> templates.Parts:
        if template not in self._parts:
            self._parts[template] = templates.parts(template)
        return self._parts[template]

    def _within(self, inner: Expression, scope: Scope, shown: str) -> Value:
        """The value of `inner`; what cannot be worked out of it is told with what stands around it."""
        try:
            return self.value(inner, scope)
        except NotLiteralError as error:
            raise NotLiteralError(shown if error.source == inner.shown else error.source) from error

    def _target(self, expression: Expression, scope: Scope) -> Named | None:
        """What a reference leads to, None for all else. Raises as `value` does."""
        steps = expression.path()
        if steps is None:
            # A text in quotes that is nothing but one interpolation is what stands in it.
            parts = self._parts_of(expression) if expression.kind == "quoted" else []
            alone = parts[0] if len(parts) == 1 else None
            return self._target(alone, scope) if isinstance(alone, Expression) else None
        for length in (1, 2):
            name = ".".join(step for step in steps[:length] if isinstance(step, str))
            if name in scope.doubts:
                raise NotLiteralError(f"{expression.shown}: {scope.doubts[name]}")
            if name in scope.names:
                return self._inside(expression, scope.names[name], steps[length:], scope)
        raise NotLiteralError(expression.shown)

    def _inside(self, expression: Expression, named: Named, steps: list[str | Expression], scope: Scope) -> Named:
        for step in steps:
            key = step if isinstance(step, str) else self.text(step, scope)
            items = self._blamed(expression, named, self._items_of)
            if key is None or key not in items:
                raise NotLiteralError(expression.shown)
            named = items[key]
        return named

    def _blamed(self, reference: Expression, target: Named, work: Callable[[Named], _T]) -> _T:
        """`work` on what `reference` leads to; what cannot be worked out is told by the name of that."""
        if target.scope.private:
            self.asked.add(target.expression)
        try:
            return work(target)
        except NotLiteralError as error:
            last = error.source.rpartition(", which is ")[2]
            # Whatever else it is may have a secret in it.
            is_told = last != reference.shown and not target.scope.private and _REFERENCE.fullmatch(last)
            raise NotLiteralError(f"{reference.shown}, which is {last}" if is_told else reference.shown) from error

    def _value_of(self, named: Named) -> Value:
        if named not in self._values:
            self._values[named] = converted(self.value(named.expression, named.scope), named.type)
        return self._values[named]

    def _items_of(self, named: Named) -> dict[str, Named]:
        if named not in self._items:
            self._items[named] = self.items(named.expression, named.scope)
        return self._items[named]

    def _called(self, expression: Expression, name: str, arguments: list[Expression], scope: Scope) -> Value:
        if name == "file" and len(arguments) == 1:
            return self._files[self._path(arguments[0], scope)]
        if name == "templatefile" and len(arguments) == 2:
            return self._template(arguments[0], arguments[1], scope)
        function = FUNCTIONS.get(name)
        if not function:
            raise NotLiteralError(expression.shown)
        try:
            return self._made(function(*[self.value(each, scope) for each in arguments]))
        except TypeError as error:
            # It takes more arguments, or less.
            raise NotLiteralError(expression.shown) from error

    def _path(self, argument: Expression, scope: Scope) -> str:
        """The file of `files` that is named so. Raises FileError too."""
        before, self._folders = self._folders, []
        try:
            named = self.text(argument, scope) or ""
            path = self._find(named, scope, is_below_module="module" in self._folders)
        finally:
            self._folders = before
        self.used.add(path)
        return path

    def _find(self, named: str, scope: Scope, is_below_module: bool) -> str:
        """Terraform takes a path from where it runs. Most people mean the folder of the file, or one above it."""
        folders = [scope.root, scope.folder, *map(str, PurePosixPath(scope.folder).parents)]
        paths = [resolve(folder, named) for folder in (folders[:1] if is_below_module else folders)]
        within = [path for path in paths if path is not None]
        if not within:
            raise FileError(f"{excerpt(named)} is outside the folder.")
        # Single files that somebody chose in a browser have no folders.
        flat = [posixpath.basename(named)] if not any("/" in path for path in self._files) else []
        path = next(filter(None, map(self._paths.find, [*within, *flat])), None)
        if path is None:
            raise FileError(f"{excerpt(within[0]) or 'without a name'} is not among the files.")
        return path

    def _folder(self, expression: Expression, scope: Scope) -> str | None:
        """What `path.module`, `path.root` and `path.cwd` are where a path is worked out; None for all else."""
        steps = expression.path()
        if self._folders is None or not steps or len(steps) != 2 or steps[0] != "path":
            return None
        if steps[1] not in ("module", "root", "cwd"):
            return None
        self._folders.append(str(steps[1]))
        return posixpath.relpath(f"/{scope.folder}", f"/{scope.root}") if steps[1] == "module" else "."

    def _template(self, argument: Expression, variables: Expression, scope: Scope) -> Value:
        path = self._path(argument, scope)
        names = self.items(variables, scope)
        for name, named in names.items():
            try:
                self.value(named.expression, named.scope)
            except NotLiteralError as error:
                # Secrets come into scripts this way.
                shown = error.source if _REFERENCE.fullmatch(error.source) else f"{excerpt(name)}, one of its variables"
                raise TemplateVariableError(shown) from error
        try:
            return self._filled(templates.parts_of(self._files[path]), Scope(names=names))
        except NotLiteralError as error:
            raise FileError(f"{path} is a template with more in it than names: {error.source}.") from error
        except HclError as fault:
            raise FileError(f"{path} is not a template that can be read: {fault}") from fault

    def _made(self, text: str) -> str:
        self._left -= len(text)
        if self._left < 0:
            raise ValueError
        return text

    @contextmanager
    def _deeper(self, expression: Expression) -> Iterator[None]:
        self._depth += 1
        try:
            if self._depth > _DEPTH:
                raise NotLiteralError(expression.shown)
            yield
        finally:
            self._depth -= 1
