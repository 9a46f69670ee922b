"""One Vega-Lite definition a chart: pure functions from a ``Result``; the same for page, SVG, PNG and notebook."""

from lowdose.charts.figures import TITLES, Chart, blockade, drug, legend, overview, own_opioids, rivals, tone
from lowdose.charts.render import to_png, to_svg
from lowdose.charts.tables import Table, rivals_table, table

__all__ = [
    "TITLES",
    "Chart",
    "Table",
    "blockade",
    "drug",
    "legend",
    "overview",
    "own_opioids",
    "rivals",
    "rivals_table",
    "table",
    "to_png",
    "to_svg",
    "tone",
]
