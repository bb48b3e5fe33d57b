//! The public document of a project: what `GET /projects/{id}` answers, in people's units, written from integers.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Number, Value as Json, json};

use crate::decimal::{fraction, seconds};
use crate::effect::{self, Signature, to_json};
use crate::error::{Code, CoreError};
use crate::keyframes::{Bezier, Curve, Easing, Key, Keyframes};
use crate::model::{Clip, Effect, Fit, MediaKind, Output, Params, Track, TrackKind, Transform};
use crate::state::{Placed, State};
use crate::time::{Rate, Time};
use crate::transition::{self, Align, Crossfade, Transition};

/// A project's document as JSON, or `unknown_project`.
pub fn json(state: &State) -> Result<Vec<u8>, CoreError> {
    let document = Document::of(state)?;
    serde_json::to_vec(&document).map_err(|error| CoreError::new(Code::MalformedFact, error.to_string()))
}

#[derive(Serialize)]
struct Document<'a> {
    version: u64,
    name: &'a str,
    output: OutputView<'a>,
    tracks: Vec<TrackView<'a>>,
    transitions: Vec<TransitionView<'a>>,
    global_effects: Vec<EffectView<'a>>,
    duration: Number,
    frames: i64,
}

#[derive(Serialize)]
struct OutputView<'a> {
    width: u32,
    height: u32,
    fps: Json,
    sample_rate: u32,
    background: &'a str,
}

#[derive(Serialize)]
struct TrackView<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: TrackKind,
    name: &'a str,
    volume: Number,
    muted: bool,
    hidden: bool,
    locked: bool,
    clips: Vec<ClipView<'a>>,
}

#[derive(Serialize)]
struct ClipView<'a> {
    id: &'a str,
    track: &'a str,
    source: &'a str,
    kind: MediaKind,
    in_point: Number,
    out_point: Number,
    timeline_start: Number,
    timeline_end: Number,
    start_frame: i64,
    end_frame: i64,
    volume: Number,
    fade_in: Number,
    fade_out: Number,
    fit: Fit,
    transform: TransformView,
    keyframes: BTreeMap<&'a str, Vec<KeyView>>,
    group: Option<&'a str>,
    effects: Vec<EffectView<'a>>,
}

#[derive(Serialize)]
struct TransformView {
    x: Number,
    y: Number,
    width: Number,
    height: Number,
    rotation: Number,
    opacity: Number,
}

#[derive(Serialize)]
struct EffectView<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    params: Map<String, Json>,
    start: Number,
    duration: Option<Number>,
    keyframes: BTreeMap<&'a str, Vec<KeyView>>,
}

#[derive(Serialize)]
struct TransitionView<'a> {
    id: &'a str,
    from: &'a str,
    to: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    params: Map<String, Json>,
    duration: Number,
    align: Align,
    sound: Crossfade,
    timeline_start: Number,
    timeline_end: Number,
    start_frame: i64,
    end_frame: i64,
}

#[derive(Serialize)]
struct KeyView {
    t: Number,
    value: Number,
    easing: Json,
}

impl<'a> Document<'a> {
    fn of(state: &'a State) -> Result<Self, CoreError> {
        let output = state.output()?;
        let tracks = state.tracks().map(|track| TrackView::of(state, track, output.fps));
        let transitions = state.transitions().map(|transition| TransitionView::of(state, transition, output.fps));
        Ok(Self {
            version: state.version(),
            name: state.name()?,
            output: OutputView::of(output),
            tracks: tracks.collect::<Result<_, _>>()?,
            transitions: transitions.collect::<Result<_, _>>()?,
            global_effects: views(state.global_effects())?,
            duration: seconds(Time::ZERO.plus(state.duration())),
            frames: state.frames(),
        })
    }
}

impl<'a> OutputView<'a> {
    fn of(output: &'a Output) -> Self {
        let (num, den) = (output.fps.num(), output.fps.den());
        Self {
            width: output.width,
            height: output.height,
            fps: if den == 1 { num.into() } else { format!("{num}/{den}").into() },
            sample_rate: output.sample_rate,
            background: &output.background,
        }
    }
}

impl<'a> TrackView<'a> {
    fn of(state: &'a State, track: &'a Track, fps: Rate) -> Result<Self, CoreError> {
        Ok(Self {
            id: &track.id,
            kind: track.kind,
            name: &track.name,
            volume: fraction(track.volume),
            muted: track.muted,
            hidden: track.hidden,
            locked: track.locked,
            clips: state.placed_on(&track.id).map(|placed| ClipView::of(placed, fps)).collect::<Result<_, _>>()?,
        })
    }
}

impl<'a> ClipView<'a> {
    fn of(placed: &'a Placed, fps: Rate) -> Result<Self, CoreError> {
        let clip: &Clip = &placed.clip;
        Ok(Self {
            id: &clip.id,
            track: &clip.track,
            source: &clip.source.media,
            kind: clip.source.kind,
            in_point: seconds(clip.in_point),
            out_point: seconds(clip.out_point),
            timeline_start: seconds(clip.at),
            timeline_end: seconds(clip.end()),
            start_frame: fps.boundary(clip.at),
            end_frame: fps.boundary(clip.end()),
            volume: fraction(clip.volume),
            fade_in: seconds(Time::ZERO.plus(clip.fade_in)),
            fade_out: seconds(Time::ZERO.plus(clip.fade_out)),
            fit: clip.fit,
            transform: TransformView::of(&clip.transform),
            keyframes: keys(&clip.keyframes),
            group: Some(clip.group.as_str()).filter(|group| !group.is_empty()),
            effects: views(&placed.effects)?,
        })
    }
}

impl TransformView {
    fn of(transform: &Transform) -> Self {
        Self {
            x: fraction(transform.x),
            y: fraction(transform.y),
            width: fraction(transform.width),
            height: fraction(transform.height),
            rotation: fraction(transform.rotation),
            opacity: fraction(transform.opacity),
        }
    }
}

fn views(effects: &[std::sync::Arc<Effect>]) -> Result<Vec<EffectView<'_>>, CoreError> {
    effects.iter().map(|effect| EffectView::of(effect)).collect()
}

fn keys(keyframes: &Keyframes) -> BTreeMap<&str, Vec<KeyView>> {
    let views = |curve: &Curve| curve.0.iter().map(KeyView::of).collect();
    keyframes.iter().map(|(name, curve)| (name.as_str(), views(curve))).collect()
}

impl KeyView {
    fn of(key: &Key) -> Self {
        let easing = match key.easing {
            Easing::Named(name) => json!(name),
            Easing::Bezier(Bezier { x1, y1, x2, y2 }) => json!([x1, y1, x2, y2].map(fraction)),
        };
        Self { t: seconds(key.t), value: fraction(key.value), easing }
    }
}

fn params(takes: Signature, params: &Params) -> Result<Map<String, Json>, CoreError> {
    let written = params.iter().map(|(name, value)| Ok((name.clone(), to_json(takes.parameter(name)?.kind, value))));
    written.collect()
}

impl<'a> TransitionView<'a> {
    fn of(state: &State, transition: &'a Transition, fps: Rate) -> Result<Self, CoreError> {
        let (start, end) = transition.around(state.clip(&transition.to)?.at);
        Ok(Self {
            id: &transition.id,
            from: &transition.from,
            to: &transition.to,
            kind: &transition.kind,
            params: params(transition::find(&transition.kind)?.signature(), &transition.params)?,
            duration: seconds(Time::ZERO.plus(transition.duration)),
            align: transition.align,
            sound: transition.sound,
            timeline_start: seconds(start),
            timeline_end: seconds(end),
            start_frame: fps.boundary(start),
            end_frame: fps.boundary(end),
        })
    }
}

impl<'a> EffectView<'a> {
    fn of(effect: &'a Effect) -> Result<Self, CoreError> {
        Ok(Self {
            id: &effect.id,
            kind: &effect.kind,
            params: params(effect::find(&effect.kind)?.signature(), &effect.params)?,
            start: seconds(effect.window.start),
            duration: effect.window.duration.map(|duration| seconds(Time::ZERO.plus(duration))),
            keyframes: keys(&effect.keyframes),
        })
    }
}
