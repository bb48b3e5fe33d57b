//! Every field of a project either changes the plan or does not, and this says which: a field that is new in the schema is
//! in neither list, and fails here until somebody has thought about it.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

mod scenes;

use rust_core::effect::{Patch, definitions, find, normalise};
use rust_core::keyframes::Keyframes;
use rust_core::model::{Effect, Window};
use rust_core::transition::{self, Transition};
use scenes::{Scene, clip, dissolve, title};
use serde_json::{Value as Json, json};

/// Milliseconds in flicks.
const MS: i64 = 705_600;

/// A clip with a title after a gap that becomes another one, on a canvas of another shape.
fn scene() -> Scene {
    let scene = Scene::new().track("t", vec![clip("video", 1000, 4000, 500), clip("wide", 1000, 3000, 3500)]);
    let mut scene = scene.effect(title("Hello", 500, 1000));
    scene.joints.push(dissolve("clip-500", "clip-3500", 1000));
    scene.output.height = 960;
    "g".clone_into(&mut scene.tracks[0].1[0].0.group); // a field that is empty is not written
    scene
}

/// A thing of the project that has fields.
struct Part {
    name: &'static str,
    read: fn(&Scene) -> Json,
    write: fn(&mut Scene, Json),
    /// Fields that show or are heard, with another value.
    matters: Vec<(&'static str, Json)>,
    /// Fields that neither show nor are heard, with another value.
    inert: Vec<(&'static str, Json)>,
}

fn parts() -> [Part; 5] {
    [
        Part {
            name: "output",
            read: |scene| json!(scene.output),
            write: |scene, new| scene.output = serde_json::from_value(new).unwrap(),
            matters: vec![
                ("width", json!(960)),
                ("height", json!(720)),
                ("fps", json!({"num": 30_000, "den": 1001})),
                ("sample_rate", json!(44_100)),
                ("background", json!("#102030")),
            ],
            inert: vec![],
        },
        Part {
            name: "track",
            read: |scene| json!(scene.tracks[0].0),
            write: |scene, new| scene.tracks[0].0 = serde_json::from_value(new).unwrap(),
            matters: vec![
                ("kind", json!("audio")),
                ("volume", json!(500_000)),
                ("muted", json!(true)),
                ("hidden", json!(true)),
            ],
            inert: vec![("id", json!("other")), ("name", json!("Other")), ("locked", json!(true))],
        },
        Part {
            name: "clip",
            read: |scene| json!(scene.tracks[0].1[0].0),
            write: |scene, new| {
                scene.joints[0].from = new["id"].as_str().unwrap().into();
                scene.tracks[0].1[0].0 = serde_json::from_value(new).unwrap();
            },
            matters: vec![
                ("source.media", json!("wide")),
                ("source.kind", json!("audio")),
                ("source.sound", json!(false)),
                ("in_point", json!(1040 * MS)),
                ("out_point", json!(4040 * MS)),
                ("at", json!(600 * MS)),
                ("volume", json!(500_000)),
                ("fade_in", json!(200 * MS)),
                ("fade_out", json!(200 * MS)),
                ("fit", json!("cover")),
                ("transform.x", json!(100_000)),
                ("transform.y", json!(100_000)),
                ("transform.width", json!(500_000)),
                ("transform.height", json!(500_000)),
            ],
            // the track that it is laid on decides, and the library says how long a source is
            inert: vec![
                ("id", json!("other")),
                ("track", json!("other")),
                ("source.duration", json!(200_000 * MS)),
                ("group", json!("other")),
            ],
        },
        Part {
            name: "effect",
            read: |scene| json!(scene.tracks[0].1[0].1[0]),
            write: |scene, new| {
                scene.request["fonts"] = json!({new["id"].as_str().unwrap(): "ab".repeat(32)});
                scene.tracks[0].1[0].1[0] = serde_json::from_value(new).unwrap();
            },
            matters: vec![
                ("effect_type", json!("fade_in")),
                ("params", json!(null)), // each of them below
                ("window.start", json!(700 * MS)),
                ("window.duration", json!(1200 * MS)),
            ],
            inert: vec![("id", json!("other"))],
        },
        Part {
            name: "transition",
            read: |scene| json!(scene.joints[0]),
            write: |scene, new| scene.joints[0] = serde_json::from_value(new).unwrap(),
            matters: vec![
                ("from", json!("other")),
                ("to", json!("other")),
                ("transition_type", json!("crossfade")),
                ("params", json!(null)), // each of them below
                ("duration", json!(1200 * MS)),
                ("align", json!("start")),
                ("sound", json!("equal_gain")),
            ],
            inert: vec![("id", json!("other"))],
        },
    ]
}

/// The paths of the fields, those of what is in them included; a frame rate and parameters are one each.
fn fields(thing: &Json) -> Vec<String> {
    let mut paths = Vec::new();
    for (name, value) in thing.as_object().unwrap() {
        match value {
            Json::Object(_) if name != "fps" && name != "params" => {
                paths.extend(fields(value).iter().map(|inner| format!("{name}.{inner}")));
            }
            _ => paths.push(name.clone()),
        }
    }
    paths
}

fn changed(part: &Part, field: &str, value: &Json) -> Scene {
    let mut scene = scene();
    let mut thing = (part.read)(&scene);
    *thing.pointer_mut(&format!("/{}", field.replace('.', "/"))).unwrap() = value.clone();
    if field == "effect_type" {
        thing["params"] = json!({"duration": 300 * MS});
    }
    (part.write)(&mut scene, thing);
    scene
}

#[test]
fn every_field_of_the_schema_is_known_to_matter_or_not() {
    for part in parts() {
        let listed = part.matters.iter().chain(&part.inert).map(|(field, _)| (*field).to_owned());
        let (mut listed, mut found): (Vec<_>, _) = (listed.collect(), fields(&(part.read)(&scene())));
        listed.sort();
        found.sort();
        assert_eq!(listed, found, "{}", part.name);
    }
}

#[test]
fn what_shows_or_is_heard_makes_another_film_and_nothing_else_does() {
    let before = scene().plan();
    for part in parts() {
        for (field, value) in part.matters.iter().filter(|(field, _)| *field != "params") {
            let after = changed(&part, field, value).plan();
            assert_ne!(after.plan_hash, before.plan_hash, "{}.{field}", part.name);
        }
        for (field, value) in &part.inert {
            let after = changed(&part, field, value).plan();
            assert_eq!((after.plan_hash, after.units), (before.plan_hash.clone(), before.units.clone()), "{field}");
        }
    }
}

#[test]
fn every_parameter_of_every_effect_matters() {
    let known = definitions();
    let mut tried = 0;
    for definition in known.as_array().unwrap().iter().filter(|definition| definition["clip"] == true) {
        let kind = definition["effect_type"].as_str().unwrap();
        let example = definition["example"]["params"].to_string();
        let params = normalise(find(kind).unwrap().signature(), example.as_bytes(), Patch::Defaults, None).unwrap();
        let effect = |params| Effect {
            id: "title".into(),
            kind: kind.to_owned(),
            params,
            window: Window::WHOLE,
            keyframes: Keyframes::new(),
        };
        let plan = |params| Scene::new().track("t", vec![clip("video", 0, 4000, 0)]).effect(effect(params)).plan();
        let parameters = definition["parameters"].as_object().unwrap();
        for (name, parameter) in parameters.iter().filter(|(_, parameter)| parameter["window"] != true) {
            let current = &definition["example"]["params"][name];
            let current = if current.is_null() { &parameter["default"] } else { current };
            let patch = json!({name: another(parameter, current)}).to_string();
            let other =
                normalise(find(kind).unwrap().signature(), patch.as_bytes(), Patch::Over(&params), None).unwrap();
            assert_ne!(plan(other).plan_hash, plan(params.clone()).plan_hash, "{kind}.{name}");
            tried += 1;
        }
    }
    assert!(tried >= 9);
}

#[test]
fn every_transition_and_every_parameter_of_it_is_another_film() {
    let two = || Scene::new().track("t", vec![clip("wide", 1000, 4000, 0), clip("wide", 2000, 4000, 3000)]);
    let plan = |kind: &str, params: &str| {
        let takes = transition::find(kind).unwrap().signature();
        let params = normalise(takes, params.as_bytes(), Patch::Defaults, None).unwrap();
        let joint = Transition { kind: kind.to_owned(), params, ..dissolve("clip-0", "clip-3000", 1000) };
        Scene { joints: vec![joint], ..two() }.plan().plan_hash
    };
    let mut seen = std::collections::BTreeSet::from([two().plan().plan_hash]);
    for definition in transition::definitions().as_array().unwrap() {
        let kind = definition["transition_type"].as_str().unwrap();
        assert!(seen.insert(plan(kind, "{}")), "{kind}");
        for (name, parameter) in definition["parameters"].as_object().unwrap() {
            let other = json!({name: another(parameter, &parameter["default"])}).to_string();
            assert!(seen.insert(plan(kind, &other)), "{kind}.{name}");
        }
    }
}

/// A value of a parameter that is not the current one, as a request has it.
fn another(parameter: &Json, current: &Json) -> Json {
    match parameter["type"].as_str().unwrap() {
        "enum" => parameter["values"].as_array().unwrap().iter().find(|value| *value != current).unwrap().clone(),
        "string" if parameter["format"] == "color" => json!("#123456"),
        "string" => json!(format!("{}!", current.as_str().unwrap())),
        _ => [&parameter["min"], &parameter["max"], &json!(1)]
            .into_iter()
            .find(|value| *value != current)
            .unwrap()
            .clone(),
    }
}
