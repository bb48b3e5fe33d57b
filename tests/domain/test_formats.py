"""What a request may say of a format, and what is refused, naming the setting."""

from fractions import Fraction

import pytest

from domain.errors import Refused
from domain.render.formats import coding
from domain.render.formats.containers import CONTAINERS, fitting
from domain.render.formats.format import Settings
from domain.render.formats.presets import PRESETS, chosen


@pytest.mark.parametrize(
    ("preset", "settings", "field"),
    [
        ("standard", Settings(video_codec="vp8"), "video_codec"),
        ("standard", Settings(container="webm"), "video_codec"),
        ("standard", Settings(audio_codec="flac"), "audio_codec"),
        ("standard", Settings(quality=52), "quality"),
        ("standard", Settings(quality=20, bitrate_kbps=900), "bitrate_kbps"),
        ("standard", Settings(two_pass=True), "two_pass"),
        ("standard", Settings(target_size=100_000, two_pass=False), "two_pass"),
        ("standard", Settings(speed="8"), "speed"),
        ("standard", Settings(pixel_format="yuv420p10le"), "pixel_format"),
        ("standard", Settings(encoder="libx265"), "encoder"),
        ("standard", Settings(encoder="best"), "encoder"),
        ("standard", Settings(video_codec="none"), "container"),
        ("standard", Settings(audio_bitrate_kbps=400), "audio_bitrate_kbps"),
        ("standard", Settings(audio_codec="none", audio_bitrate_kbps=128), "audio_bitrate_kbps"),
        ("web_av1", Settings(bitrate_kbps=900), "bitrate_kbps"),
        ("hevc", Settings(target_size=100_000), "target_size"),
        ("archive", Settings(quality=3), "quality"),
        ("audio_flac", Settings(audio_bitrate_kbps=128), "audio_bitrate_kbps"),
        ("audio_mp3", Settings(quality=3), "quality"),
        ("gif", Settings(video_codec="none"), "container"),
    ],
)
def test_what_can_not_be_made_is_refused_by_the_setting_at_fault(preset: str, settings: Settings, field: str) -> None:
    with pytest.raises(Refused) as refusal:
        chosen(preset, settings)
    assert (refusal.value.code, refusal.value.path) == ("format_unsupported", f"settings.{field}")


def test_no_preset_is_made_up() -> None:
    with pytest.raises(Refused) as refusal:
        chosen("best", None)
    assert (refusal.value.code, refusal.value.path) == ("invalid_field", "preset")


def test_another_codec_leaves_what_was_said_for_the_presets() -> None:
    made = chosen("standard", Settings(container="webm", video_codec="av1", audio_codec="opus"))
    assert (made.quality, made.speed) == (None, None)


def test_a_size_leaves_the_picture_what_the_sound_does_not_take() -> None:
    def kbps(settings: Settings) -> int:
        made = chosen("standard", settings)
        words = coding.picture(made, made.candidates[0], 300, Fraction(10)).whole
        assert words
        return int(words.encoder.argv[words.encoder.argv.index("-b:v") + 1].removesuffix("k"))

    silent, heard = kbps(Settings(target_size=1_000_000, audio_codec="none")), kbps(Settings(target_size=1_000_000))
    assert 700 < silent < 800
    assert 128 <= silent - heard < 145
    with pytest.raises(Refused, match="leave 0 kb/s"):
        kbps(Settings(target_size=100_000))


@pytest.mark.parametrize(
    ("path", "container", "fits"),
    [
        ("/films/a.mp4", "mp4", True),
        ("/films/A.MP4", "mp4", True),
        ("/films/a.mov", "mp4", False),
        ("/films/.mp4", "mp4", False),
        ("/films/a.jpeg", "jpg", True),
        ("/films/a", "hls", True),
        ("/films/a.m3u8", "hls", False),
    ],
)
def test_a_name_ends_as_what_is_in_it(path: str, container: str, fits: bool) -> None:
    assert fitting(path, CONTAINERS[container]) == fits  # type: ignore[index]


def test_every_preset_says_what_it_is_for() -> None:
    assert all(preset.description and preset.name == name for name, preset in PRESETS.items())
