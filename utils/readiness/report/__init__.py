"""An assessment as a page."""
