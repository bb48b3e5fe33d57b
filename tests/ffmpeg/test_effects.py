"""Every effect on the picture: in its frames it does what its parameters say, and in no other frame anything."""

import json
from itertools import pairwise
from typing import Any

import msgspec
import numpy as np
import pytest

import rust_core
from domain.render.plan import Unit
from domain.timeline import events
from tests.ffmpeg import test_captions, test_plan_pictures, test_plan_sound, test_plan_text
from tests.ffmpeg.films import HEIGHT, WIDTH, Laid, Planes, Workshop, effect, frames, title
from tests.ffmpeg.picture import Picture, hard_edges, psnr
from tests.ffmpeg.references import CASES, PROOFS, Params
from tests.ffmpeg.references.sound import SOUNDS
from tests.oracle.programs import Build, builds

pytestmark = pytest.mark.ffmpeg

DEFINITIONS: dict[str, dict[str, Any]] = {of["effect_type"]: of for of in json.loads(rust_core.effect_definitions())}
EXAMPLES: list[tuple[str, Params]] = [
    (name, of["example"]["params"]) for name, of in DEFINITIONS.items() if name in PROOFS
]
BLUE = (32, 240, 118)
BACKGROUND = "#0000ff"
FIRST, LAST, WHOLE = 3, 6, 9  # the effect's frames of the clip's
CARD = (
    f"color=s={WIDTH}x{HEIGHT}:r=30:d=0.5,format=yuv420p,"
    "geq=lum='125+55*sin(X/37+N)+35*cos(Y/23-N/2)+14*sin(X/2.5)*cos(Y/3)':cb='128+70*sin(X/31-N/2)':cr='128+70*cos(Y/17+N/3)',"
    "setparams=range=tv:colorspace=bt709"
)
LOSSLESS = ("-c:v", "libx264", "-qp", "0", "-colorspace", "bt709", "-color_range", "tv")


def test_every_effect_has_a_proof() -> None:
    """An effect without a reference in numpy has its own tests, which exist."""
    from tests.ffmpeg import test_transforms  # which builds on this module

    elsewhere = {
        "text_overlay": test_plan_text.test_awkward_text_is_drawn_as_typed,
        "captions": test_captions.test_each_caption_is_on_its_frames,
        "fade_in": test_plan_pictures.test_a_fade_of_n_frames_shows_k_of_n_at_its_frame_k,
        "fade_out": test_plan_pictures.test_the_whole_film_fades_to_its_background,
        "drop_shadow": test_transforms.test_a_shadow_falls_to_the_lower_right_and_outside_the_picture,
        "audio_fade_in": test_plan_sound.test_a_fade_of_sound_follows_its_curve,
        "audio_fade_out": test_plan_sound.test_a_fade_of_sound_follows_its_curve,
        "film_grain": test_grain_is_as_strong_as_asked_and_the_same_however_the_film_is_cut,
    }
    assert set(DEFINITIONS) == set(PROOFS) | set(SOUNDS) | set(elsewhere)
    assert not (set(PROOFS) | set(SOUNDS)) & set(elsewhere)


@pytest.fixture(scope="module", params=builds(), ids=lambda build: build.name)
def workshop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    build: Build = request.param
    made = Workshop(tmp_path_factory.mktemp("effects"), build)
    made.source("card.mp4", CARD, *LOSSLESS)
    return made


@pytest.fixture(scope="module")
def card(workshop: Workshop) -> list[Picture]:
    """The card's frames as the planner shows them without an effect."""
    plan = workshop.plan([Laid("card", 0, frames(WHOLE))], background=BACKGROUND)
    return pictures(workshop.drawn(plan.units[0]))


@pytest.fixture(scope="module")
def outside(workshop: Workshop) -> dict[str, list[Picture]]:
    """The segments around an effect, by key, drawn once: they are the same whatever the effect is."""
    units = segments(workshop, on_card("flip_vertical", {}))
    return {unit.key: pictures(workshop.drawn(unit)) for unit in (units[0], units[2])}


def pictures(planes: Planes) -> list[Picture]:
    every = np.ones((HEIGHT, WIDTH))
    return [Picture(*(plane.astype(float) for plane in frame), every) for frame in zip(*planes, strict=True)]


def wanted(kind: str, params: Params) -> dict[str, int | str]:
    """Parameters as the core keeps them."""
    return msgspec.msgpack.decode(rust_core.normalise_params(kind, msgspec.json.encode(params)))


def on_card(kind: str, params: Params) -> Laid:
    one = effect(kind, frames(FIRST), frames(LAST - FIRST), **wanted(kind, params))
    return Laid("card", 0, frames(WHOLE), effects=(one,))


def segments(workshop: Workshop, laid: Laid) -> list[Unit]:
    plan = workshop.plan([laid], background=BACKGROUND)
    units = {unit.key: unit for unit in plan.units}
    return [units[segment.key] for segment in plan.segments]


@pytest.mark.parametrize(
    ("kind", "params"), [*EXAMPLES, *CASES], ids=lambda value: value if isinstance(value, str) else ""
)
def test_an_effect_does_what_it_says_in_its_frames_and_nothing_outside(
    workshop: Workshop, card: list[Picture], outside: dict[str, list[Picture]], kind: str, params: Params
) -> None:
    before, during, after = segments(workshop, on_card(kind, params))
    assert [unit.expect.frames for unit in (before, during, after)] == [FIRST, LAST - FIRST, WHOLE - LAST]
    around = [*outside[before.key], *outside[after.key]]
    assert all(psnr(found, due) == 99 for found, due in zip(around, card[:FIRST] + card[LAST:], strict=True))

    usual = {name: of["default"] for name, of in DEFINITIONS[kind]["parameters"].items() if "default" in of}
    proof = PROOFS[kind]
    # the frames before and after are there to be told from the right ones
    made = [proof.reference(frame, usual | params) for frame in card[FIRST - 1 : LAST + 1]]
    found = pictures(workshop.drawn(during))
    assert len(found) == LAST - FIRST
    changed = False
    for number, picture in enumerate(found, 1):
        near = [psnr(picture, one.over(BLUE), proof.border, hard_edges(one.a)) for one in made]
        assert near[number] == max(near), f"frame {number} looks like frame {near.index(max(near))}"
        assert near[number] >= proof.least
        changed |= psnr(picture, card[FIRST - 1 + number], proof.border, hard_edges(made[number].a)) < near[number]
    assert changed


def test_grain_is_as_strong_as_asked_and_the_same_however_the_film_is_cut(
    workshop: Workshop, card: list[Picture]
) -> None:
    grain = effect("film_grain", frames(FIRST), frames(LAST - FIRST), **wanted("film_grain", {"strength": 0.05}))
    _, during, _ = segments(workshop, Laid("card", 0, frames(WHOLE), effects=(grain,)))
    shown = card[FIRST:LAST]
    found = pictures(workshop.drawn(during))
    grains = [one.y - other.y for one, other in zip(found, shown, strict=True)]
    for layer, one, other in zip(grains, found, shown, strict=True):
        inner = layer[(other.y > 60) & (other.y < 190)]
        assert abs(inner.mean()) < 0.6
        assert abs(inner.std() - 0.05 * 219) < 0.6
        assert np.array_equal(one.u, other.u) and np.array_equal(one.v, other.v)
    for one, other in pairwise(grains):
        assert abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]) < 0.05
    later = Laid(
        "card",
        frames(FIRST + 1),
        frames(2),
        effects=(effect("film_grain", **wanted("film_grain", {"strength": 0.05})),),
    )
    again = pictures(workshop.drawn(segments(workshop, later)[0]))
    assert [psnr(*pair) for pair in zip(again, found[1:], strict=True)] == [99, 99]


KEEPS_SHAPE = [kind for kind, of in DEFINITIONS.items() if of["category"] in ("color", "blur", "keying")]


@pytest.mark.parametrize("kind", KEEPS_SHAPE)
def test_what_is_transparent_stays_so(workshop: Workshop, kind: str) -> None:
    if "half" not in workshop.media:
        ground = f"color=red@1:s={WIDTH}x{HEIGHT},format=rgba,geq=r=200:g='Y':b='X/2':a='255*gte(X,W/2)'"
        workshop.source("half.png", ground, "-frames:v", "1")
    one = effect(kind, **wanted(kind, DEFINITIONS[kind]["example"]["params"]))
    y, u, v = workshop.drawn(segments(workshop, Laid("half", 0, frames(1), effects=(one,)))[0])
    gone = (y[0, :, : WIDTH // 2 - 4], u[0, :, : WIDTH // 4 - 2], v[0, :, : WIDTH // 4 - 2])
    assert all(np.all(np.abs(plane.astype(int) - level) <= 1) for plane, level in zip(gone, BLUE, strict=True))
    assert np.mean(np.abs(v[0, :, WIDTH // 4 + 2 :].astype(int) - BLUE[2])) > 3


def test_effects_and_texts_work_in_the_order_of_the_list(workshop: Workshop) -> None:
    grey = effect("grayscale", **wanted("grayscale", {}))
    red = title("HHHH", 0, frames(2), font_size=120, font_color="red")
    last, first = (
        workshop.drawn(segments(workshop, Laid("card", 0, frames(2), effects=order))[0])
        for order in ((grey, red), (red, grey))
    )
    assert last[2].max() >= 238 and np.count_nonzero(last[2] != 128) > 1000
    assert np.all(first[1] == 128) and np.all(first[2] == 128)


def test_an_effect_sees_one_picture_whether_a_text_before_it_shows_or_not(workshop: Workshop) -> None:
    """A text works on all of the clip's rectangle; what comes after it does so too, at every frame."""
    workshop.flat("tall.mp4", (100, 90, 160), size="60x180")
    text = title("H", frames(4), frames(4), font_size=16, position="top_left")
    cut = effect("crop", **wanted("crop", {"left": 0.45}))
    units = segments(workshop, Laid("tall", 0, frames(12), effects=(text, cut)))
    edges = [int(np.flatnonzero(workshop.drawn(unit)[0][0, 90] > 90)[0]) for unit in units]
    assert edges == [144, 144, 144]


def test_an_effect_on_the_whole_film_works_on_the_finished_picture(workshop: Workshop) -> None:
    """Over every layer, and its background shows where the effect takes the picture away."""
    corner = events.Transform(0, 0, 500_000, 500_000)
    laid = [Laid("card", 0, frames(4)), Laid("card", 0, frames(4), track=1, transform=corner)]
    plain = pictures(workshop.drawn(workshop.plan(laid, background=BACKGROUND).units[0]))
    whole = [effect(kind, **wanted(kind, params)) for kind, params in (("invert", {}), ("pan", {"x": 0.5}))]
    units = workshop.plan(laid, whole, BACKGROUND).units
    due = [PROOFS["pan"].reference(PROOFS["invert"].reference(one, {}), {"x": 0.5, "y": 0}).over(BLUE) for one in plain]
    found = pictures(workshop.drawn(units[0]))
    assert all(psnr(*pair) > 50 for pair in zip(found, due, strict=True))


def test_a_film_of_every_example_has_one_header_and_every_frame(workshop: Workshop) -> None:
    """Units as they are encoded and joined: one frame of each effect, one after the other."""
    clips = [
        Laid("card", 0, frames(1), at=frames(place), effects=(effect(kind, **wanted(kind, params)),))
        for place, (kind, params) in enumerate(EXAMPLES)
    ]
    plan = workshop.plan(clips, background=BACKGROUND)
    headers = {test_plan_pictures.header(workshop, workshop.unit(unit, {})) for unit in plan.units}
    assert len(headers) == 1
    assert len(workshop.pixels(workshop.film(plan))[0]) == plan.frames == len(EXAMPLES)


def test_a_fade_takes_along_what_an_effect_left(workshop: Workshop, card: list[Picture]) -> None:
    one = effect("opacity", **wanted("opacity", {"amount": 0.5}))
    unit = segments(workshop, Laid("card", 0, frames(8), fade_in=frames(8), effects=(one,)))[0]
    for number, (found, bare) in enumerate(zip(pictures(workshop.drawn(unit)), card, strict=False)):
        due = Picture(bare.y, bare.u, bare.v, np.full_like(bare.a, 0.5 * number / 8)).over(BLUE)
        assert psnr(found, due) > 42
