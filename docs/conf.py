"""How the pages under docs/ become a web site: sphinx-build -W docs build/docs."""

from __future__ import annotations

import sys
from pathlib import Path

import leadml

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "leadml"
author = "the leadml authors"
copyright = f"{author}; Apache-2.0"
version = release = leadml.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_click",
    "from_code",
]
exclude_patterns = ["_ext", "_build"]

# Markdown
myst_enable_extensions = ["deflist", "fieldlist"]
myst_heading_anchors = 3
highlight_language = "text"
smartquotes = False  # they make one dash of the two before an option
suppress_warnings = ["misc.highlighting_failure"]

# What comes from docstrings, which are numpydoc
autosummary_generate = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True
default_role = "code"

html_theme = "furo"
html_title = f"leadml {version}"
html_show_sourcelink = False
html_show_copyright = False
html_copy_source = False
html_theme_options = {
    "navigation_with_keys": True,
    # What a terminal shows is a hundred columns wide.
    "light_css_variables": {"code-font-size": "0.72em"},
}
