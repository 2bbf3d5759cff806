"""The mistakes that one node of the code can be given: each operator yields what to put in its place."""

from __future__ import annotations

import ast
import difflib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst
import libcst.matchers as m

from coteja.audit.code import uses
from coteja.audit.rules import alone, expression

_LOOKS = m.OneOf(*(m.Name(n) for n in ("figsize", "s", "color", "linewidth", "verbose", "alpha")))
UNSEEN = m.Expr(m.Call(func=m.Name("print"))) | m.Arg(keyword=_LOOKS)
_ZERO = cst.Integer("0")
_TWIN = {
    "sum": "mean",
    "mean": "sum",
    "tanh": "sin",
    "log": "log10",
    "exp": "exp2",
    "abs": "negative",
    "sign": "abs",
    "min": "max",
    "max": "min",
    "argmin": "argmax",
    "argmax": "argmin",
    "randn": "rand",
    "uniform": "normal",
    "zeros": "ones",
    "dot": "multiply",
}
_INITIAL = {"randn", "uniform", "zeros"}


Replacement = tuple[str, cst.CSTNode]


@dataclass(frozen=True)
class Around:
    """What stands around a node."""

    parents: Mapping[cst.CSTNode, cst.CSTNode]
    names: list[str]

    def parent(self, node: cst.CSTNode | None) -> cst.CSTNode | None:
        return self.parents.get(node) if node is not None else None

    def function(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        at: cst.CSTNode | None = node
        while at is not None and not isinstance(at, cst.FunctionDef):
            at = self.parent(at)
        return at

    def scope(self, node: cst.CSTNode) -> list[str]:
        """The variables that could stand here."""
        function = self.function(node)
        if function is None:
            return self.names
        own = [p.name.value for p in function.params.params]
        own += [
            cst.ensure_type(n, cst.Name).value
            for a in m.findall(function, m.AssignTarget())
            for n in m.findall(a, m.Name())
            if isinstance(a, cst.AssignTarget)
        ]
        return list(dict.fromkeys(own))


def expressions(node: cst.CSTNode, around: Around) -> Iterator[Replacement]:
    match node:
        case cst.BinaryOperation():
            yield from _operations(node)
        case cst.UnaryOperation(operator=cst.Minus()):
            yield "sign", alone(node.expression)
        case cst.Attribute(attr=cst.Name("T")):
            yield "transpose", node.value
        case cst.Call():
            yield from _calls(node)
        case cst.Integer() | cst.Float():
            yield from _numbers(node, around)
        case cst.Subscript():
            yield from _subscripts(node)
        case cst.Comparison():
            yield from _comparisons(node)
        case cst.Name("True" | "False"):
            yield "truth", cst.Name("False" if node.value == "True" else "True")
        case cst.SimpleString():
            yield from _texts(node, around)
        case cst.Name():
            yield from _names(node, around)
        case cst.Dict():
            yield from _exchanged_values(node)
        case cst.Tuple() if len(node.elements) == 2 and isinstance(around.parent(node), cst.Return):
            a, b = node.elements
            yield (
                "order",
                node.with_changes(elements=[a.with_changes(value=b.value), b.with_changes(value=a.value)]),
            )
        case _:
            return


_OTHER_SIGN = {cst.Add: cst.Subtract, cst.Subtract: cst.Add}


def _operations(node: cst.BinaryOperation) -> Iterator[Replacement]:
    left, right, kind = alone(node.left), alone(node.right), type(node.operator)
    if m.matches(node.left, m.SimpleString()) or m.matches(node.right, m.SimpleString()):
        return
    if kind in _OTHER_SIGN:
        spaced = _OTHER_SIGN[kind]()
        yield "sign", node.with_changes(operator=spaced)
        yield "term", left
        yield "term", right
    elif kind is cst.Multiply:
        yield "term", left
        yield "term", right
    elif kind is cst.Divide:
        yield "scale", left
        yield "scale", node.with_changes(operator=cst.Multiply())
        yield "scale", expression("({a}) / ({b} - 1)", a=left, b=right)
    elif kind is cst.MatrixMultiply:
        yield "matrix", node.with_changes(left=right, right=left)
        yield "matrix", node.with_changes(operator=cst.Multiply())
    elif kind is cst.Power and m.matches(node.right, m.Integer("2")):
        yield "power", left
        yield "power", node.with_changes(right=cst.Integer("3"))


def _calls(node: cst.Call) -> Iterator[Replacement]:
    name = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    known = name.value if isinstance(name, cst.Name) else ""
    if known in _TWIN and (isinstance(node.func, cst.Attribute) or known in ("min", "max")):
        operator = "initial" if known in _INITIAL else "reduction" if known in ("sum", "mean") else "function"
        yield operator, node.with_deep_changes(name, value=_TWIN[known])
        if known in ("tanh", "exp", "abs", "sign", "log") and node.args:
            yield "function", alone(node.args[0].value)
    if known in _INITIAL - {"zeros"}:
        yield "initial", expression("0 * {x}", x=node)
        yield "dtype", expression("({x}).astype(int)", x=node)
    if known == "zeros":
        yield "initial", expression("{x} + 0.01", x=node)
    if known == "float":
        yield "dtype", node.with_changes(func=cst.Name("int"))
    if known == "astype":
        yield "dtype", cst.ensure_type(node.func, cst.Attribute).value
    if known == "range" and len(node.args) == 1:
        count = node.args[0].value
        yield "range", node.with_changes(args=[cst.Arg(expression("{n} - 1", n=count))])
        yield "range", node.with_changes(args=[cst.Arg(expression("{n} + 1", n=count))])
        yield "range", node.with_changes(args=[cst.Arg(expression("{n} // 10", n=count))])
    yield from _arguments(node)


def _arguments(node: cst.Call) -> Iterator[Replacement]:
    # uniform(b, a) draws what uniform(a, b) does.
    turns = not m.matches(node.func, m.Attribute(attr=m.Name("uniform")))
    for i, arg in enumerate(node.args):
        keyword = arg.keyword.value if arg.keyword else ""
        without = [a for j, a in enumerate(node.args) if j != i]
        if keyword == "keepdims":
            yield "keepdims", node.with_changes(args=_tidy(without))
        if keyword == "axis":
            yield "axis", node.with_changes(args=_tidy(without))
            other = cst.Integer("0" if m.matches(arg.value, m.Integer("1")) else "1")
            yield "axis", node.with_changes(args=_with(node.args, i, other))
        if turns and not keyword and i + 1 < len(node.args) and node.args[i + 1].keyword is None:
            a, b = arg.value, node.args[i + 1].value
            if not a.deep_equals(b):
                yield "order", node.with_changes(args=_with(_with(node.args, i, b), i + 1, a))


def _tidy(args: list[cst.Arg]) -> list[cst.Arg]:
    return [*args[:-1], args[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)] if args else []


def _with(args: Sequence[cst.Arg], i: int, value: cst.BaseExpression) -> list[cst.Arg]:
    return [a.with_changes(value=value) if j == i else a for j, a in enumerate(args)]


def _numbers(node: cst.Integer | cst.Float, around: Around) -> Iterator[Replacement]:
    parent = around.parent(node)
    if isinstance(parent, cst.Index) or (
        isinstance(parent, cst.Arg) and parent.keyword and parent.keyword.value == "axis"
    ):
        return  # by their own operators
    value = ast.literal_eval(node.value)
    if isinstance(value, int):
        others = [value + 1] if value < 10 else [value * 10, value // 10, value + 1]
    else:
        others = [value * 10, value / 10]
    for other in others:
        yield "number", cst.parse_expression(repr(other))


def _subscripts(node: cst.Subscript) -> Iterator[Replacement]:
    for element in node.slice:
        inner = element.slice
        if isinstance(inner, cst.Index):
            text = cst.Module([]).code_for_node(inner.value)
            if text.lstrip("-").isdigit():
                for other in {str(int(text) + 1), "0" if text != "0" else "-1"} - {text}:
                    new = element.with_changes(slice=inner.with_changes(value=cst.parse_expression(other)))
                    yield "index", node.deep_replace(element, new)
        elif isinstance(inner, cst.Slice) and (inner.lower or inner.upper) and inner.step is None:
            turned = inner.with_changes(lower=inner.upper, upper=inner.lower)
            yield "index", node.deep_replace(inner, turned)


_TURNED: dict[type[cst.BaseCompOp], cst.BaseCompOp] = {
    cst.GreaterThan: cst.LessThan(),
    cst.LessThan: cst.GreaterThan(),
    cst.GreaterThanEqual: cst.LessThanEqual(),
    cst.LessThanEqual: cst.GreaterThanEqual(),
    cst.Equal: cst.NotEqual(),
    cst.NotEqual: cst.Equal(),
}


def _comparisons(node: cst.Comparison) -> Iterator[Replacement]:
    first = node.comparisons[0]
    if type(first.operator) in _TURNED:
        yield "comparison", node.deep_replace(first.operator, _TURNED[type(first.operator)])


def _texts(node: cst.SimpleString, around: Around) -> Iterator[Replacement]:
    parent = around.parent(node)
    if isinstance(parent, cst.Arg):
        keyword = parent.keyword.value if parent.keyword else ""
        call = around.parent(parent)
        named = isinstance(call, cst.Call) and m.matches(
            call.func, m.Attribute(attr=m.Name("set_xlabel") | m.Name("set_ylabel"))
        )
        if keyword == "label" or named:
            yield "missing label", cst.SimpleString("''")
        elif not keyword and isinstance(call, cst.Call) and not m.matches(call.func, m.Attribute()):
            yield "text", cst.SimpleString("'another'")
    elif isinstance(parent, cst.DictElement) and parent.value is node:
        values = [e.value for e in cst.ensure_type(around.parent(parent), cst.Dict).elements]
        others = [v for v in values if isinstance(v, cst.SimpleString) and v.value != node.value]
        yield "text", others[0] if others else cst.SimpleString("'another'")
    elif isinstance(parent, cst.Assign):
        yield "text", cst.SimpleString("'another'")


def _names(node: cst.Name, around: Around) -> Iterator[Replacement]:
    """Where a variable is read, the one of the same scope whose name is most like its own."""
    parent = around.parent(node)
    read = isinstance(
        parent,
        cst.BinaryOperation
        | cst.UnaryOperation
        | cst.Arg
        | cst.Return
        | cst.Attribute
        | cst.Subscript
        | cst.Element
        | cst.DictElement,
    )
    if (
        not read
        or (isinstance(parent, cst.Attribute) and parent.attr is node)
        or (isinstance(parent, cst.Arg) and parent.keyword is node)
    ):
        return
    if isinstance(around.parent(parent), cst.AssignTarget | cst.Tuple) and isinstance(
        around.parent(around.parent(parent) or parent), cst.AssignTarget
    ):
        return
    scope = around.scope(node)
    others = [n for n in scope if n != node.value]
    if node.value not in scope or not others:
        return
    best = max(others, key=lambda n: (difflib.SequenceMatcher(None, n, node.value).ratio(), n))
    alike = difflib.SequenceMatcher(None, best, node.value).ratio()
    if alike >= 0.5 or max(len(best), len(node.value)) <= 2:
        yield "name", node.with_changes(value=best)


def _exchanged_values(node: cst.Dict) -> Iterator[Replacement]:
    for i, (a, b) in enumerate(itertools.pairwise(node.elements)):
        if (
            isinstance(a, cst.DictElement)
            and isinstance(b, cst.DictElement)
            and not a.value.deep_equals(b.value)
        ):
            swapped = list(node.elements)
            swapped[i], swapped[i + 1] = a.with_changes(value=b.value), b.with_changes(value=a.value)
            yield "order", node.with_changes(elements=swapped)


# ------------------------------------------------------------------------------------------------- statements


def statements(node: cst.CSTNode) -> Iterator[Replacement]:
    if isinstance(node, cst.Module | cst.IndentedBlock):
        yield from _bodies(node)
    if isinstance(node, cst.Assign) and not isinstance(
        node.value, cst.Dict | cst.Name | cst.SimpleString | cst.Lambda
    ):
        first = node.targets[0].target
        if isinstance(first, cst.Name):
            yield "hard-coded", node.with_changes(value=_ZERO)
    if isinstance(node, cst.Return) and node.value is not None and not isinstance(node.value, cst.Tuple):
        yield "hard-coded", node.with_changes(value=_ZERO)
    if isinstance(node, cst.AugAssign) and isinstance(node.operator, cst.AddAssign | cst.SubtractAssign):
        other = cst.SubtractAssign() if isinstance(node.operator, cst.AddAssign) else cst.AddAssign()
        yield "sign", node.with_changes(operator=other)


def _bodies(node: cst.Module | cst.IndentedBlock) -> Iterator[Replacement]:
    body: list[cst.BaseStatement] = list(node.body)
    for i, line in enumerate(body):
        if isinstance(line, cst.SimpleStatementLine) and not _only_shows(line):
            rest = [*body[:i], *body[i + 1 :]]
            yield "deleted", node.with_changes(body=rest or [cst.parse_statement("pass")])
            if _updates(line):
                yield "twice", node.with_changes(body=[*body[: i + 1], line, *body[i + 1 :]])
            if i + 1 < len(body) and _depends(body[i + 1], line):
                swapped = [*body[:i], body[i + 1], line, *body[i + 2 :]]
                yield "order", node.with_changes(body=swapped)
    yield from _exchanged_labels(node, body)


def _depends(after: cst.BaseStatement, before: cst.BaseStatement) -> bool:
    """Whether exchanging two neighbours could matter."""
    if not isinstance(after, cst.SimpleStatementLine):
        return False
    (read_a, written_a), (read_b, written_b) = (
        uses(cst.Module(body=[line]).code)
        for line in (cst.ensure_type(before, cst.SimpleStatementLine), after)
    )
    return bool(written_a & (read_b | written_b) or written_b & read_a)


def _only_shows(line: cst.SimpleStatementLine) -> bool:
    """Prints, imports and texts, whose loss is no mistake."""
    return m.matches(
        line,
        m.SimpleStatementLine(
            body=[
                m.Import()
                | m.ImportFrom()
                | m.Pass()
                | m.Expr(m.SimpleString())
                | m.Expr(m.Call(func=m.Name("print")))
            ]
        ),
    )


def _updates(line: cst.SimpleStatementLine) -> bool:
    small = line.body[0]
    if isinstance(small, cst.AugAssign):
        return True
    if m.matches(small, m.Expr(m.Call(func=m.Attribute(attr=m.Name("append"))))):
        return True
    if not isinstance(small, cst.Assign):
        return False
    names = {n.value for t in small.targets for n in m.findall(t, m.Name()) if isinstance(n, cst.Name)}
    read = {n.value for n in m.findall(small.value, m.Name()) if isinstance(n, cst.Name)}
    return bool(names & read)


def _exchanged_labels(
    node: cst.Module | cst.IndentedBlock, body: Iterable[cst.BaseStatement]
) -> Iterator[Replacement]:
    texts = [
        cst.ensure_type(arg, cst.Arg).value
        for line in body
        if isinstance(line, cst.SimpleStatementLine)
        for arg in m.findall(line, m.Arg(keyword=m.Name("label"), value=m.SimpleString()))
    ]
    for a, b in itertools.pairwise(texts):
        yield "label", cst.ensure_type(node.visit(_Exchange(a, b)), type(node))


class _Exchange(cst.CSTTransformer):
    """Two nodes in each other's place."""

    def __init__(self, a: cst.BaseExpression, b: cst.BaseExpression) -> None:
        super().__init__()
        self.a, self.b = a, b

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Any:
        return self.b if original_node is self.a else self.a if original_node is self.b else updated_node
