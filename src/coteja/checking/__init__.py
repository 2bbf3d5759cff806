"""What a grader may use: `from coteja.checking import check, passed, failed, ...` and `_` for every sentence."""

from coteja.checking.api import (
    Check,
    Part,
    Verdict,
    check,
    failed,
    needs_a_look,
    part,
    partial,
    parts,
    passed,
)
from coteja.checking.claims import (
    agreement,
    answers,
    claimed,
    judge_claims,
    number_in,
    plain,
    unread,
    word_in,
    yes_or_no,
)
from coteja.checking.compare import (
    alignment,
    alike,
    as_number,
    compare,
    curve_picture,
    is_constant,
    is_decreasing,
    largest_difference,
    near,
    same_start,
)
from coteja.checking.figures import check_curves_figure, line_called
from coteja.checking.slopes import finite_differences
from coteja.checking.work import Expected, ProbeCase, Step, Work
from coteja.model.message import Message
from coteja.model.message import message as _
from coteja.model.result import Comparison, Misconception, Picture, Series

__all__ = [
    "Check",
    "Comparison",
    "Expected",
    "Message",
    "Misconception",
    "Part",
    "Picture",
    "ProbeCase",
    "Series",
    "Step",
    "Verdict",
    "Work",
    "_",
    "agreement",
    "alignment",
    "alike",
    "answers",
    "as_number",
    "check",
    "check_curves_figure",
    "claimed",
    "compare",
    "curve_picture",
    "failed",
    "finite_differences",
    "is_constant",
    "is_decreasing",
    "judge_claims",
    "largest_difference",
    "line_called",
    "near",
    "needs_a_look",
    "number_in",
    "part",
    "partial",
    "parts",
    "passed",
    "plain",
    "same_start",
    "unread",
    "word_in",
    "yes_or_no",
]
