"""Measures a lab's reference: what must come out, how it scatters, what mistakes yield, and how well they are told apart."""

from coteja.calibration.calibrate import calibrate, difference_from_stored

__all__ = ["calibrate", "difference_from_stored"]
