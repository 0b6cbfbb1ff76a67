"""Figures: read models drawn as SVG, for pages and for files. Needs the extra ``plots``."""
