"""A number that carries its derivative along: what the rules of dosing do to the one they do to the other."""

from __future__ import annotations

from typing import Any

__all__ = ["Dual", "slope"]


class Dual(float):
    """A float with a slope; compares and hashes as the float.

    Examples
    --------
    >>> product = Dual(3.0, 1.0) * 2.0 + 1.0
    >>> product, product.slope
    (7.0, 2.0)
    >>> (1.0 / Dual(2.0, 1.0)).slope
    -0.25
    """

    slope: float

    def __new__(cls, value: float, slope: float = 0.0) -> Dual:
        """A float, and its derivative along the direction in question."""
        number = super().__new__(cls, value)
        number.slope = slope
        return number

    def __add__(self, other: Any) -> Dual:
        return Dual(float(self) + float(other), self.slope + slope(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dual:
        return Dual(float(self) - float(other), self.slope - slope(other))

    def __rsub__(self, other: Any) -> Dual:
        return Dual(float(other) - float(self), slope(other) - self.slope)

    def __mul__(self, other: Any) -> Dual:
        return Dual(float(self) * float(other), self.slope * float(other) + float(self) * slope(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        value = float(self) / float(other)
        return Dual(value, (self.slope - value * slope(other)) / float(other))

    def __rtruediv__(self, other: Any) -> Dual:
        value = float(other) / float(self)
        return Dual(value, (slope(other) - value * self.slope) / float(self))


def slope(number: float) -> float:
    """The derivative that a number carries, 0 where it carries none.

    Examples
    --------
    >>> slope(Dual(3.0, 1.5)), slope(3.0)
    (1.5, 0.0)
    """
    return number.slope if isinstance(number, Dual) else 0.0
