"""Why nothing is compounded: it cannot be made as asked, or making it so would do harm."""

from __future__ import annotations

from collections.abc import Mapping

from lowdose.errors import InvalidInput


class CannotBeMade(InvalidInput):
    """The request is clear and cannot be made (exit code 3); what was asked is kept, and what comes nearest is named.

    Parameters
    ----------
    what, where, remedy : str
        As in every error of lowdose.
    nearest : tuple of str
        The nearest that can be made; the remedy names them too.
    asked : mapping of str to object
        The request, as it came.

    Examples
    --------
    >>> error = CannotBeMade("240 mL takes 4.8 tablets", nearest=("200 mL", "250 mL"), asked={"volume": "240 mL"})
    >>> print(error)
    240 mL takes 4.8 tablets
      remedy: nearest that can be made: 200 mL or 250 mL
    >>> error.asked
    {'volume': '240 mL'}
    """

    def __init__(
        self,
        what: str,
        *,
        nearest: tuple[str, ...],
        asked: Mapping[str, object],
        where: str = "",
        remedy: str = "",
    ) -> None:
        near = f"nearest that can be made: {' or '.join(nearest)}" if nearest else ""
        other = remedy if near else remedy.removeprefix("or ")
        super().__init__(what, where=where, remedy="; ".join(part for part in (near, other) if part))
        self.nearest, self.asked = nearest, dict(asked)
