"""Takes in what was handed in: finds the notebooks, says whose they are, which attempt counts, and when it came."""

from coteja.grading.intake.take import Intake, Rules, take_in

__all__ = ["Intake", "Rules", "take_in"]
