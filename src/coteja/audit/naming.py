"""Functions and names: arguments by keyword, other names, updates in place, a product by columns."""

from __future__ import annotations

import random
import re

import libcst as cst
import libcst.matchers as m

from coteja.audit.code import Cell, Draft, Facts, bound_in, names_in
from coteja.audit.rules import DRAWN, TEXT, by_rule, expression

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

    return by_rule(rule)(draft, facts, rng)


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
        bound |= bound_in(cell.source)
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
    styles = (
        lambda n: f"{n}_",
        lambda n: f"my_{n}",
        lambda n: f"{n}2",
        lambda n: f"mi_{n}_ñ",
        lambda n: n.upper() + "_",
    )
    style = rng.choice(styles)
    new = {name: style(name) for name in chosen}
    # `a` and `A` are two names, `A_` is one.
    if len(set(new.values())) < len(new) or set(new.values()) & (mentioned | bound | facts.kept):
        return None
    for i, _cell, tree in list(draft.own()):
        draft = draft.with_source(i, tree.visit(_Renamer(new)).code)
    return draft


class _Renamer(cst.CSTTransformer):
    """Renames variables; attributes and keywords of calls keep their names."""

    def __init__(self, new: dict[str, str]) -> None:
        super().__init__()
        self.new = new

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        return updated_node.with_changes(value=self.new.get(updated_node.value, updated_node.value))


def augmented(draft: Draft, facts: Facts, rng: random.Random) -> Draft | None:
    """`x = x + y` as `x += y` where x is a function's own fresh array or number; the other way around anywhere."""
    done = 0
    for i, _cell, tree in list(draft.own()):
        both = _Augmenter()
        new = tree.visit(both)
        if both.done:
            draft, done = draft.with_source(i, new.code), done + both.done
    return draft if done else None


_IN_PLACE: dict[type[cst.BaseBinaryOp], type[cst.BaseAugOp]] = {
    cst.Add: cst.AddAssign,
    cst.Subtract: cst.SubtractAssign,
}


class _Augmenter(cst.CSTTransformer):
    def __init__(self) -> None:
        super().__init__()
        self.done, self.fresh = 0, set[str]()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        made = m.Call(func=m.Attribute(attr=DRAWN)) | m.Float()
        self.fresh = {
            cst.ensure_type(a.targets[0].target, cst.Name).value
            for a in m.findall(node, m.Assign(targets=[m.AssignTarget(m.Name())], value=made))
            if isinstance(a, cst.Assign)
        }

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        self.fresh = set()
        return updated_node

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.BaseSmallStatement:
        value, target = updated_node.value, updated_node.targets[0].target
        if not isinstance(value, cst.BinaryOperation) or not isinstance(target, cst.Name):
            return updated_node
        operator = _IN_PLACE.get(type(value.operator))
        own = target.value in self.fresh and value.left.deep_equals(target) and len(updated_node.targets) == 1
        if operator is None or not own:
            return updated_node
        self.done += 1
        return cst.AugAssign(target=target, operator=operator(), value=value.right)

    def leave_AugAssign(
        self, original_node: cst.AugAssign, updated_node: cst.AugAssign
    ) -> cst.BaseSmallStatement:
        target, signs = updated_node.target, {cst.AddAssign: "+", cst.SubtractAssign: "-"}
        sign = signs.get(type(updated_node.operator))
        if sign is None or not isinstance(target, cst.Name) or m.findall(updated_node.value, TEXT):
            return updated_node
        if target.value in self.fresh:
            return updated_node
        self.done += 1
        value = expression(f"{{a}} {sign} ({{b}})", a=target, b=updated_node.value)
        return cst.Assign(targets=[cst.AssignTarget(target)], value=value)


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
    new = tree.deep_replace(node, expression("product_by_columns({a}, {b})", a=node.left, b=node.right))
    assert isinstance(new, cst.Module)
    first = min(j for j, _c, _t in draft.own())
    return draft.with_source(i, new.code).with_cell(first, Cell(_MATRIX_PRODUCT))
