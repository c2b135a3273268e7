"""An assessment as one HTML page, without anything from elsewhere."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from utils.readiness.assessment import Assessment


def render_page(assessment: Assessment) -> str:
    """The page as one string of HTML."""
    environment = Environment(
        loader=PackageLoader("utils.readiness.report", "."), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("page.html").render(assessment=assessment)
