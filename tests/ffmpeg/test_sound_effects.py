"""Every effect on sound: in its samples it does what its parameters say, and to no other sample anything."""

import json
from typing import Any

import msgspec
import numpy as np
import pytest

import rust_core
from domain.timeline import events
from tests.ffmpeg.films import Laid, Workshop
from tests.ffmpeg.references.proof import Params
from tests.ffmpeg.references.sound import SOUNDS, Samples
from tests.ffmpeg.test_plan_sound import NOISE, RATE, cut_out, mixed
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

DEFINITIONS: dict[str, dict[str, Any]] = {of["effect_type"]: of for of in json.loads(rust_core.effect_definitions())}
CASES: list[tuple[str, Params]] = [
    *((name, DEFINITIONS[name]["example"]["params"]) for name in SOUNDS),
    ("volume", {"gain": 0}),
    ("stereo_balance", {"balance": 1}),
    ("stereo_pan", {"position": -1}),
    ("stereo_width", {"width": 0}),
    *(("channel_mix", {"use": use}) for use in ("mono", "right", "swap")),
    ("phase_invert", {"channels": "both"}),
    ("eq_peak", {"frequency": 300, "gain": -20, "q": 0.5}),
    ("dehum", {"mains": "60"}),
]
BEFORE, CLIP, FIRST, LAST, BLEND, CUT = RATE // 2, 2 * RATE, RATE // 2 + 7, RATE * 3 // 2, RATE // 1000, RATE // 320


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("effects"), build)
    sides = NOISE.format(RATE, 4) + "[l];" + NOISE.format(RATE, 4).replace("seed=7", "seed=8")
    made.source("wide.wav", f"{sides}[r];[l][r]join=inputs=2:channel_layout=stereo", "-c:a", "pcm_f32le")
    made.source("long.wav", NOISE.format(RATE, 24), "-ac", "2", "-c:a", "pcm_f32le")
    return made


def wanted(kind: str, params: Params, start: int = 0, samples: int | None = None) -> events.Effect:
    packed = msgspec.msgpack.decode(rust_core.normalise_params(kind, msgspec.json.encode(params)))
    flick = 705_600_000 // RATE
    return events.Effect(kind, kind, packed, events.Window(start * flick, samples and samples * flick))


def below(found: Samples, due: Samples) -> float:
    """How far the difference lies below what is due, in dB."""
    return float(10 * np.log10((due**2).sum() / max(((found - due) ** 2).sum(), 1e-30)))


@pytest.mark.parametrize(("kind", "params"), CASES, ids=lambda value: value if isinstance(value, str) else "")
def test_an_effect_does_what_it_says_in_its_samples_and_nothing_outside(
    workshop: Workshop, kind: str, params: Params
) -> None:
    window = wanted(kind, params, FIRST, LAST - FIRST)
    found = mixed(workshop, workshop.plan([Laid("wide", "0.5", 2, effects=(window,))]))
    bare = workshop.samples(workshop.media["wide"][0]).astype(np.float64)
    usual = {name: of["default"] for name, of in DEFINITIONS[kind]["parameters"].items() if "default" in of}
    # what hears no further than the clip hears only the clip
    from_clip = kind in ("tremolo",)
    begin = BEFORE if from_clip else 0
    made = SOUNDS[kind].reference(bare[begin:], usual | params)[BEFORE - begin :][:CLIP]
    clip = bare[BEFORE:][:CLIP]

    assert np.array_equal(found[CUT:FIRST], clip[CUT:FIRST]) and np.array_equal(found[LAST:-CUT], clip[LAST:-CUT])
    inside = slice(FIRST + BLEND, LAST - BLEND)
    assert below(found[inside], made[inside]) > SOUNDS[kind].least or not made[inside].any()
    assert np.allclose(found[inside], made[inside], atol=1e-3)
    assert below(found[inside], clip[inside]) < 40  # it did something
    line = (
        np.concatenate([np.arange(BLEND), np.full(LAST - FIRST - 2 * BLEND, BLEND), BLEND - np.arange(BLEND)]) / BLEND
    )
    blended = cut_out(clip + np.pad(line, (FIRST, CLIP - LAST))[:, None] * (made - clip))
    assert np.allclose(found, blended, atol=1e-4)


ON_FILM = [kind for kind, of in DEFINITIONS.items() if of["category"] == "audio" and of["global"] and kind in SOUNDS]


@pytest.mark.parametrize("kind", ON_FILM)
def test_an_effect_on_the_mix_is_one_wherever_the_sound_is_cut_for_encoding(workshop: Workshop, kind: str) -> None:
    """The parts that are encoded agree to a millionth (``mixed`` looks), and are what the effect makes of the whole."""
    params = DEFINITIONS[kind]["example"]["params"]
    usual = {name: of["default"] for name, of in DEFINITIONS[kind]["parameters"].items() if "default" in of}
    found = mixed(workshop, workshop.plan([Laid("long", 0, 24)], [wanted(kind, params)]))
    bare = workshop.samples(workshop.media["long"][0]).astype(np.float64)
    assert below(found, SOUNDS[kind].reference(bare, usual | params)) > min(SOUNDS[kind].least, 80)
