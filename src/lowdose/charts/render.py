"""Pictures from a specification, without a browser."""

from __future__ import annotations

import json
import re

from lowdose.charts.look import Spec

_CLIP = re.compile(r"((?:id=\"|#)clip)(\d+)")
_TAG = re.compile(r"<[^>]+>")
_LONG_NUMBER = re.compile(r"(?<!opacity=\")(?<![\d.])(\d+\.\d)\d+")


def to_svg(spec: Spec) -> str:
    """A chart as SVG text: coordinates rounded to a tenth of a pixel, and the same text every time.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> charts.to_svg(charts.blockade(simulate("4.5 mg once")))[:4]
    '<svg'
    """
    import vl_convert

    # Places are rounded, words are not: "0.25" between two tags is something to read.
    drawn = str(vl_convert.vegalite_to_svg(json.dumps(spec)))
    text = _TAG.sub(lambda tag: _LONG_NUMBER.sub(r"\1", tag[0]), drawn)
    # The converter counts clips over the life of the process; here they are counted in the picture.
    numbers: dict[str, int] = {}
    return _CLIP.sub(lambda found: f"{found[1]}{numbers.setdefault(found[2], len(numbers))}", text)


def to_png(spec: Spec, scale: float = 2.0) -> bytes:
    """A chart as PNG; ``scale`` 2 is sharp on screens and in print at half size.

    Examples
    --------
    >>> from lowdose import charts, simulate
    >>> charts.to_png(charts.tone(simulate("4.5 mg once")), scale=1)[1:4]
    b'PNG'
    """
    import vl_convert

    return bytes(vl_convert.vegalite_to_png(json.dumps(spec), scale=scale))


def to_pdf(spec: Spec) -> bytes:
    """A chart as one page of PDF, as large as the chart.

    Examples
    --------
    >>> from lowdose import charts
    >>> row = charts.ForestRow("Younger 2013", "4.5 mg", -0.49, -0.88, -0.09)
    >>> charts.to_pdf(charts.forest(charts.Forest("Pain", "", [row])))[:5]
    b'%PDF-'
    """
    import vl_convert

    return bytes(vl_convert.vegalite_to_pdf(json.dumps(spec)))
