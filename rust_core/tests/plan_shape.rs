//! Plans are whole: every frame and sample is in one unit, and a unit reads no more than it shows.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

mod scenes;

use proptest::prelude::*;
use rust_core::command::Token;
use rust_core::model::{Clip, Fit, TrackKind, Value};
use rust_core::plan::{Plan, UnitKind};
use rust_core::time::{Span, Time};
use scenes::{CORNER, Scene, clip, lasting, title};

fn lengths(plan: &Plan) -> Vec<i64> {
    plan.segments.iter().map(|segment| segment.frames).collect()
}

fn words(plan: &Plan) -> Vec<String> {
    let tokens = plan.units.iter().flat_map(|unit| &unit.argv);
    tokens.filter_map(|token| if let Token::Literal(word) = token { Some(word.clone()) } else { None }).collect()
}

#[test]
fn a_stretch_is_cut_every_four_seconds_from_its_own_start() {
    let scene = Scene::new().track("t", vec![clip("wide", 0, 1000, 0), clip("wide", 5000, 15_000, 1000)]);
    assert_eq!(lengths(&scene.plan()), [30, 120, 120, 60]);
    let with_a_short_rest = Scene::new().track("t", vec![clip("wide", 0, 8900, 0)]);
    assert_eq!(lengths(&with_a_short_rest.plan()), [120, 147]);
}

#[test]
fn a_gap_is_background_and_equal_gaps_are_one_unit() {
    let scene = Scene::new().track("t", vec![clip("wide", 0, 1000, 1000), clip("wide", 0, 1000, 3000)]);
    let plan = scene.plan();
    assert_eq!(lengths(&plan), [30, 30, 30, 30]);
    let keys: Vec<&str> = plan.segments.iter().map(|segment| segment.key.as_str()).collect();
    assert_eq!((keys[0], keys[1]), (keys[2], keys[3]));
    assert_eq!(plan.units.iter().filter(|unit| unit.kind == UnitKind::Segment).count(), 2);
}

#[test]
fn a_gap_in_a_fade_of_the_film_is_a_gap() {
    let mut scene = Scene::new().track("t", vec![clip("wide", 0, 1000, 0), clip("wide", 0, 500, 2500)]);
    let mut fade = title("", 0, 1);
    fade.kind = "fade_out".to_owned();
    fade.params = [("duration".to_owned(), Value::Int(lasting(1500).0))].into();
    fade.window.duration = None;
    scene.effects.push(fade);
    let plan = scene.plan();
    assert_eq!(lengths(&plan), [30, 45, 15]);
    assert!(!words(&plan)[..].iter().any(|word| word.contains("fade=") && word.starts_with("color=")));
}

#[test]
fn what_is_covered_is_not_read_and_cuts_nothing() {
    let below = vec![clip("video", 0, 1500, 0), clip("video", 9000, 10_500, 1500)];
    let plan = Scene::new().track("below", below).track("above", vec![clip("wide", 0, 3000, 0)]).plan();
    assert_eq!(lengths(&plan), [90]);
    let segment = plan.units.iter().find(|unit| unit.kind == UnitKind::Segment).unwrap();
    assert_eq!(segment.media, ["wide".into()]);
}

#[test]
fn a_clip_that_fills_the_canvas_is_laid_on_nothing() {
    let alone = Scene::new().track("t", vec![clip("wide", 0, 1000, 0)]);
    assert!(!words(&alone.plan()).iter().any(|word| word.contains("overlay") || word.contains("scale=")));
    let mut small = clip("wide", 0, 1000, 0);
    small.transform = CORNER;
    let two = alone.clone().track("above", vec![small]).plan();
    assert!(words(&two).iter().any(|word| word.contains("overlay=x=640:y=360")));
}

#[test]
fn a_hidden_track_is_not_seen_and_a_muted_one_not_heard() {
    let mut scene = Scene::new().track("t", vec![clip("video", 0, 1000, 0)]);
    scene.tracks[0].0.hidden = true;
    let plan = scene.plan();
    assert!(plan.units.iter().all(|unit| unit.kind != UnitKind::Segment || unit.media.is_empty()));
    assert!(!plan.sound.is_empty());
    scene.tracks[0].0.muted = true;
    assert_eq!(scene.plan().sound, []);
}

#[test]
fn on_a_track_of_sound_a_film_is_only_heard() {
    let mut scene = Scene::new().track("t", vec![clip("video", 0, 1000, 0)]);
    scene.tracks[0].0.kind = TrackKind::Audio;
    let plan = scene.plan();
    assert!(plan.units.iter().all(|unit| unit.media.is_empty() == (unit.kind != UnitKind::Mix)));
}

#[test]
fn a_title_cuts_where_it_comes_and_goes() {
    let scene = Scene::new().track("t", vec![clip("wide", 0, 3000, 0)]).effect(title("Hello", 1000, 500));
    let plan = scene.plan();
    assert_eq!(lengths(&plan), [30, 15, 45]);
    let drawn: Vec<bool> = plan.units.iter().map(|unit| unit.files.contains_key("title0.txt")).collect();
    assert_eq!(drawn[..3], [false, true, false]);
}

#[test]
fn a_graph_too_long_for_the_command_line_goes_through_a_file() {
    let mut scene = Scene::new().track("t", vec![clip("wide", 0, 1000, 0)]);
    for _ in 0..600 {
        scene = scene.effect(title("Hello", 0, 1000));
    }
    let plan = scene.plan();
    let unit = &plan.units[0];
    assert!(unit.files["graph.txt"].len() > 100_000);
    assert!(unit.argv.contains(&Token::Literal("-filter_complex_script".to_owned())));
    assert!(words(&plan).iter().all(|word| word.len() < 100_000));
}

#[test]
fn odd_places_come_to_lie_on_even_pixels() {
    let mut small = clip("video", 0, 1000, 0);
    small.transform.x.0 = 333_333;
    small.transform.width.0 = 277_777;
    small.fit = Fit::Cover;
    let graph = words(&Scene::new().track("t", vec![small]).plan()).join(" ");
    let overlay = graph.split("overlay=x=").nth(1).unwrap();
    let x: i64 = overlay.split(':').next().unwrap().parse().unwrap();
    assert_eq!(x % 2, 0);
}

fn clips() -> impl Strategy<Value = Vec<Clip>> {
    proptest::collection::vec((0_i64..200_000_000, 1_i64..9_000_000_000, 0_usize..2), 1..12).prop_map(|parts| {
        let mut now = 0;
        let mut clips = Vec::new();
        for (gap, length, source) in parts {
            let mut clip = clip(["video", "wide"][source], 100, 0, 0);
            clip.at = Time(now + gap);
            clip.out_point = clip.in_point.plus(Span(length));
            now = clip.end().0;
            clips.push(clip);
        }
        clips
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn segments_and_parts_add_up_to_the_film(lower in clips(), upper in clips()) {
        let upper = upper.into_iter().map(|clip| Clip { transform: CORNER, ..clip }).collect();
        let scene = Scene::new().track("lower", lower).track("upper", upper);
        prop_assume!(scene.tracks.iter().any(|(_, clips)| clips.iter().any(|(clip, _)| clip.end().0 > 12_000_000)));
        let plan = scene.plan();
        let mut next = 0;
        for segment in &plan.segments {
            prop_assert_eq!(segment.start_frame, next);
            prop_assert!(segment.frames > 0);
            let unit = plan.units.iter().find(|unit| unit.key == segment.key).unwrap();
            prop_assert_eq!(unit.expect.frames, Some(segment.frames));
            next += segment.frames;
        }
        prop_assert_eq!(next, plan.frames);
        prop_assert_eq!(plan.samples, (plan.frames * 48_000 + 15) / 30);
        let mut packets = 0;
        for chunk in &plan.sound {
            let unit = plan.units.iter().find(|unit| unit.key == chunk.key).unwrap();
            let samples = unit.expect.samples.unwrap();
            let first = (packets - chunk.skip) * 1024;
            packets += chunk.packets;
            prop_assert!(first >= 0 && first + samples <= plan.samples);
            prop_assert!(first + samples == plan.samples || samples > (chunk.skip + chunk.packets) * 1024);
        }
        prop_assert_eq!(packets, (plan.samples + 1023) / 1024 + 1);
    }

    #[test]
    fn no_text_changes_a_word_of_a_command(text in "\\PC{1,80}") {
        let scene = |text: &str| Scene::new().track("t", vec![clip("wide", 0, 1000, 0)]).effect(title(text, 0, 500));
        let (typed, plain) = (scene(&text).plan(), scene("plain").plan());
        let files = &typed.units[0].files;
        prop_assert_eq!(&files["title0.txt"], &text);
        prop_assert_eq!(&typed.units[0].argv, &plain.units[0].argv);
    }
}
