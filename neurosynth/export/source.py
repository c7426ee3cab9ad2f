"""The source of primitives, collected so that exported code is self-contained.

A function is included with everything that it names: helpers and constants of its module, values of its closure, imports from the
standard library. A function's decorators and annotations are dropped, because only neurosynth reads them. Conflicting names get a
number.
"""

from __future__ import annotations

import ast
import inspect
import keyword
import re
import sys
import textwrap
import unicodedata
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper, partial
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

from neurosynth.export.base import ExportError
from neurosynth.values.registry import domain_of, type_of_object
from neurosynth.values.types import Type, TypeConstructor, is_ground

__all__ = ["Sources", "identifier"]


class Sources:
    """Definitions that exported code needs, in an order in which they can run."""

    def __init__(self, taken: set[str], *, portable: bool = False) -> None:
        """``taken``: names that have another meaning in the exported code. ``portable``: see :attr:`PythonCall.portable`."""
        self.taken, self.portable = taken, portable
        self._modules: dict[str, str] = {}
        self._members: dict[str, dict[str, str]] = {}
        self.constants: list[str] = []
        self.definitions: list[str] = []
        self._names: dict[int, str] = {}
        self._sources: dict[str, str] = {}
        self._kept: list[Any] = []  # keeps the objects alive, so that no id is used twice

    def name(self, wanted: str) -> str:
        """``wanted``, or with a number after it if it is taken; taken from now on."""
        name, count = wanted, 1
        if not wanted.isidentifier():
            name = wanted = identifier(wanted)
        while name in self.taken:
            count += 1
            name = f"{wanted.rstrip('_')}_{count}"
        self.taken.add(name)
        return name

    @property
    def import_lines(self) -> list[str]:
        """The imports, in the order that linters require."""

        def renamed(original: str, name: str) -> str:
            return original if original == name else f"{original} as {name}"

        lines = [f"import {renamed(module, name)}" for module, name in sorted(self._modules.items())]
        for module, members in sorted(self._members.items()):
            listed = sorted(members.items(), key=lambda m: (not m[0].isupper(), m[0].islower(), m[0]))
            lines.append(f"from {module} import {', '.join(renamed(o, n) for o, n in listed)}")
        return lines

    def imported(self, module: str, member: str) -> str:
        """The name of a member of a standard-library module in exported code."""
        members = self._members.setdefault(module, {})
        if member not in members:
            members[member] = self.name(member)
        return members[member]

    def defined(self, wanted: str, source: str) -> str:
        """The name of a function given by its source, in which ``{name}`` represents it; the same source is defined once."""
        if source not in self._sources:
            name = self._sources[source] = self.name(wanted)
            self.definitions.append(source.replace("{name}", name))
        return self._sources[source]

    def constant_named(self, wanted: str, value: Any) -> str:
        """The name of a module-level constant; equal values share one."""
        text = repr(value)
        if text not in self._sources:
            name = self._sources[text] = self.name(wanted)
            self.constants.append(f"{name} = {text}")
        return self._sources[text]

    def call(self, function: Callable[..., Any], arguments: list[str]) -> str:
        """The expression that calls ``function`` on expressions.

        Raises:
            ExportError: if its source is not available.
        """
        if isinstance(function, partial):
            first = [repr(a) for a in function.args]
            named = [f"{k}={v!r}" for k, v in function.keywords.items()]
            return self.call(function.func, [*first, *arguments, *named])
        return f"{self.reference(function, getattr(function, '__name__', 'f'))}({', '.join(arguments)})"

    def reference(self, value: Any, wanted: str) -> str:
        """The name of a value in exported code, which defines it on first use."""
        known = self._names.get(id(value))
        if known is None:
            self._kept.append(value)
            known = self._define(value, wanted)
        return known

    def annotation(self, t: Type) -> str:
        """The Python annotation of values of a type; the classes that it names are imported."""
        ground = isinstance(t, TypeConstructor) and is_ground(t)
        return domain_of(t).annotation(self.reference) if ground else "object"

    def _define(self, value: Any, wanted: str) -> str:
        if isinstance(value, ModuleType):
            if value.__name__ not in self._modules:
                self._modules[value.__name__] = self.name(wanted)
            return self._remember(value, self._modules[value.__name__])
        module, qualified = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
        callable_kind = isinstance(value, (FunctionType, BuiltinFunctionType, type)) or inspect.ismethoddescriptor(
            value
        )
        if callable_kind and qualified and _is_builtin(value, qualified):
            return self._remember(value, qualified)
        if callable_kind and qualified and module and module.split(".")[0] in sys.stdlib_module_names:
            return self._remember(value, self.imported(module, qualified))
        if isinstance(value, (FunctionType, type)):
            return self._source(value, wanted)
        if isinstance(value, _lru_cache_wrapper):
            return self._remembering(value, wanted)
        return self._constant(value, wanted)

    def _remember(self, value: Any, name: str) -> str:
        self._names[id(value)] = name
        return name

    def _constant(self, value: Any, wanted: str) -> str:
        if isinstance(value, re.Pattern):
            text = f"{self.reference(re, 're')}.compile({value.pattern!r}, {value.flags})"
        else:
            t = type_of_object(value)
            text = repr(value) if t is None else domain_of(t).source(value, self.reference)
            if t is None and not _is_literal(text, value):
                raise ExportError(
                    f"{wanted} is a {type(value).__name__}, which has no literal; give the primitive a python= template"
                )
        name = self.name(wanted)
        self.constants.append(f"{name} = {text}")
        return self._remember(value, name)

    def _remembering(self, value: _lru_cache_wrapper[Any], wanted: str) -> str:
        """A function that remembers its results, which the exported one does, too."""
        cache = self.imported("functools", "lru_cache")
        inner = value.__wrapped__
        assert isinstance(inner, FunctionType)
        name = self._source(inner, wanted)
        self.definitions[-1] = f"@{cache}(maxsize={value.cache_parameters()['maxsize']})\n{self.definitions[-1]}"
        return self._remember(value, name)

    def _source(self, value: FunctionType | type, wanted: str) -> str:
        tree = _definition(value)
        name = self._remember(value, self.name(wanted if wanted.isidentifier() else "f"))
        renamed = {}
        for word, meaning in _mentioned(value, tree):
            renamed[word] = self.reference(meaning, word)
        tree = _Rename({k: v for k, v in renamed.items() if k != v}).visit(tree)
        tree.name = name
        self.definitions.append(ast.unparse(ast.fix_missing_locations(tree)))
        return name


def identifier(name: str) -> str:
    """A Python name that reads like ``name``: ``full name`` becomes ``full_name``, ``area m²`` ``area_m2``.

    Python compares names after normalising them (NFKC), so the name is returned in that form.
    """
    # normalised again after characters were removed or added: accents combine with their new neighbours
    plain = "".join(ch if f"a{ch}".isidentifier() else "_" for ch in unicodedata.normalize("NFKC", name))
    found = unicodedata.normalize("NFKC", re.sub("_+", "_", plain).strip("_")) or "x"
    if not found[0].isidentifier():
        found = unicodedata.normalize("NFKC", "x" + found)
    if not found.isidentifier():  # a character on which the two Unicode tables disagree
        found = re.sub(r"\W", "_", found.encode("ascii", "replace").decode()).strip("_") or "x"
    return found + "_" if keyword.iskeyword(found) or keyword.issoftkeyword(found) else found


def _is_builtin(value: Any, qualified: str) -> bool:
    import builtins

    first, *rest = qualified.split(".")
    found = getattr(builtins, first, None)
    for part in rest:
        found = getattr(found, part, None)
    return found is value


def _is_literal(text: str, value: Any) -> bool:
    try:
        return bool(ast.literal_eval(text) == value)
    except (ValueError, SyntaxError):
        return isinstance(value, frozenset) and _is_literal(repr(set(value)), set(value))


def _definition(value: FunctionType | type) -> ast.FunctionDef | ast.ClassDef:
    """The definition: a function without decorators and annotations, or, for a class, its constructor call."""
    where = f"{value.__module__}.{value.__qualname__}"
    try:
        text = textwrap.dedent(inspect.getsource(value))
        tree: ast.AST | None = ast.parse(text)
    except (OSError, TypeError):
        raise ExportError(f"the source of {where} is not available; give the primitive a python= template") from None
    except SyntaxError:
        tree = None  # a lambda inside a larger expression
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == value.__name__:
            if isinstance(node, ast.FunctionDef):
                node.decorator_list = []
            return _Bare().visit(node)  # type: ignore[no-any-return]  # NodeTransformer is untyped
    if isinstance(value, FunctionType) and tree is not None:
        return _lambda(value, tree, where)
    raise ExportError(f"the source of {where} cannot be extracted; give the primitive a python= template")


def _lambda(value: FunctionType, tree: ast.AST, where: str) -> ast.FunctionDef:
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda) and _compiles_to(n, value.__code__)]
    if not found:
        raise ExportError(f"the source of {where} cannot be extracted; give the primitive a python= template")
    template = ast.parse("def f(): return None").body[0]
    assert isinstance(template, ast.FunctionDef)
    template.args = found[0].args
    template.body = [ast.Return(found[0].body)]
    return template


def _compiles_to(node: ast.Lambda, code: CodeType) -> bool:
    if code.co_freevars:
        return False  # compiled separately from its function, the same words give other instructions
    compiled = compile(ast.unparse(node), "", "eval").co_consts[0]
    return isinstance(compiled, CodeType) and (compiled.co_code, compiled.co_names) == (code.co_code, code.co_names)


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _mentioned(value: FunctionType | type, tree: ast.AST) -> Iterator[tuple[str, Any]]:
    """Names that the definition uses and that are neither its own nor builtins, with their values, in order of appearance."""
    words = dict.fromkeys(n.id for n in ast.walk(tree) if isinstance(n, ast.Name))
    if isinstance(value, type):
        space = vars(sys.modules[value.__module__])
        yield from ((word, space[word]) for word in words if word in space and space[word] is not value)
        return
    outer: dict[str, Any] = {}
    for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
        outer[name] = cell.cell_contents
    used = {n for code in _codes(value.__code__) for n in code.co_names}
    assert isinstance(tree, ast.FunctionDef)
    defaults = [d for d in (*tree.args.defaults, *tree.args.kw_defaults) if d is not None]
    used |= {n.id for d in defaults for n in ast.walk(d) if isinstance(n, ast.Name)}
    for word in words:
        if word in outer:
            yield word, outer[word]
        elif word in used and word in value.__globals__:
            yield word, value.__globals__[word]


class _Bare(ast.NodeTransformer):
    """Drops annotations."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.ClassDef:
        node.body = [n if isinstance(n, ast.AnnAssign) else self.visit(n) for n in node.body]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        self.generic_visit(node)
        return None if node.value is None else ast.copy_location(ast.Assign([node.target], node.value), node)


class _Rename(ast.NodeTransformer):
    """Replaces global names by their exported ones."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        new = self.names.get(node.id)
        # a reference into a builtin (str.upper) is dotted: parsed, not put in a Name
        return node if new is None else ast.copy_location(ast.parse(new, mode="eval").body, node)
