//! A result is used again exactly when nothing that determines its bytes has changed.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

mod scenes;

use std::collections::BTreeSet;

use proptest::prelude::*;
use rust_core::model::{Fit, Micro, Value};
use scenes::{CORNER, Scene, at, clip, lasting, title};

fn scene() -> Scene {
    Scene::new()
        .track("below", vec![clip("video", 1000, 4000, 0), clip("wide", 0, 9000, 3000)])
        .effect(title("Hello", 500, 1000))
}

fn every_key(scene: &Scene) -> BTreeSet<String> {
    scene.plan().units.into_iter().map(|unit| unit.key).collect()
}

#[test]
fn names_ids_and_places_determine_nothing() {
    let scene = scene();
    let mut other = scene.clone();
    for (track, clips) in &mut other.tracks {
        track.name = "Renamed".to_owned();
        track.id = "other".into();
        track.locked = true;
        for (clip, effects) in clips {
            clip.id = format!("{}-renamed", clip.id).into();
            for effect in effects {
                effect.id = "renamed".into();
            }
        }
    }
    other.request["fonts"] = serde_json::json!({"renamed": "ab".repeat(32)});
    let mut moved = other.library.remove("video").unwrap();
    moved["id"] = "elsewhere".into();
    other.library.insert("elsewhere".to_owned(), moved);
    other.tracks[0].1[0].0.source.media = "elsewhere".into();
    assert_eq!(every_key(&other), every_key(&scene));
}

/// What is changed, and how.
type Change = (&'static str, fn(&mut Scene));

#[test]
fn whatever_shows_makes_its_segments_new() {
    let scene = scene();
    let changes: [Change; 15] = [
        ("in point", |scene| scene.tracks[0].1[0].0.in_point = at(1040)),
        ("source", |scene| scene.tracks[0].1[0].0.source.media = "wide".into()),
        ("fit", |scene| {
            scene.tracks[0].1[0].0.fit = Fit::Cover;
            scene.output.height = 960;
        }),
        ("place", |scene| scene.tracks[0].1[0].0.transform = CORNER),
        ("fade", |scene| scene.tracks[0].1[0].0.fade_in = lasting(100)),
        ("text", |scene| {
            scene.tracks[0].1[0].1[0].params.insert("text".to_owned(), Value::Text("Hullo".to_owned()));
        }),
        ("text size", |scene| {
            scene.tracks[0].1[0].1[0].params.insert("font_size".to_owned(), Value::Int(49));
        }),
        ("font", |scene| scene.request["fonts"]["title"] = "cd".repeat(32).into()),
        ("quality", |scene| scene.request["picture"] = scenes::picture("18")),
        ("build", |scene| scene.request["ffmpeg"]["build"] = "two".into()),
        ("content", |scene| scene.library.get_mut("video").unwrap()["sha256"] = "f".repeat(64).into()),
        ("colours", |scene| {
            scene.library.get_mut("video").unwrap()["video"]["color_space"] = "smpte170m".into();
        }),
        ("turn", |scene| scene.library.get_mut("video").unwrap()["video"]["rotation"] = 90.into()),
        ("size", |scene| scene.output.width = 1920),
        ("film fade", |scene| {
            let mut fade = title("", 0, 1);
            fade.kind = "fade_in".to_owned();
            fade.params = [("duration".to_owned(), Value::Int(lasting(300).0))].into();
            fade.window.duration = None;
            scene.effects.push(fade);
        }),
    ];
    let before: BTreeSet<String> = scene.keys().into_iter().take(3).collect();
    for (what, change) in changes {
        let mut other = scene.clone();
        change(&mut other);
        let after: BTreeSet<String> = other.keys().into_iter().collect();
        assert!(before.difference(&after).next().is_some(), "{what}");
    }
}

#[test]
fn a_louder_clip_makes_new_sound_and_no_new_picture() {
    let scene = scene();
    let mut louder = scene.clone();
    louder.tracks[0].1[0].0.volume = Micro(500_000);
    assert_eq!(louder.keys(), scene.keys());
    assert_ne!(louder.plan().sound, scene.plan().sound);
}

#[test]
fn one_clip_of_many_changes_one_clips_segments() {
    let many = (0..20).map(|n| clip("video", 1000 * n, 1000 * n + 3000, 3000 * n)).collect();
    let scene = Scene::new().track("t", many);
    let mut other = scene.clone();
    other.tracks[0].1[7].0.in_point = at(7_200);
    other.tracks[0].1[7].0.out_point = at(10_200);
    let changed = scene.keys().iter().zip(other.keys()).filter(|(before, after)| *before != after).count();
    assert_eq!(changed, 1);
}

proptest! {
    #[test]
    fn what_is_put_in_front_leaves_the_rest_as_it_was(
        lengths in proptest::collection::vec(1_i64..400, 1..8),
        inserted in 1_i64..400,
    ) {
        let mut start = 0;
        let mut clips = Vec::new();
        for (index, frames) in (0..).zip(&lengths) {
            let source = if index % 2 == 0 { "video" } else { "wide" };
            let mut clip = clip(source, 40 * index, 0, 0);
            clip.out_point = clip.in_point.plus(rust_core::time::Span(frames * 23_520_000));
            clip.at = rust_core::time::Time(start * 23_520_000);
            start += frames;
            clips.push(clip);
        }
        let before = Scene::new().track("t", clips.clone());
        for clip in &mut clips {
            clip.at = clip.at.plus(rust_core::time::Span(inserted * 23_520_000));
        }
        let mut first = clip("wide", 50_000, 0, 0);
        first.out_point = first.in_point.plus(rust_core::time::Span(inserted * 23_520_000));
        clips.insert(0, first);
        let after = Scene::new().track("t", clips);
        prop_assert!(after.keys().ends_with(&before.keys()));
    }
}
