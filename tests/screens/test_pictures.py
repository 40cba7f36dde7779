"""The README's pictures can be drawn anew, and are the ones it shows."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.pictures.__main__ import HERE, PICTURES, main
from tests.readme import README

SAID = {"dashboard": "condor.proximity", "narrow": "6 Journal", "why": "Inputs"}
"""A text that each must hold."""


def words_in(file: Path) -> str:
    """All text of a picture, its blanks plain."""
    texts = ElementTree.parse(file).getroot().iter("{http://www.w3.org/2000/svg}text")
    return " ".join("".join(text.itertext()).replace("\xa0", " ") for text in texts)


def test_they_are_drawn_anew(tmp_path: Path) -> None:
    main(tmp_path)
    assert {file.stem for file in tmp_path.iterdir()} == set(SAID)
    for name, words in SAID.items():
        assert words in words_in(tmp_path / f"{name}.svg")


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_kept_one_is_sound_and_asks_nobody_for_anything(picture: object) -> None:
    file = HERE / f"{picture.name}.svg"  # type: ignore[attr-defined]
    assert SAID[file.stem] in words_in(file)
    text = file.read_text(encoding="utf-8")
    assert "@font-face" not in text
    assert re.findall(r"url\((?!#)", text) == []


def test_the_readme_shows_each_of_them() -> None:
    shown = re.findall(r"!\[[^\]]+\]\((tests/pictures/[^)]+)\)", README.read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(f"tests/pictures/{picture.name}.svg" for picture in PICTURES)
