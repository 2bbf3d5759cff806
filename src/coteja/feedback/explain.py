"""Says simply what happened in a cell that did not run to its end, and what had to be mended to read a file."""

from __future__ import annotations

from coteja.model.message import Message
from coteja.model.message import message as _
from coteja.model.recording import CellError, CellRun


def explain_cell(cell: CellRun) -> Message:
    """One sentence for a cell's end, for a reader who may never have read a traceback."""
    error = cell.error
    if cell.status == "timeout":
        return _(
            "This cell did not finish in the time allowed ({seconds} s) and was stopped. Look for a loop that never ends.",
            seconds=round(cell.seconds),
        )
    if cell.status == "not_run":
        return _("This cell was not run: the time for the whole notebook was used up.")
    if cell.status == "died":
        return _died(error)
    if error is None:
        return _("This cell did not run to its end.")
    return explain_error(error)


def _died(error: CellError | None) -> Message:
    match error.value if error else "":
        case "output":
            return _(
                "This cell printed far more than anyone can read, so it was stopped. Print every hundredth value."
            )
        case "time" | "notebook time":
            return _("This cell could not be stopped when its time was over, so its process was ended.")
        case "protocol":
            return _("This cell disturbed the program that runs the notebook, so its process was ended.")
    return _(
        "This cell ended the Python process (exit, os._exit, or too much memory). The other cells were run without it."
    )


def explain_error(error: CellError) -> Message:
    """One sentence for a Python exception, with its own words at the end."""
    detail = error.value.splitlines()[0][:300] if error.value else ""
    match error.name:
        case "NotImplementedError":
            return _("This cell still has its placeholder: nothing was answered here yet.")
        case "NameError" | "UnboundLocalError":
            return _("This cell uses a name that does not exist at that point: {detail}", detail=detail)
        case "SyntaxError" | "IndentationError" | "TabError":
            return _("Python cannot read this cell: {detail}", detail=detail)
        case "ModuleNotFoundError" | "ImportError":
            return _("This cell imports something that is not installed: {detail}", detail=detail)
        case "MemoryError":
            return _("This cell asked for more memory than is allowed.")
        case "KeyboardInterrupt":
            return _("This cell was stopped before it finished.")
        case "ZeroDivisionError":
            return _("This cell divides by zero.")
        case "KeyError":
            return _("This cell looks for a key that is not there: {detail}", detail=detail)
        case "IndexError":
            return _("This cell reaches past the end of a list or an array: {detail}", detail=detail)
        case "AttributeError":
            return _("This cell asks an object for something that it does not have: {detail}", detail=detail)
        case "TypeError":
            return _(
                "This cell uses a value of the wrong type, or a function with the wrong arguments: {detail}",
                detail=detail,
            )
        case "ValueError" if "learning_rate` should be float" in detail:
            return _(
                "Keras wants the learning rate with a decimal point: 1.0, not 1. That is a rule of the library, not of the "
                "mathematics; write the point and run the cell again."
            )
        case "ValueError":
            return _(
                "This cell gives a function a value that does not fit, often a shape: {detail}", detail=detail
            )
        case "AssertionError":
            return _("An assertion in this cell does not hold: {detail}", detail=detail)
        case "StdinNotImplementedError":
            return _(
                "This cell waits for someone to type (input). No one can while it is marked: write the value in the cell."
            )
        case "PermissionError" | "OSError" | "ConnectionError" | "URLError" | "gaierror":
            return _(
                "This cell needs a file or a connection that is not there when it is marked: {detail}",
                detail=detail,
            )
    return _("This cell raised {name}: {detail}", name=error.name, detail=detail)


def explain_note(note: str) -> Message:
    """A sentence for a note that reading or planning left (`code:detail`)."""
    code, _sep, detail = note.partition(":")
    match code:
        case "encoding":
            return _(
                "The file was saved as {encoding}, not as UTF-8. It was read all the same.", encoding=detail
            )
        case "nbformat":
            return _(
                "The file is in notebook format {version}, an old one. It was converted and read.",
                version=detail,
            )
        case "put_back":
            return _(
                "A given cell ({cell}) was changed or missing. It was put back as it was given.", cell=detail
            )
    return _("{note}", note=note)
