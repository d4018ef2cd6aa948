"""Up and down are told apart by whoever sees colours otherwise, and the two schemes name the same colours."""

from __future__ import annotations

import re
from importlib.resources import files

import numpy as np
import pytest

# What eyes without one kind of cone see, for linear RGB: Machado, Oliveira and Fernandes (2009), IEEE Transactions on
# Visualization and Computer Graphics 15, 1291-1298, severity 1.
SEEN = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))


def schemes() -> list[dict[str, str]]:
    """The colours of the style sheet in light, in dark, and on paper."""
    style = files("leadml.report").joinpath("report.css").read_text(encoding="utf-8")
    return [dict(re.findall(r"--(\w+):(#[0-9a-f]{3,6})", block)) for block in re.findall(r":root\{([^}]*)\}", style)]


def lab(colour: str, seen: str) -> np.ndarray:
    """Where a colour lies in CIELAB for eyes of one kind."""
    digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
    rgb = np.array([int(digits[i : i + 2], 16) for i in (0, 2, 4)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = np.array(XYZ) @ np.clip(np.array(SEEN[seen]) @ linear, 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = [v ** (1 / 3) if v > (6 / 29) ** 3 else v / (3 * (6 / 29) ** 2) + 4 / 29 for v in (x, y, z)]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("seen", SEEN)
def test_up_and_down_differ_for_every_kind_of_eye(seen: str) -> None:
    found = schemes()
    assert len(found) == 3
    for colours in found:
        for up, down in (("up", "down"), ("upfill", "downfill"), ("softup", "softdown")):
            apart = float(np.linalg.norm(lab(colours[up], seen) - lab(colours[down], seen)))
            assert apart > (10 if up == "softup" else 25), (up, colours[up], colours[down], apart)


def test_every_scheme_names_every_colour() -> None:
    light, *others = schemes()
    style = files("leadml.report").joinpath("report.css").read_text(encoding="utf-8")
    assert set(re.findall(r"var\(--(\w+)\)", style)) <= set(light)
    assert all(set(scheme) == set(light) for scheme in others)
