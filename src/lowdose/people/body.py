"""What follows from age, sex, height and weight: weight for the kidneys, creatinine clearance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Women = NDArray[np.bool_]

_CM_PER_INCH = 2.54
_SIXTY_INCHES = 60.0


def weight(height: Array, bmi: Array) -> Array:
    """Body weight in kg from height in cm and body-mass index in kg/m².

    Examples
    --------
    >>> weight(np.array([200.0]), np.array([25.0]))
    array([100.])
    """
    return bmi * (height / 100) ** 2


def kidney_weight(weight: Array, height: Array, women: Women) -> Array:
    """Weight in kg that goes into creatinine clearance: up to the ideal weight the body's own, of more only 0.4.

    Ideal weight after Devine 1974; 0.4 is the usual adjustment (both from memory). Fat makes no creatinine.

    Examples
    --------
    >>> kidney_weight(np.array([60.0, 100.0]), np.array([177.8, 177.8]), np.array([False, False]))
    array([60. , 83.8])
    """
    ideal = np.where(women, 45.5, 50.0) + 2.3 * (height / _CM_PER_INCH - _SIXTY_INCHES)
    return np.where(weight <= ideal, weight, ideal + 0.4 * (weight - ideal))


def creatinine_clearance(age: Array, weight: Array, serum_creatinine: Array, women: Women) -> Array:
    """Creatinine clearance in mL/min (Cockcroft and Gault 1976); creatinine in mg/dL, weight in kg, age in years.

    Examples
    --------
    >>> creatinine_clearance(np.array([40.0]), np.array([72.0]), np.array([1.0]), np.array([True]))
    array([85.])
    """
    return (140 - age) * weight / (72 * serum_creatinine) * np.where(women, 0.85, 1.0)
