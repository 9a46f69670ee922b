"""The drawing library and its permission to run: everything in the file, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from functools import cache as remember
from importlib.metadata import version

from lowdose import cache


@remember
def drawing_library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script (about 0.9 MB), bundled by vl-convert and kept in the cache.

    Examples
    --------
    >>> "vegaEmbed" in drawing_library()
    True
    """
    import vl_convert

    name = f"vega-{version('vl-convert-python')}.js"
    kept = cache.read(name)
    if kept is None:
        kept = str(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;"))
        cache.write(name, kept)
    return inside_script(kept)


def inside_script(text: str) -> str:
    r"""Script text that cannot end the element it stands in.

    Examples
    --------
    >>> inside_script("'</script>'")
    "'<\\/script>'"
    """
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def fingerprint(text: str) -> str:
    """Hash by which a content security policy admits one script or style.

    Examples
    --------
    >>> fingerprint("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
