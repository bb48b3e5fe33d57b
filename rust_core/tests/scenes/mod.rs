//! Small timelines and their sources, written down as briefly as they are thought.

#![allow(dead_code, reason = "each test file uses its own share")]

use std::collections::BTreeMap;

use rust_core::keyframes::Keyframes;
use rust_core::media::{Library, MediaFile};
use rust_core::model::{
    Clip, Effect, Fit, MediaKind, Micro, Output, Params, Source, Track, TrackKind, Transform, Value, Window,
};
use rust_core::plan::{Laid, Lane, Plan, Request, Timeline, plan};
use rust_core::time::{FLICKS_PER_SECOND, Rate, Span, Time};
use rust_core::transition::{Align, Crossfade, Transition};
use serde_json::{Value as Json, json};

/// Milliseconds as a point.
pub fn at(millis: i64) -> Time {
    Time(millis * (FLICKS_PER_SECOND / 1000))
}

/// Milliseconds as a length.
pub fn lasting(millis: i64) -> Span {
    at(millis).since(Time::ZERO)
}

/// A clip with its effects.
type Piece = (Clip, Vec<Effect>);

/// H.264 of a quality.
pub fn picture(quality: &str) -> Json {
    let argv = ["-c:v", "libx264", "-crf", quality, "-threads", "1"];
    json!({"colours": "film", "piece": {"argv": argv, "muxer": "mp4", "suffix": ".mp4"}})
}

/// A project that owns its parts.
#[derive(Clone)]
pub struct Scene {
    pub output: Output,
    pub tracks: Vec<(Track, Vec<Piece>)>,
    pub effects: Vec<Effect>,
    pub joints: Vec<Transition>,
    pub library: BTreeMap<String, Json>,
    pub request: Json,
}

impl Scene {
    /// 1280x720 at 30, with a library of `video` (640x360 at 25, stereo), `wide` (1280x720 at 30) and `music`.
    pub fn new() -> Self {
        let output = Output {
            width: 1280,
            height: 720,
            fps: Rate::new(30, 1).unwrap(),
            sample_rate: 48_000,
            background: "black".to_owned(),
        };
        let sources = [
            ("video", media("video", Some((640, 360, 25)), true)),
            ("wide", media("wide", Some((1280, 720, 30)), true)),
            ("music", media("music", None, true)),
        ];
        Self {
            output,
            tracks: Vec::new(),
            effects: Vec::new(),
            joints: Vec::new(),
            library: sources.into_iter().map(|(name, file)| (name.to_owned(), file)).collect(),
            request: json!({
                "picture": picture("23"),
                "sound": {"encoder": {"argv": ["-c:a", "aac"], "muxer": "mp4", "suffix": ".m4a"}},
                "ffmpeg": {"build": "one", "script_option": "-filter_complex_script"},
                "fonts": {"title": "ab".repeat(32)},
            }),
        }
    }

    /// With one more video track on top.
    pub fn track(mut self, id: &str, clips: Vec<Clip>) -> Self {
        let track = Track {
            id: id.into(),
            kind: TrackKind::Video,
            name: id.to_owned(),
            volume: Micro::ONE,
            muted: false,
            hidden: false,
            locked: false,
        };
        self.tracks.push((track, clips.into_iter().map(|clip| (clip, Vec::new())).collect()));
        self
    }

    /// With an effect on the first clip of the first track.
    pub fn effect(mut self, effect: Effect) -> Self {
        self.tracks[0].1[0].1.push(effect);
        self
    }

    /// Its plan.
    pub fn plan(&self) -> Plan {
        let lanes = self
            .tracks
            .iter()
            .map(|(track, clips)| Lane { track, clips: clips.iter().map(|piece| self.laid(piece)).collect() });
        let timeline =
            Timeline { output: &self.output, tracks: lanes.collect(), effects: self.effects.iter().collect() };
        let files = self.library.iter().map(|(id, file)| (id.as_str().into(), read(file)));
        let library: Library = files.collect();
        let request: Request = serde_json::from_value(self.request.clone()).unwrap();
        plan(&timeline, &library, &request).unwrap()
    }

    fn laid<'s>(&'s self, (clip, effects): &'s Piece) -> Laid<'s> {
        Laid {
            clip,
            effects: effects.iter().collect(),
            entering: self.joints.iter().find(|joint| joint.to == clip.id),
            leaving: self.joints.iter().find(|joint| joint.from == clip.id),
        }
    }

    /// Its segments' keys.
    pub fn keys(&self) -> Vec<String> {
        self.plan().segments.into_iter().map(|segment| segment.key).collect()
    }
}

fn read(file: &Json) -> MediaFile {
    serde_json::from_value(file.clone()).unwrap()
}

/// A file of the library; `picture` is its size and frames a second.
pub fn media(id: &str, picture: Option<(u32, u32, u32)>, sound: bool) -> Json {
    let video = picture.map(|(width, height, rate)| {
        json!({
            "index": 0, "codec": "h264", "width": width, "height": height, "sar": {"num": 1, "den": 1}, "rotation": 0,
            "time_base": {"num": 1, "den": 1000 * rate},
            "frames": {"first": 0, "runs": [[1000, 100 * rate]], "last_duration": 1000},
            "pix_fmt": "yuv420p", "color_range": "tv", "color_space": "bt709", "color_primaries": null,
            "color_transfer": null,
        })
    });
    let audio = sound.then(|| {
        json!({
            "index": 1, "codec": "aac", "sample_rate": 44_100, "channels": 2, "start": 0,
            "duration": 100 * FLICKS_PER_SECOND,
        })
    });
    json!({
        "id": id, "kind": if video.is_some() { "video" } else { "audio" }, "sha256": format!("{id:0>64}"),
        "demuxer": "mov", "exact_seek": true, "origin": 0, "duration": 100 * FLICKS_PER_SECOND,
        "video": video, "audio": audio,
    })
}

/// Milliseconds `[from, to)` of a source, `start` into the film.
pub fn clip(source: &str, from: i64, to: i64, start: i64) -> Clip {
    let kind = if source == "music" { MediaKind::Audio } else { MediaKind::Video };
    Clip {
        id: format!("clip-{start}").into(),
        track: "t".into(),
        source: Source { media: source.into(), kind, duration: Some(lasting(100_000)), sound: true },
        in_point: at(from),
        out_point: at(to),
        at: at(start),
        volume: Micro::ONE,
        fade_in: Span::ZERO,
        fade_out: Span::ZERO,
        fit: Fit::Contain,
        transform: Transform::FULL,
        keyframes: Keyframes::new(),
        group: String::new(),
    }
}

/// A dissolve between two clips, so many milliseconds long.
pub fn dissolve(from: &str, to: &str, length: i64) -> Transition {
    Transition {
        id: "dissolve".into(),
        from: from.into(),
        to: to.into(),
        kind: "dissolve".to_owned(),
        params: Params::new(),
        duration: lasting(length),
        align: Align::Center,
        sound: Crossfade::EqualPower,
    }
}

/// A quarter of the canvas, in its lower right.
pub const CORNER: Transform = Transform {
    x: Micro(500_000),
    y: Micro(500_000),
    width: Micro(500_000),
    height: Micro(500_000),
    ..Transform::FULL
};

/// A title over `[start, start + length)` milliseconds of its clip.
pub fn title(text: &str, start: i64, length: i64) -> Effect {
    let params = [
        ("text", Value::Text(text.to_owned())),
        ("position", Value::Text("bottom".to_owned())),
        ("font_size", Value::Int(48)),
        ("font_color", Value::Text("white".to_owned())),
        ("fade_in", Value::Int(0)),
        ("fade_out", Value::Int(0)),
    ];
    Effect {
        id: "title".into(),
        kind: "text_overlay".to_owned(),
        params: params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        window: Window { start: at(start), duration: Some(lasting(length)) },
        keyframes: Keyframes::new(),
    }
}
