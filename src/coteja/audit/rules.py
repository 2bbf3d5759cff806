"""Rules that rewrite an expression or a statement into another that does the same, wherever they fit."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import libcst as cst
import libcst.matchers as m
from libcst.helpers import parse_template_expression, parse_template_statement

from coteja.audit.code import Draft, Facts

Rule = Callable[[cst.CSTNode, random.Random], "cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | None"]
Change = Callable[[Draft, Facts, random.Random], "Draft | None"]

#: NumPy functions whose result may be of single precision without harm.
DRAWN = m.OneOf(*(m.Name(n) for n in ("rand", "randn", "uniform", "normal", "zeros", "ones")))


#: Nothing is to be found in these, and they are two thirds of all nodes.
_SPACE = (
    cst.BaseParenthesizableWhitespace,
    cst.TrailingWhitespace,
    cst.EmptyLine,
    cst.BaseBinaryOp,
    cst.Comma,
)


class _Rewriter(cst.CSTTransformer):
    """Applies a rule at every place where it fits, or at some of them."""

    def __init__(self, rule: Rule, rng: random.Random) -> None:
        super().__init__()
        self.rule, self.rng, self.done = rule, rng, 0
        self.share = rng.choice((0.4, 1.0))

    def on_visit(self, node: cst.CSTNode) -> bool:
        return not isinstance(node, _SPACE) and super().on_visit(node)

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> Any:
        left = super().on_leave(original_node, updated_node)
        if not isinstance(left, cst.CSTNode):
            return left
        new = self.rule(left, self.rng)
        if new is None or self.rng.random() > self.share:
            return left
        self.done += 1
        return new


def by_rule(rule: Rule, sign: str = "", *, needs_numpy: bool = False) -> Change:
    """The rule at its places in all cells whose text has `sign` in it."""

    def change(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
        if needs_numpy and not facts.numpy:
            return None
        done = 0
        for i, cell, tree in list(draft.own()):
            if sign not in cell.source:
                continue
            rewriter = _Rewriter(rule, rng)
            new = tree.visit(rewriter)
            if rewriter.done:
                draft, done = draft.with_source(i, new.code), done + rewriter.done
        return draft if done else None

    return change


def expression(template: str, /, **parts: cst.BaseExpression) -> cst.BaseExpression:
    """`template`, in parentheses, with the nodes in place of its {names}."""
    nodes = {name: alone(node) for name, node in parts.items()}
    return parse_template_expression(f"({template})", **nodes)  # type: ignore[arg-type]  # its config is by keyword, too


def alone(node: cst.BaseExpression) -> cst.BaseExpression:
    """In parentheses, where it might need them: a template's own are lost with the name that they stand around."""
    simple = cst.Name | cst.Call | cst.Attribute | cst.Subscript | cst.Integer | cst.Float
    if isinstance(node, simple) or node.lpar:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def pure(node: cst.CSTNode) -> bool:
    """Whether it may be written twice: nothing in it is called but what only looks."""
    return not m.findall(node, m.Call() | m.NamedExpr() | m.Await() | m.Yield())


def matrix_products(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.BinaryOperation(operator=m.MatrixMultiply())):
        return None
    assert isinstance(node, cst.BinaryOperation)
    text = rng.choice(("np.dot({a}, {b})", "np.matmul({a}, {b})", "({a}).dot({b})"))
    return expression(text, a=node.left, b=node.right)


def dots(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    call = m.Call(
        func=m.Attribute(m.Name("np"), m.Name("dot") | m.Name("matmul")),
        args=[m.Arg(keyword=None), m.Arg(keyword=None)],
    )
    if not m.matches(node, call):
        return None
    assert isinstance(node, cst.Call)
    return expression("({a}) @ ({b})", a=node.args[0].value, b=node.args[1].value)


def squares(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.BinaryOperation(operator=m.Power(), right=m.Integer("2"))):
        return None
    assert isinstance(node, cst.BinaryOperation)
    texts = ["np.square({x})", "np.power({x}, 2)"] + (["({x}) * ({x})"] if pure(node.left) else [])
    return expression(rng.choice(texts), x=node.left)


def transposes(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.Attribute(attr=m.Name("T"))):
        return None
    assert isinstance(node, cst.Attribute)
    return expression(rng.choice(("np.transpose({x})", "({x}).transpose()")), x=node.value)


TEXT = m.SimpleString() | m.FormattedString() | m.ConcatenatedString() | m.List() | m.Tuple()


def commuted(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.BinaryOperation(operator=m.Multiply() | m.Add())):
        return None
    assert isinstance(node, cst.BinaryOperation)
    names = m.matches(node.left, m.Name()) and m.matches(node.right, m.Name())
    if m.findall(node, TEXT) or (names and m.matches(node.operator, m.Add())):
        return None
    text = "({b}) * ({a})" if m.matches(node.operator, m.Multiply()) else "({b}) + ({a})"
    return expression(text, a=node.left, b=node.right)


def inverse_factors(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    """x / m as x * (1 / m)."""
    if not m.matches(node, m.BinaryOperation(operator=m.Divide())):
        return None
    assert isinstance(node, cst.BinaryOperation)
    if m.matches(node.left, m.Integer("1")) or m.findall(node, TEXT):
        return None
    return expression("({a}) * (1 / ({b}))", a=node.left, b=node.right)


def means_as_sums(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(
        node, m.Call(func=m.Attribute(m.Name("np"), m.Name("mean")), args=[m.Arg(keyword=None)])
    ):
        return None
    assert isinstance(node, cst.Call)
    inner = node.args[0].value
    return expression("np.sum({x}) / np.size({x})", x=inner) if pure(inner) else None


def numpy_scalars(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    """float(x) left out, or as NumPy's."""
    if not m.matches(
        node,
        m.Call(func=m.Name("float"), args=[m.Arg(value=m.BinaryOperation() | m.UnaryOperation() | m.Call())]),
    ):
        return None
    assert isinstance(node, cst.Call)
    return expression(rng.choice(("{x}", "np.float64({x})", "np.asarray({x})")), x=node.args[0].value)


def single_precision(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    drawn = m.Call(func=m.Attribute(attr=DRAWN), args=[m.Arg(), m.ZeroOrMore()])
    in_numpy = m.Attribute(value=m.Name("np")) | m.Attribute(
        value=m.Attribute(m.Name("np"), m.Name("random"))
    )
    if not (m.matches(node, drawn) and m.matches(node, m.Call(func=in_numpy))):
        return None
    assert isinstance(node, cst.Call)
    return expression("np.float32({x})", x=node)


def returned_by_name(
    node: cst.CSTNode, rng: random.Random
) -> cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | None:
    """`return e` as `result = e; return result`."""
    if not m.matches(
        node, m.SimpleStatementLine(body=[m.Return(value=~m.Name() & ~m.MatchIfTrue(lambda v: v is None))])
    ):
        return None
    assert isinstance(node, cst.SimpleStatementLine)
    value = cst.ensure_type(node.body[0], cst.Return).value
    assert value is not None
    return cst.FlattenSentinel(
        [parse_template_statement("the_result = {x}", x=value), cst.parse_statement("return the_result")]
    )


def whiles(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | None:
    """`for i in range(n)` as a `while` that counts."""
    loop = m.For(target=m.Name(), iter=m.Call(func=m.Name("range"), args=[m.Arg(keyword=None)]), orelse=None)
    if not m.matches(node, loop) or m.findall(node, m.Continue()):
        return None
    assert isinstance(node, cst.For)
    target = cst.ensure_type(node.target, cst.Name)
    body = node.body
    if not isinstance(body, cst.IndentedBlock) or target.value == "_":
        return None
    # The counter is another name: what a loop leaves in its own is its last value, and its body may change it.
    count, step = "count_", parse_template_statement("{i} = count_", i=target)
    inner = body.with_changes(body=[step, cst.parse_statement("count_ += 1"), *body.body])
    if m.findall(body, m.Name(count)):
        return None
    last = cst.ensure_type(node.iter, cst.Call).args[0].value
    loop_ = cst.While(test=expression("count_ < ({n})", n=last), body=inner)
    return cst.FlattenSentinel([cst.parse_statement("count_ = 0"), loop_]) if pure(last) else None


def lambdas(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    """A function of one line as a lambda."""
    if (
        not isinstance(node, cst.FunctionDef)
        or node.decorators
        or not isinstance(node.body, cst.IndentedBlock)
    ):
        return None
    plain = all(p.annotation is None and p.default is None for p in node.params.params)
    only = node.body.body[0] if len(node.body.body) == 1 else None
    if (
        only is None
        or not plain
        or not m.matches(
            only, m.SimpleStatementLine(body=[m.Return(value=~m.MatchIfTrue(lambda v: v is None))])
        )
    ):
        return None
    value = cst.ensure_type(cst.ensure_type(only, cst.SimpleStatementLine).body[0], cst.Return).value
    assert value is not None
    names = ", ".join(p.name.value for p in node.params.params)
    return parse_template_statement(f"{node.name.value} = lambda {names}: ({{x}})", x=value)


def hints(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    """Type hints, and a docstring."""
    if not isinstance(node, cst.FunctionDef) or not isinstance(node.body, cst.IndentedBlock) or node.returns:
        return None
    note = cst.Annotation(cst.parse_expression(rng.choice(("object", "'np.ndarray'", "'float | list'"))))
    params = [p if p.annotation else p.with_changes(annotation=note) for p in node.params.params]
    body = [cst.parse_statement('"""What the lab asks for."""'), *node.body.body]
    return node.with_changes(
        params=node.params.with_changes(params=params), returns=note, body=node.body.with_changes(body=body)
    )


def explicit_x(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    """ax.plot(y, label=...) with an x of its own, another colour, or every axis named by ax.set."""
    plot = m.Call(
        func=m.Attribute(attr=m.Name("plot")),
        args=[m.Arg(keyword=None, value=m.Name()), m.ZeroOrMore(m.Arg(keyword=m.Name()))],
    )
    if m.matches(node, plot):
        assert isinstance(node, cst.Call)
        x = cst.Arg(parse_template_expression("np.arange(len({y}))", y=node.args[0].value))
        more = (
            []
            if any(m.matches(a, m.Arg(keyword=m.Name("linewidth"))) for a in node.args)
            else [
                cst.Arg(
                    keyword=cst.Name("linewidth"),
                    value=cst.Float("0.8"),
                    equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")),
                )
            ]
        )
        return node.with_changes(args=[x, *node.args, *more])
    named = m.Call(
        func=m.Attribute(attr=m.Name("set_xlabel") | m.Name("set_ylabel")), args=[m.Arg(keyword=None)]
    )
    if m.matches(node, named):
        assert isinstance(node, cst.Call)
        func = cst.ensure_type(node.func, cst.Attribute)
        return expression(
            f"{{ax}}.set({func.attr.value.removeprefix('set_')}={{text}})",
            ax=func.value,
            text=node.args[0].value,
        )
    return None


def figures_by_hand(
    node: cst.CSTNode, rng: random.Random
) -> cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | None:
    """`fig, ax = plt.subplots()` in two steps."""
    made = m.Assign(
        targets=[m.AssignTarget(m.Tuple([m.Element(m.Name()), m.Element(m.Name())]))],
        value=m.Call(func=m.Attribute(m.Name("plt"), m.Name("subplots")), args=[]),
    )
    if not m.matches(node, m.SimpleStatementLine(body=[made])):
        return None
    assert isinstance(node, cst.SimpleStatementLine)
    both = cst.ensure_type(cst.ensure_type(node.body[0], cst.Assign).targets[0].target, cst.Tuple).elements
    fig, ax = both[0].value, both[1].value
    return cst.FlattenSentinel(
        [
            parse_template_statement("{fig} = plt.figure()", fig=fig),
            parse_template_statement("{ax} = {fig}.add_subplot()", ax=ax, fig=fig),
            parse_template_statement("{ax}.set_title('mi figura')", ax=ax),
            parse_template_statement("{ax}.grid(True)", ax=ax),
        ]
    )
