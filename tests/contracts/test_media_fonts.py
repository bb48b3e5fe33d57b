"""A text gets the first font that has all of its characters, or is refused by the names of those that none has."""

import hashlib
from pathlib import Path

import pytest

from adapters.media.fonts import Fonts
from domain.errors import Refused

AWKWARD = 'It\'s 100% "done", [a;b]: c\\d 😀 größer\n2. Zeile'


@pytest.fixture(scope="module")
def fonts() -> Fonts:
    return Fonts.of_the_system()


def test_awkward_text_gets_a_font_known_by_its_content(fonts: Fonts) -> None:
    font = fonts.choose(AWKWARD)
    assert font.sha256 == hashlib.sha256(font.path.read_bytes()).hexdigest()
    assert fonts.choose("plain").path.name == "DejaVuSans.ttf"


def test_the_same_text_gets_the_same_font_every_time(fonts: Fonts) -> None:
    assert Fonts.of_the_system().choose(AWKWARD) == fonts.choose(AWKWARD)


def test_characters_that_no_font_has_are_named(fonts: Fonts) -> None:
    with pytest.raises(Refused, match=r"U\+10FFFE") as refused:
        fonts.choose("a\U0010fffeb")
    assert refused.value.code == "glyphs_missing"


def test_a_character_outside_the_first_font_is_looked_for_in_the_others(fonts: Fonts, tmp_path: Path) -> None:
    (tmp_path / "AAA.ttf").write_bytes(fonts.choose("a").path.read_bytes())
    (tmp_path / "BBB.ttf").write_bytes(fonts.choose("a\U0001f3ac").path.read_bytes())
    (tmp_path / "0.ttf").write_bytes(b"no font at all")
    both = Fonts.of_the_system([tmp_path])
    assert both.choose("Жук").path.name == "AAA.ttf"
    assert both.choose("\U0001f3ac").path.name == "BBB.ttf"


def test_without_fonts_text_is_refused_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    none = Fonts.of_the_system([tmp_path])
    assert len(none) == 0
    with pytest.raises(Refused, match="No usable font"):
        none.choose("a")


@pytest.mark.parametrize("text", ["👨\u200d👩\u200d👧", "🇩🇪", "👍🏽"])
def test_signs_made_of_several_emoji_are_refused_and_not_drawn_apart(fonts: Fonts, text: str) -> None:
    with pytest.raises(Refused) as refused:
        fonts.choose(text)
    assert refused.value.code == "glyphs_missing"


def test_a_joiner_between_letters_is_text(fonts: Fonts) -> None:
    assert fonts.choose("\u0646\u200d\u0645")
