"""Correct variants: the same work as other honest students would write it. Each must get every point.

A variant is a right notebook with some changes that keep what it computes, drawn and composed from a seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst
import libcst.matchers as m
from libcst.helpers import parse_template_expression, parse_template_statement

from coteja.audit.code import Cell, Draft, Facts, names_in, uses

Rule = Callable[[cst.CSTNode, random.Random], "cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | None"]
Change = Callable[[Draft, Facts, random.Random], "Draft | None"]

#: NumPy functions whose result may be of single precision without harm.
_DRAWN = m.OneOf(*(m.Name(n) for n in ("rand", "randn", "uniform", "normal", "zeros", "ones")))
_MATRIX_PRODUCT = '''def product_by_columns(a, b):
    """a @ b, one column at a time."""
    a, b = np.asarray(a), np.asarray(b)
    if a.ndim != 2 or b.ndim != 2:
        return a @ b
    columns = []
    for j in range(b.shape[1]):
        columns.append(np.dot(a, b[:, j]))
    return np.array(columns).T
'''
_SCRATCH = (
    "print('hola')",
    "import sys\nprint('aviso: nada', file=sys.stderr)",
    "import warnings\nwarnings.warn('this is only a warning')",
    "import this_package_is_not_there",
    "1 / 0",
    "%matplotlib inline",
    "%config InlineBackend.figure_format = 'png'",
    "# nada por aquí",
    "",
    "try:\n    help_me\nexcept NameError:\n    pass",
    "my_notes = {'date': '2024-02-29', 'mood': ['good', 1.5]}\nmy_notes",
    "from collections import Counter\nCounter('abracadabra')",
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A changed notebook: from which base, and by which changes."""

    name: str
    base: str
    changes: tuple[str, ...]
    original: Draft
    draft: Draft


class _Rewriter(cst.CSTTransformer):
    """Applies a rule at every place where it fits, or at some of them."""

    def __init__(self, rule: Rule, rng: random.Random) -> None:
        super().__init__()
        self.rule, self.rng, self.done = rule, rng, 0
        self.share = rng.choice((0.4, 1.0))

    def on_leave(self, original_node: cst.CSTNode, updated_node: cst.CSTNode) -> cst.CSTNode:  # type: ignore[override]
        left = super().on_leave(original_node, updated_node)
        if not isinstance(left, cst.CSTNode):
            return left
        new = self.rule(left, self.rng)
        if new is None or self.rng.random() > self.share:
            return left
        self.done += 1
        return new  # type: ignore[return-value]


def _by_rule(rule: Rule, sign: str = "", *, needs_numpy: bool = False) -> Change:
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


def _expression(template: str, /, **parts: cst.BaseExpression) -> cst.BaseExpression:
    return parse_template_expression(f"({template})", **parts)


def _pure(node: cst.CSTNode) -> bool:
    """Whether it may be written twice: nothing in it is called but what only looks."""
    return not m.findall(node, m.Call() | m.NamedExpr() | m.Await() | m.Yield())


# ------------------------------------------------------------------------------------- expressions and statements


def matrix_products(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.BinaryOperation(operator=m.MatrixMultiply())):
        return None
    assert isinstance(node, cst.BinaryOperation)
    text = rng.choice(("np.dot({a}, {b})", "np.matmul({a}, {b})", "({a}).dot({b})"))
    return _expression(text, a=node.left, b=node.right)


def dots(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    call = m.Call(func=m.Attribute(m.Name("np"), m.Name("dot") | m.Name("matmul")), args=[m.Arg(keyword=None), m.Arg(keyword=None)])
    if not m.matches(node, call):
        return None
    assert isinstance(node, cst.Call)
    return _expression("({a}) @ ({b})", a=node.args[0].value, b=node.args[1].value)


def squares(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.BinaryOperation(operator=m.Power(), right=m.Integer("2"))):
        return None
    assert isinstance(node, cst.BinaryOperation)
    texts = ["np.square({x})", "np.power({x}, 2)"] + (["({x}) * ({x})"] if _pure(node.left) else [])
    return _expression(rng.choice(texts), x=node.left)


def transposes(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.Attribute(attr=m.Name("T"))):
        return None
    assert isinstance(node, cst.Attribute)
    return _expression(rng.choice(("np.transpose({x})", "({x}).transpose()")), x=node.value)


_TEXT = m.SimpleString() | m.FormattedString() | m.ConcatenatedString() | m.List() | m.Tuple()


def commuted(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.BinaryOperation(operator=m.Multiply() | m.Add())):
        return None
    assert isinstance(node, cst.BinaryOperation)
    names = m.matches(node.left, m.Name()) and m.matches(node.right, m.Name())
    if m.findall(node, _TEXT) or (names and m.matches(node.operator, m.Add())):
        return None
    text = "({b}) * ({a})" if m.matches(node.operator, m.Multiply()) else "({b}) + ({a})"
    return _expression(text, a=node.left, b=node.right)


def inverse_factors(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    """x / m as x * (1 / m)."""
    if not m.matches(node, m.BinaryOperation(operator=m.Divide())):
        return None
    assert isinstance(node, cst.BinaryOperation)
    if m.matches(node.left, m.Integer("1")) or m.findall(node, _TEXT):
        return None
    return _expression("({a}) * (1 / ({b}))", a=node.left, b=node.right)


def means_as_sums(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    if not m.matches(node, m.Call(func=m.Attribute(m.Name("np"), m.Name("mean")), args=[m.Arg(keyword=None)])):
        return None
    assert isinstance(node, cst.Call)
    inner = node.args[0].value
    return _expression("np.sum({x}) / np.size({x})", x=inner) if _pure(inner) else None


def numpy_scalars(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    """float(x) left out, or as NumPy's."""
    if not m.matches(node, m.Call(func=m.Name("float"), args=[m.Arg(value=m.BinaryOperation() | m.UnaryOperation() | m.Call())])):
        return None
    assert isinstance(node, cst.Call)
    return _expression(rng.choice(("{x}", "np.float64({x})", "np.asarray({x})")), x=node.args[0].value)


def single_precision(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    drawn = m.Call(func=m.Attribute(attr=_DRAWN), args=[m.Arg(), m.ZeroOrMore()])
    in_numpy = m.Attribute(value=m.Name("np")) | m.Attribute(value=m.Attribute(m.Name("np"), m.Name("random")))
    if not (m.matches(node, drawn) and m.matches(node, m.Call(func=in_numpy))):
        return None
    assert isinstance(node, cst.Call)
    return _expression("np.float32({x})", x=node)


def returned_by_name(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | None:
    """`return e` as `result = e; return result`."""
    if not m.matches(node, m.SimpleStatementLine(body=[m.Return(value=~m.Name() & ~m.MatchIfTrue(lambda v: v is None))])):
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
    loop_ = cst.While(test=_expression("count_ < ({n})", n=last), body=inner)
    return cst.FlattenSentinel([cst.parse_statement("count_ = 0"), loop_]) if _pure(last) else None


def lambdas(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
    """A function of one line as a lambda."""
    if not isinstance(node, cst.FunctionDef) or node.decorators or not isinstance(node.body, cst.IndentedBlock):
        return None
    plain = all(p.annotation is None and p.default is None for p in node.params.params)
    only = node.body.body[0] if len(node.body.body) == 1 else None
    if not plain or not m.matches(only, m.SimpleStatementLine(body=[m.Return(value=~m.MatchIfTrue(lambda v: v is None))])):
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
    plot = m.Call(func=m.Attribute(attr=m.Name("plot")), args=[m.Arg(keyword=None, value=m.Name()), m.ZeroOrMore(m.Arg(keyword=m.Name()))])
    if m.matches(node, plot):
        assert isinstance(node, cst.Call)
        x = cst.Arg(parse_template_expression("np.arange(len({y}))", y=node.args[0].value))
        more = [] if any(m.matches(a, m.Arg(keyword=m.Name("linewidth"))) for a in node.args) else [cst.Arg(keyword=cst.Name("linewidth"), value=cst.Float("0.8"), equal=cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace("")))]
        return node.with_changes(args=[x, *node.args, *more])
    named = m.Call(func=m.Attribute(attr=m.Name("set_xlabel") | m.Name("set_ylabel")), args=[m.Arg(keyword=None)])
    if m.matches(node, named):
        assert isinstance(node, cst.Call)
        func = cst.ensure_type(node.func, cst.Attribute)
        return _expression(f"{{ax}}.set({func.attr.value.removeprefix('set_')}={{text}})", ax=func.value, text=node.args[0].value)
    return None


def figures_by_hand(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | cst.FlattenSentinel[cst.CSTNode] | None:
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


# ---------------------------------------------------------------------------------------- functions and names


def keywords(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Arguments by keyword, in calls of the notebook's own functions."""
    known = _signatures(draft)

    def rule(node: cst.CSTNode, rng: random.Random) -> cst.CSTNode | None:
        if not m.matches(node, m.Call(func=m.Name())):
            return None
        assert isinstance(node, cst.Call)
        names = known.get(cst.ensure_type(node.func, cst.Name).value)
        by_place = [a for a in node.args if a.keyword is None]
        if not names or not by_place or any(a.star for a in node.args) or len(by_place) > len(names):
            return None
        begin = rng.randrange(len(by_place))
        bare = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
        args = [
            a if a.keyword or i < begin else a.with_changes(keyword=cst.Name(names[i]), equal=bare)
            for i, a in enumerate(node.args)
        ]
        return node.with_changes(args=args)

    return _by_rule(rule)(draft, facts, rng)


def _signatures(draft: Draft) -> dict[str, list[str]]:
    """The positional parameters of the notebook's own top-level functions that are defined once."""
    found: dict[str, list[list[str]]] = {}
    for _i, _cell, tree in draft.own():
        for node in m.findall(tree, m.FunctionDef()):
            assert isinstance(node, cst.FunctionDef)
            found.setdefault(node.name.value, []).append([p.name.value for p in node.params.params])
    # What is also bound as a variable or passed on (`loss=loss_function`) may be called under other names: harmless.
    return {name: params[0] for name, params in found.items() if len(params) == 1}


def renamed(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Helper functions, local and loop variables under other names, everywhere at once."""
    bound, keyword_names, mentioned = set(), set(), set()
    for _i, cell, tree in draft.own():
        bound |= uses(cell.source)[1]
        mentioned |= names_in(cell.source)
        for node in m.findall(tree, m.Arg(keyword=m.Name())):
            assert isinstance(node, cst.Arg)
            keyword_names.add(cst.ensure_type(node.keyword, cst.Name).value)
        for node in m.findall(tree, m.Param()):
            assert isinstance(node, cst.Param)
            mentioned.add(node.name.value)
        if m.findall(tree, m.ClassDef()):
            return None  # a method's name is also an attribute's
    unread = {c.source for c in draft.cells if c.own and c.cell_type == "code" and c.tree() is None}
    free = sorted(bound - keyword_names - facts.kept - {n for s in unread for n in re.findall(r"\w+", s)})
    if not free:
        return None
    chosen = rng.sample(free, rng.randint(1, len(free)))
    styles = (lambda n: f"{n}_", lambda n: f"my_{n}", lambda n: f"{n}2", lambda n: f"mi_{n}_ñ", lambda n: n.upper() + "_")
    style = rng.choice(styles)
    new = {name: style(name) for name in chosen}
    if set(new.values()) & (mentioned | bound | facts.kept):
        return None
    for i, _cell, tree in list(draft.own()):
        draft = draft.with_source(i, tree.visit(_Renamer(new)).code)
    return draft


class _Renamer(cst.CSTTransformer):
    """Renames variables; attributes and keywords of calls keep their names."""

    def __init__(self, new: dict[str, str]) -> None:
        super().__init__()
        self.new = new

    def visit_Attribute_attr(self, node: cst.Attribute) -> None:  # noqa: N802
        self.skipped = node.attr

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:  # noqa: N802
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:  # noqa: N802
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:  # noqa: N802
        return updated_node.with_changes(value=self.new.get(updated_node.value, updated_node.value))


def augmented(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """`x = x + y` as `x += y` where x is a function's own fresh array or number; the other way around anywhere."""

    class _Both(cst.CSTTransformer):
        done = 0
        fresh: set[str] = set()

        def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
            made = m.Call(func=m.Attribute(attr=_DRAWN)) | m.Float()
            self.fresh = {
                cst.ensure_type(a.targets[0].target, cst.Name).value
                for a in m.findall(node, m.Assign(targets=[m.AssignTarget(m.Name())], value=made))
                if isinstance(a, cst.Assign)
            }

        def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
            self.fresh = set()
            return updated_node

        def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.BaseSmallStatement:  # noqa: N802
            value, target = updated_node.value, updated_node.targets[0].target
            fits = isinstance(value, cst.BinaryOperation) and isinstance(target, cst.Name) and target.value in self.fresh
            if not fits or len(updated_node.targets) != 1 or not value.left.deep_equals(target):
                return updated_node
            operator = {cst.Add: cst.AddAssign, cst.Subtract: cst.SubtractAssign}.get(type(value.operator))
            if operator is None:
                return updated_node
            self.done += 1
            return cst.AugAssign(target=target, operator=operator(), value=value.right)

        def leave_AugAssign(self, original_node: cst.AugAssign, updated_node: cst.AugAssign) -> cst.BaseSmallStatement:  # noqa: N802
            operator = {cst.AddAssign: cst.Add, cst.SubtractAssign: cst.Subtract}.get(type(updated_node.operator))
            if operator is None or m.findall(updated_node.value, _TEXT) or not isinstance(updated_node.target, cst.Name):
                return updated_node
            if updated_node.target.value in self.fresh:
                return updated_node
            self.done += 1
            value = _expression("{a} + ({b})" if operator is cst.Add else "{a} - ({b})", a=updated_node.target, b=updated_node.value)
            return cst.Assign(targets=[cst.AssignTarget(updated_node.target)], value=value)

    done = 0
    for i, _cell, tree in list(draft.own()):
        both = _Both()
        new = tree.visit(both)
        if both.done:
            draft, done = draft.with_source(i, new.code), done + both.done
    return draft if done else None


def by_columns(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """One product of matrices by a loop over columns."""
    places = [
        (i, tree, node)
        for i, _cell, tree in draft.own()
        for node in m.findall(tree, m.BinaryOperation(operator=m.MatrixMultiply()))
    ]
    if not places or not facts.numpy or "product_by_columns" in draft.text():
        return None
    i, tree, node = rng.choice(places)
    assert isinstance(node, cst.BinaryOperation)
    new = tree.deep_replace(node, _expression("product_by_columns({a}, {b})", a=node.left, b=node.right))
    assert isinstance(new, cst.Module)
    first = min(j for j, _c, _t in draft.own())
    return draft.with_source(i, new.code).with_cell(first, Cell(_MATRIX_PRODUCT))


# ------------------------------------------------------------------------------------------------ whole cells


def _definitions(tree: cst.Module) -> list[cst.FunctionDef]:
    return [node for node in tree.body if isinstance(node, cst.FunctionDef)]


def split_cells(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """A cell in two, between two of its statements."""
    places = [(i, cell, tree) for i, cell, tree in draft.own() if len(tree.body) > 1]
    if not places:
        return None
    i, cell, tree = rng.choice(places)
    at = rng.randrange(1, len(tree.body))
    first = tree.with_changes(body=tree.body[:at], footer=[]).code
    rest = cst.Module(body=tree.body[at:]).code
    return draft.with_source(i, first).with_cell(i + 1, Cell(rest, question=cell.question))


def functions_first(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Every function of the notebook in one cell, before the first of its own cells."""
    moved: list[str] = []
    seen: set[str] = set()
    own = list(draft.own())
    for i, _cell, tree in own:
        functions = _definitions(tree)
        names = {f.name.value for f in functions}
        # Defined twice, or with a default that the notebook computes: the order matters.
        computed = any(m.findall(f.params, m.Call()) for f in functions)
        if not functions or names & seen or computed:
            continue
        seen |= names
        rest = [node for node in tree.body if not isinstance(node, cst.FunctionDef)]
        moved.append(cst.Module(body=functions).code)
        header = "\n".join(line for line in tree.code.splitlines()[:1] if line.startswith("# ["))
        body = cst.Module(body=rest).code if rest else "pass\n"
        draft = draft.with_source(i, f"{header}\n{body}" if header else body)
    if not moved:
        return None
    return draft.with_cell(own[0][0], Cell("\n\n".join(moved)))


def swapped_cells(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Two neighbouring answer cells the other way around, where neither needs the other."""
    own = [(i, cell) for i, cell, _tree in draft.own()]
    pairs = []
    for (i, a), (j, b) in zip(own, own[1:], strict=False):
        (read_a, written_a), (read_b, written_b) = uses(a.source), uses(b.source)
        # Both draw random numbers, or both draw figures: then the order is the experiment's.
        shared = {"np", "plt", "random", "time", "tf", "keras"} & read_a & read_b
        apart = not (written_a & (read_b | written_b)) and not (written_b & read_a)
        if a.question == b.question and apart and not shared:
            pairs.append((i, j))
    if not pairs:
        return None
    i, j = rng.choice(pairs)
    cells = list(draft.cells)
    cells[i], cells[j] = cells[j], cells[i]
    return replace(draft, cells=tuple(cells))


def a_class(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """The functions of a cell as static methods of a class, and their names bound to them."""
    places = [(i, tree) for i, _cell, tree in draft.own() if _definitions(tree) and not m.findall(tree, m.ClassDef())]
    if not places:
        return None
    i, tree = rng.choice(places)
    functions = _definitions(tree)
    static = cst.Decorator(cst.Name("staticmethod"))
    methods = [f.with_changes(decorators=[static, *f.decorators]) for f in functions]
    holder = cst.ClassDef(name=cst.Name("MiRed"), body=cst.IndentedBlock(body=methods))
    bound = [cst.parse_statement(f"{f.name.value} = MiRed.{f.name.value}") for f in functions]
    last = max(k for k, node in enumerate(tree.body) if isinstance(node, cst.FunctionDef))
    before = [n for n in tree.body[: last + 1] if not isinstance(n, cst.FunctionDef)]
    body = [*before, holder, *bound, *tree.body[last + 1 :]]
    return draft.with_source(i, tree.with_changes(body=body).code)


def scratch_cells(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Cells of the student's own: notes, a warning on stderr, a trial that failed."""
    for _n in range(rng.randint(1, 3)):
        at = rng.randrange(1, len(draft.cells) + 1)
        question = draft.cells[at - 1].question
        if rng.random() < 0.2:
            new = Cell("**Nota:** revisar esto después.", cell_type="markdown", question=question)
        else:
            new = Cell(rng.choice(_SCRATCH), question=question)
        draft = draft.with_cell(at, new)
    return draft


def prints(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """More output than was asked for, and the figures shown."""
    own = list(draft.own())
    chosen = [place for place in own if rng.random() < 0.5] or own[:1]
    for i, cell, tree in chosen:
        written = sorted(n for n in uses(cell.source)[1] if cell.source.startswith(n) or f"\n{n} =" in cell.source)
        lines = [f"print(type({rng.choice(written)}))"] if written else ["print('listo')"]
        lines += ["plt.show()"] if facts.pyplot and "plt." in cell.source else []
        draft = draft.with_source(i, tree.code.rstrip("\n") + "\n" + "\n".join(lines) + "\n")
    return draft if chosen else None


_RESHAPED = {
    "array": (
        "np.ravel({0})",
        "np.ravel({0}).tolist()",
        "np.reshape({0}, (1, -1))",
        "np.reshape({0}, (-1, 1))",
        "list(np.ravel({0}))",
        "np.asarray({0}).T",
    ),
    "curve": (
        "np.array({0})",
        "np.reshape({0}, (-1, 1))",
        "tuple({0})",
        "[np.array([v]) for v in np.ravel({0})]",
        "[float(v) for v in np.ravel({0})]",
    ),
    "number": ("np.float64({0})", "np.array([{0}]).reshape(-1)", "[float(np.ravel({0})[0])]", "float(np.ravel({0})[0])"),
}


def containers(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """Results as lists, rows for columns, (2,) for (2, 1): those that no later cell reads, and that are one column."""
    if not facts.numpy:
        return None
    own = list(draft.own())
    places = []
    for i, cell, _tree in own:
        later = {name for j, other, _t in own if j > i for name in uses(other.source)[0]}
        written = uses(cell.source)[1] & facts.shapeless.keys() - later
        places += [(i, name) for name in sorted(written)]
    if not places:
        return None
    inserted: dict[int, list[str]] = {}
    for i, name in [place for place in places if rng.random() < 0.6] or places[:1]:
        new = rng.choice(_RESHAPED[facts.shapeless[name]]).format(name)
        alone = f"if np.size({name}) == max(np.shape({name}), default=1):\n    "
        inserted.setdefault(i, []).append((alone if facts.shapeless[name] == "array" else "") + f"{name} = {new}")
    for i in sorted(inserted, reverse=True):
        # Captured after the question's last cell of all, whether check or answer.
        cell = draft.cells[i]
        draft = draft.with_cell(i + 1, Cell("\n".join(inserted[i]), question=cell.question))
    return draft


CHANGES: dict[str, Change] = {
    "np.dot for @": _by_rule(matrix_products, "@", needs_numpy=True),
    "@ for np.dot": _by_rule(dots, "np.", needs_numpy=True),
    "squares by other means": _by_rule(squares, "**", needs_numpy=True),
    "np.transpose for .T": _by_rule(transposes, ".T", needs_numpy=True),
    "other order of factors and terms": _by_rule(commuted),
    "times 1 / m": _by_rule(inverse_factors, "/"),
    "sum over size for mean": _by_rule(means_as_sums, "mean(", needs_numpy=True),
    "NumPy's numbers": _by_rule(numpy_scalars, "float(", needs_numpy=True),
    "single precision": _by_rule(single_precision, "np.", needs_numpy=True),
    "a name for what is returned": _by_rule(returned_by_name, "return"),
    "while for for": _by_rule(whiles, "range("),
    "lambda for def": _by_rule(lambdas, "def "),
    "type hints": _by_rule(hints, "def "),
    "explicit x": _by_rule(explicit_x, ".plot(", needs_numpy=True),
    "figures by hand": _by_rule(figures_by_hand, "subplots()"),
    "keyword arguments": keywords,
    "other names": renamed,
    "x += y": augmented,
    "columns in a loop": by_columns,
    "a cell in two": split_cells,
    "functions first": functions_first,
    "cells swapped": swapped_cells,
    "a class": a_class,
    "own cells": scratch_cells,
    "more output": prints,
    "other shapes and containers": containers,
}


def variants(
    bases: Sequence[tuple[str, Draft, Facts]], *, count: int, seed: int
) -> Iterator[Variant]:
    """`count` different variants: each from one of the bases in turn, by one to four changes.

    The same bases and seed give the same variants. Fewer come when no more can be made.
    """
    seen: set[str] = set()
    made = 0
    for number in range(20 * count):
        if made == count:
            return
        rng = random.Random(f"{seed}/{number}")  # noqa: S311 (nothing secret is drawn)
        base, original, facts = bases[number % len(bases)]
        variant = _one(base, original, facts, rng, number)
        if variant is None or variant.draft.digest() in seen:
            continue
        seen.add(variant.draft.digest())
        made += 1
        yield variant


def _one(base: str, original: Draft, facts: Facts, rng: random.Random, number: int) -> Variant | None:
    draft, changes = original, []
    wanted = rng.randint(1, 4)
    for name in rng.sample(list(CHANGES), len(CHANGES)):
        if len(changes) == wanted:
            break
        new = CHANGES[name](draft, facts, rng)
        if new is not None and new != draft:
            draft, changes = new, [*changes, name]
    seeding = Cell(facts.seeding.format(seed=rng.randrange(2**32)))
    draft = draft.with_cell(0, seeding)
    return Variant(f"variant-{number}", base, tuple(changes), original, draft) if changes else None
