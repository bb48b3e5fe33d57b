//! Projects nobody chose: small numbers, read against the state they meet, become facts; what is refused is left out.

use std::sync::Arc;

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use rust_core::error::Code;
use rust_core::fact::{
    ClipAdded, ClipChanged, ClipRemoved, EffectAdded, EffectChanged, EffectRemoved, EffectsOrdered, Fact,
    GlobalEffectAdded, GlobalEffectChanged, GlobalEffectRemoved, GlobalEffectsOrdered, OutputSet, ProjectCreated,
    ProjectRenamed, TrackAdded, TrackChanged, TrackRemoved, TracksOrdered, TransitionAdded, TransitionChanged,
    TransitionRemoved,
};
use rust_core::keyframes::{Bezier, Curve, Easing, Key, Keyframes, Name};
use rust_core::model::{
    Clip, Effect, Fit, Id, MediaKind, Micro, Output, Params, Source, Track, TrackKind, Transform, Value, Window,
};
use rust_core::state::State;
use rust_core::time::{FLICKS_PER_SECOND, Rate, Span, Time};
use rust_core::transition::{Align, Crossfade, Transition};

/// How many cases to try; `PROPTEST_CASES=2560` is ten times as many. A failure's seed is written beside the test, and
/// committed with what mends it.
pub fn config(cases: u32) -> ProptestConfig {
    let beside = FileFailurePersistence::WithSource("regressions");
    let usual = ProptestConfig::default();
    let cases = cases * usual.cases.div_ceil(256);
    ProptestConfig { cases, failure_persistence: Some(Box::new(beside)), ..usual }
}

/// What says clearly enough that something came in between.
#[allow(dead_code, reason = "each test file uses its own share")]
pub const TOLD: [Code; 6] = [
    Code::IdTaken,
    Code::TrackLocked,
    Code::OutOfRange,
    Code::TransitionBroken,
    Code::TransitionsOverlap,
    Code::NoHandles,
];

/// One attempt: what to do and with which of the things there are.
pub type Attempt = (u8, u8, u8, u8);

/// A list of attempts.
pub fn attempts(most: usize) -> impl Strategy<Value = Vec<Attempt>> {
    prop::collection::vec((0..30_u8, any::<u8>(), any::<u8>(), any::<u8>()), 0..most)
}

/// A project from what was possible of the attempts, and its facts.
pub fn project(attempts: &[Attempt]) -> (State, Vec<Fact>) {
    let created = Fact::from(ProjectCreated { name: "Film".to_owned(), output: output(0) });
    let begun = State::default().apply(std::slice::from_ref(&created)).unwrap_or_default();
    attempts.iter().fold((begun, vec![created]), |(state, mut facts), attempt| match try_one(&state, *attempt) {
        Some((next, fact)) => {
            facts.push(fact);
            (next, facts)
        }
        None => (state, facts),
    })
}

/// The fact that an attempt comes to and the state after it, where it is possible.
pub fn try_one(state: &State, attempt: Attempt) -> Option<(State, Fact)> {
    let fact = fact(state, attempt)?;
    state.apply(std::slice::from_ref(&fact)).ok().map(|next| (next, fact))
}

fn fact(state: &State, (kind, a, b, c): Attempt) -> Option<Fact> {
    Some(match kind {
        0 => ProjectRenamed { name: format!("Film {a}") }.into(),
        1 => OutputSet { output: output(a) }.into(),
        2 | 3 => TrackAdded { track: track(a, b), index: u32::from(c % 4) }.into(),
        4 => TrackChanged {
            name: Some(format!("{b}")),
            muted: (c & 1 == 0).then_some(b & 1 == 0),
            locked: (c & 2 == 0).then_some(b & 2 == 0),
            ..TrackChanged::of(nth(state.tracks(), a)?.id.clone())
        }
        .into(),
        5 => TrackRemoved { track: nth(state.tracks(), a)?.id.clone() }.into(),
        6 => TracksOrdered { tracks: turned(state.tracks().map(|track| track.id.clone()), a) }.into(),
        7..=9 => ClipAdded { clip: clip(nth(state.tracks(), b)?, a, c) }.into(),
        10 | 11 => changed(nth(state.clips(), a)?, nth(state.tracks(), b)?, c).into(),
        12 => ClipRemoved { clip: nth(state.clips(), a)?.id.clone() }.into(),
        13 | 14 => {
            EffectAdded { clip: nth(state.clips(), b)?.id.clone(), effect: effect(a, c), index: u32::from(c % 3) }
                .into()
        }
        15 => {
            let effect = nth(effects(state, a)?.iter(), b)?;
            EffectChanged {
                effect: effect.id.clone(),
                params: params(effect, c),
                window: Some(window(b)),
                keyframes: keyframes(effect, a),
            }
            .into()
        }
        16 => EffectRemoved { effect: nth(effects(state, a)?.iter(), b)?.id.clone() }.into(),
        17 | 25 => {
            let clip = nth(state.clips(), a)?;
            let order = turned(effects(state, a)?.iter().map(|effect| effect.id.clone()), b);
            EffectsOrdered { clip: clip.id.clone(), effects: order }.into()
        }
        18 | 24 => GlobalEffectAdded { effect: effect(a, b), index: u32::from(c % 3) }.into(),
        26 | 27 => TransitionAdded { transition: transition(state, a, b, c)? }.into(),
        28 => TransitionChanged {
            transition: nth(state.transitions(), a)?.id.clone(),
            from: None,
            transition_type: None,
            params: None,
            duration: (c & 1 == 0).then_some(Span(i64::from(b) * 1_000_000)),
            align: (c & 2 == 0).then_some(Align::Start),
            sound: (c & 4 == 0).then_some(Crossfade::Cut),
        }
        .into(),
        29 => TransitionRemoved { transition: nth(state.transitions(), a)?.id.clone() }.into(),
        _ => film(state, a, b, c)?,
    })
}

/// From some clip to the one that starts where it ends, if there is one.
fn transition(state: &State, a: u8, b: u8, c: u8) -> Option<Transition> {
    let from = nth(state.clips(), a)?;
    let to = state.clips_on(&from.track).find(|clip| clip.at == from.end())?;
    Some(Transition {
        id: if b < 200 { format!("t{}", b % 8).into() } else { id(b) },
        from: from.id.clone(),
        to: to.id.clone(),
        kind: "dissolve".to_owned(),
        params: Params::new(),
        duration: Span(i64::from(c) * 500_000 + 1),
        align: [Align::Center, Align::Start, Align::End][usize::from(b % 3)],
        sound: Crossfade::EqualPower,
    })
}

fn film(state: &State, a: u8, b: u8, c: u8) -> Option<Fact> {
    let effects = state.global_effects();
    let effect = nth(effects.iter(), b)?;
    Some(match a % 3 {
        0 => GlobalEffectRemoved { effect: effect.id.clone() }.into(),
        1 => {
            GlobalEffectChanged { effect: effect.id.clone(), params: params(effect, c), window: None, keyframes: None }
                .into()
        }
        _ => GlobalEffectsOrdered { effects: turned(effects.iter().map(|effect| effect.id.clone()), c) }.into(),
    })
}

/// One pool for every kind of thing: an id may be a track here and a clip there.
fn id(number: u8) -> Id {
    format!("i{}", number % 14).into()
}

fn nth<T>(items: impl Iterator<Item = T>, number: u8) -> Option<T> {
    let mut items: Vec<T> = items.collect();
    let place = usize::from(number).checked_rem(items.len())?;
    Some(items.swap_remove(place))
}

fn turned(items: impl Iterator<Item = Id>, by: u8) -> Vec<Id> {
    let mut items: Vec<Id> = items.collect();
    let by = usize::from(by).checked_rem(items.len()).unwrap_or_default();
    items.rotate_left(by);
    items
}

fn effects(state: &State, clip: u8) -> Option<&[Arc<Effect>]> {
    state.effects_of(&nth(state.clips(), clip)?.id).ok()
}

fn output(number: u8) -> Output {
    let rates = [(30, 1), (30_000, 1001), (25, 1), (24_000, 1001)];
    let (num, den) = rates[usize::from(number) % rates.len()];
    let fps = Rate::new(num, den).unwrap_or_else(|_| unreachable!("a listed rate"));
    Output {
        width: 1280 + 2 * u32::from(number),
        height: 720,
        fps,
        sample_rate: 48_000,
        background: "#000000".to_owned(),
    }
}

fn track(number: u8, kind: u8) -> Track {
    Track {
        id: id(number),
        kind: if kind.is_multiple_of(3) { TrackKind::Audio } else { TrackKind::Video },
        name: String::new(),
        volume: Micro::ONE,
        muted: false,
        hidden: false,
        locked: kind.is_multiple_of(5),
    }
}

fn clip(track: &Track, number: u8, place: u8) -> Clip {
    Clip {
        id: id(number),
        track: track.id.clone(),
        source: Source {
            media: "m1".into(),
            kind: MediaKind::Video,
            duration: Some(Span(20 * FLICKS_PER_SECOND)),
            sound: true,
        },
        in_point: Time(i64::from(number) * 1_000_003),
        out_point: Time(i64::from(number) * 1_000_003 + FLICKS_PER_SECOND + i64::from(place)),
        at: Time(i64::from(place / 8) * FLICKS_PER_SECOND),
        volume: Micro(i64::from(number) * 1000),
        fade_in: Span(i64::from(place)),
        fade_out: Span::ZERO,
        fit: if number.is_multiple_of(2) { Fit::Contain } else { Fit::Cover },
        transform: Transform::FULL,
        keyframes: Keyframes::new(),
        group: String::new(),
    }
}

fn changed(clip: &Clip, onto: &Track, number: u8) -> ClipChanged {
    let bit = |bit: u8| number >> bit & 1 == 1;
    ClipChanged {
        clip: clip.id.clone(),
        track: bit(0).then(|| onto.id.clone()),
        source: bit(1).then(|| Source { media: "m2".into(), ..clip.source.clone() }),
        in_point: bit(2).then_some(Time(i64::from(number))),
        out_point: bit(3).then_some(Time(2 * FLICKS_PER_SECOND + i64::from(number))),
        at: bit(4).then(|| Time(i64::from(number) * FLICKS_PER_SECOND / 4)),
        volume: bit(5).then_some(Micro(i64::from(number))),
        fade_in: bit(6).then_some(Span(i64::from(number) * 1000)),
        fade_out: bit(7).then_some(Span(i64::from(number))),
        fit: bit(1).then_some(Fit::Stretch),
        transform: bit(2).then_some(Transform {
            x: Micro(i64::from(number)),
            rotation: Micro(i64::from(bit(7)) * 90_000_000),
            opacity: Micro(1_000_000 - i64::from(number)),
            ..Transform::FULL
        }),
        keyframes: bit(3).then(|| gliding(number)),
        group: bit(6).then(|| if bit(0) { "g".to_owned() } else { String::new() }),
    }
}

/// A rectangle that moves, or one that does not.
fn gliding(number: u8) -> Keyframes {
    let key = |t: i64| Key { t: Time(t), value: Micro(t), easing: Easing::Named(Name::Linear) };
    if number.is_multiple_of(2) {
        return Keyframes::new();
    }
    [("opacity".to_owned(), Curve(vec![key(i64::from(number)), key(1000)]))].into()
}

fn effect(number: u8, kind: u8) -> Effect {
    // ids of their own for most, so that chains grow; from the common pool for the rest
    let id: Id = if number < 200 { format!("e{}", number % 16).into() } else { self::id(number) };
    let (kind, name, value) = match kind % 4 {
        0 => ("fade_in", "duration", FLICKS_PER_SECOND),
        1 => ("fade_out", "duration", FLICKS_PER_SECOND),
        2 => ("volume", "gain", 500_000),
        _ => {
            return Effect {
                id,
                kind: "text_overlay".to_owned(),
                params: text(number),
                window: window(number),
                keyframes: moving(number),
            };
        }
    };
    let params = [(name.to_owned(), Value::Int(value))].into();
    Effect { id, kind: kind.to_owned(), params, window: Window::WHOLE, keyframes: Keyframes::new() }
}

fn text(number: u8) -> Params {
    [
        ("text", Value::Text(format!("It's {number}% \"done\", [a;b]: c\\d 🦦"))),
        ("position", Value::Text("top".to_owned())),
        ("font_size", Value::Int(8 + i64::from(number))),
        ("font_color", Value::Text("white".to_owned())),
        ("fade_in", Value::Int(0)),
        ("fade_out", Value::Int(0)),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

/// A text that grows, or one that does not.
fn moving(number: u8) -> Keyframes {
    if number.is_multiple_of(2) {
        return Keyframes::new();
    }
    let x1 = Micro(i64::from(number));
    let key = |t: i64, easing| Key { t: Time(t), value: Micro(1_000_000 * (8 + t.abs())), easing };
    let keys = vec![
        key(-i64::from(number), Easing::Bezier(Bezier { x1, y1: Micro(0), x2: Micro::ONE, y2: Micro::ONE })),
        key(i64::from(number), Easing::Named(Name::EaseInOut)),
    ];
    [("font_size".to_owned(), Curve(keys))].into()
}

fn keyframes(effect: &Effect, number: u8) -> Option<Keyframes> {
    (effect.kind == "text_overlay" && number.is_multiple_of(3)).then(|| moving(number))
}

fn params(effect: &Effect, number: u8) -> Option<Params> {
    match effect.kind.as_str() {
        "text_overlay" => Some(text(number)),
        "volume" => Some([("gain".to_owned(), Value::Int(i64::from(number)))].into()),
        _ => None,
    }
}

fn window(number: u8) -> Window {
    let duration = number.is_multiple_of(2).then_some(Span(FLICKS_PER_SECOND + i64::from(number)));
    Window { start: Time(i64::from(number)), duration }
}
