"""What the planner's graphs sound like, sample by sample, on every FFmpeg of this machine."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from domain.render.plan import Plan
from tests.ffmpeg.films import Laid, Workshop, effect, flicks
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

RATE = 48_000
BLEND = RATE // 320
NOISE = "anoisesrc=r={}:a=0.3:seed=7:c=white:d={},lowpass=f=9000"
Sound = NDArray[np.float32]


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("sounds"), build)
    made.source("even.wav", NOISE.format(RATE, 4), "-ac", "2")
    made.source("long.m4a", NOISE.format(44_100, 36), "-ac", "2", "-c:a", "aac", "-b:a", "256k")
    made.source("mono.wav", NOISE.format(RATE, 2), "-ac", "1")
    return made


def mixed(workshop: Workshop, plan: Plan) -> Sound:
    """The film's sound before it is encoded."""
    made: dict[str, Path] = {}
    for unit in sorted((unit for unit in plan.units if unit.kind == "audio"), key=lambda unit: len(unit.needs)):
        made[unit.key] = workshop.unit(unit, made)
    units = {unit.key: unit for unit in plan.units}
    whole, packets = np.zeros((0, 2), np.float32), 0
    for chunk in plan.sound:
        part, first = workshop.mixed(units[chunk.key], made), (packets - chunk.skip) * 1024
        both = len(whole) - first
        assert np.abs(whole[first:] - part[:both]).max(initial=0) < 1e-6  # what two parts read is the same in both
        whole, packets = np.concatenate([whole, part[both:]]), packets + chunk.packets
    assert (len(whole), packets) == (plan.samples, -(-plan.samples // 1024) + 1)
    return whole


def original(workshop: Workshop, name: str) -> Sound:
    return workshop.samples(workshop.media[name][0])


def cut_out(sound: Sound, *, begins: bool = True, ends: bool = True) -> Sound:
    """A stretch of a source's sound, blended in and out where it was cut off."""
    rise = np.ones(len(sound))
    rise[:BLEND] = (1 - np.cos(np.pi * np.arange(BLEND) / BLEND)) / 2
    fall = np.append(1, rise[:0:-1])
    return (sound * ((rise if begins else 1) * (fall if ends else 1) * np.ones(len(sound)))[:, None]).astype(np.float32)


def test_a_clip_is_heard_to_the_sample(workshop: Workshop) -> None:
    """And where it is cut out of its source, it comes and goes over a 320th of a second."""
    laid = [Laid("even", "0.123456", "1.5", at="0.25"), Laid("even", "2", "1", at="2.00001")]
    sound, source = mixed(workshop, workshop.plan(laid)), original(workshop, "even")
    assert not sound[:12_000].any()
    begin = round(0.123456 * RATE)
    whole = slice(12_000 + BLEND, 84_000 - BLEND)
    assert np.array_equal(sound[whole], source[begin + BLEND : begin + 72_000 - BLEND])
    assert np.allclose(sound[12_000:84_000], cut_out(source[begin : begin + 72_000]), atol=1e-6)
    assert not sound[84_000:96_000].any()
    assert np.allclose(sound[96_000:144_000], cut_out(source[96_000:144_000]), atol=1e-6)


def test_a_source_s_own_beginning_and_end_are_as_they_are(workshop: Workshop) -> None:
    sound, source = mixed(workshop, workshop.plan([Laid("even", 0, 4)])), original(workshop, "even")
    assert np.array_equal(sound, source)


def test_a_long_clip_has_no_seam_at_another_rate(workshop: Workshop) -> None:
    plan = workshop.plan([Laid("long", 1, 33)])
    assert len(plan.sound) == 4
    sound, source = mixed(workshop, plan), original(workshop, "long")[RATE:]
    middle = slice(RATE, 32 * RATE)
    assert np.abs(sound[middle] - source[: len(sound)][middle]).max() < 1e-6


def test_a_container_of_milliseconds_has_no_seam(workshop: Workshop) -> None:
    name = workshop.source("capture.mkv", NOISE.format(44_100, 36), "-ac", "2", "-c:a", "aac", "-b:a", "256k")
    sound, source = mixed(workshop, workshop.plan([Laid(name, "1.5", 33)])), original(workshop, name)
    near = source[round(1.5 * RATE) - 100 :]
    offsets = [
        int(np.argmin([np.abs(sound[at : at + 2000] - near[at + k : at + k + 2000]).sum() for k in range(200)]))
        for at in (RATE, 31 * RATE)
    ]
    assert offsets[0] == offsets[1]


def test_fades_are_straight_lines_of_samples(workshop: Workshop) -> None:
    sound = mixed(workshop, workshop.plan([Laid("even", 0, 2, fade_in="0.5", fade_out="0.25")]))
    source = original(workshop, "even")
    line = np.concatenate([np.arange(24_000) / 24_000, np.ones(60_000), 1 - np.arange(12_000) / 12_000])
    assert np.allclose(sound, source[:96_000] * line[:, None], atol=1e-6)


def test_the_whole_mix_fades_across_clips(workshop: Workshop) -> None:
    laid = [Laid("even", 0, 1), Laid("even", 1, 1, at=1), Laid("even", 0, 2, track=1)]
    sound = mixed(workshop, workshop.plan(laid, [effect("fade_out", duration=flicks("1.5"))]))
    line = np.concatenate([np.ones(24_000), 1 - np.arange(72_000) / 72_000])
    heard = 2 * cut_out(original(workshop, "even")[:96_000], begins=False)
    assert np.allclose(sound, heard * line[:, None], atol=1e-6)


CURVES = {
    "linear": lambda part: part,
    "equal_power": lambda part: np.sin(part * np.pi / 2),
    "smooth": lambda part: (1 - np.cos(part * np.pi)) / 2,
}


@pytest.mark.parametrize("curve", CURVES)
def test_a_fade_of_sound_follows_its_curve(workshop: Workshop, curve: str) -> None:
    rise = effect("audio_fade_in", "0.25", duration=flicks("0.5"), curve=curve)
    fall = effect("audio_fade_out", duration=flicks("0.25"), curve=curve)
    sound = mixed(workshop, workshop.plan([Laid("even", 0, 2, effects=(rise, fall))]))
    up, down = CURVES[curve](np.arange(24_000) / 24_000), CURVES[curve](1 - np.arange(12_000) / 12_000)
    line = np.concatenate([np.zeros(12_000), up, np.ones(48_000), down])
    assert np.allclose(sound, original(workshop, "even")[:96_000] * line[:, None], atol=1e-6)


def test_very_many_clips_go_through_a_script(workshop: Workshop) -> None:
    starts = [(37 * n) % 300 for n in range(370)]
    plan = workshop.plan(
        [Laid("even", Fraction(start, 100), "0.02", at=Fraction(n, 50)) for n, start in enumerate(starts)]
    )
    assert ["graph.txt" in unit.files for unit in plan.units if unit.kind == "mix"] == [True]
    source = original(workshop, "even")
    clips = [cut_out(source[480 * start : 480 * start + 960], begins=start > 0) for start in starts]
    assert np.allclose(mixed(workshop, plan), np.concatenate(clips), atol=1e-6)


def test_one_channel_is_as_loud_on_both_sides(workshop: Workshop) -> None:
    sound = mixed(workshop, workshop.plan([Laid("mono", 0, 1)]))
    source = original(workshop, "mono")
    gain = np.sqrt((sound**2).mean() / (source[:RATE] ** 2).mean())
    assert np.array_equal(sound[:, 0], sound[:, 1])
    assert 0.99 < gain < 1.5  # FFmpeg itself turns mono down by 3 dB, or leaves it, by its version


def test_the_finished_film_is_in_step(workshop: Workshop) -> None:
    picture = workshop.flat("grey.mp4", (60, 128, 128))
    plan = workshop.plan([Laid(picture, 0, "1.7"), Laid("even", 0, "1.7", track=1)])
    film = workshop.samples(workshop.film(plan))
    pcm = mixed(workshop, plan)
    assert plan.samples <= len(film) < plan.samples + 2048
    for at in (0, 30_000, 60_000):
        heard, due = film[at : at + 16_384, 0], pcm[at : at + 16_384, 0]
        likeness = np.fft.irfft(np.fft.rfft(heard, 1 << 15) * np.conj(np.fft.rfft(due, 1 << 15)))
        assert int(np.argmax(likeness)) == 0


def test_a_seam_of_the_encoder_is_heard_nowhere(workshop: Workshop) -> None:
    plan = workshop.plan([Laid("long", 1, 33), Laid("even", 0, 4, at=9, track=1)])
    pcm = mixed(workshop, plan)
    at_once = workshop.encoded(plan, pcm)
    joined, whole = (workshop.samples(path)[: len(pcm)] for path in (workshop.film(plan), at_once))
    seams = [1024 * 512 * number for number in range(1, len(plan.sound))]
    worse = [_loss(pcm, joined, at) - _loss(pcm, whole, at) for at in seams]
    assert max(worse) < 0.5  # decibels
    anywhere = range(4096, len(pcm) - 4096, 8192)
    assert max(_loss(pcm, joined, at) for at in seams) < max(_loss(pcm, joined, at) for at in anywhere) + 0.5


def _loss(due: Sound, heard: Sound, at: int) -> float:
    """What encoding adds around a sample, in decibels of what is there."""
    around = slice(at - 2048, at + 2048)
    return float(10 * np.log10(((heard[around] - due[around]) ** 2).sum() / (due[around] ** 2).sum()))


def test_a_gap_in_a_source_is_silence_wherever_reading_begins(workshop: Workshop) -> None:
    jump = "setts=ts=TS+if(gte(TS*TB\\,1.5)\\,0.08/TB\\,0)"
    name = workshop.source("gap.mp4", NOISE.format(RATE, 4), "-ac", "2", "-c:a", "aac", "-b:a", "256k", "-bsf:a", jump)
    across = mixed(workshop, workshop.plan([Laid(name, "0.5", 3)]))
    behind = mixed(workshop, workshop.plan([Laid(name, "2.5", 1)]))
    whole = slice(BLEND, RATE - BLEND)
    assert np.abs(across[2 * RATE : 3 * RATE][whole] - behind[whole]).max() < 1e-4
    quiet = np.abs(across[round(0.9 * RATE) : round(1.2 * RATE)]).max(axis=1) < 1e-3
    assert abs(int(quiet.sum()) - round(0.08 * RATE)) < 0.01 * RATE
