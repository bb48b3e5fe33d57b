//! Discovery: definitions and JSON Schemas, in people's units.

use serde_json::{Map, Value as Json, json};

use super::definition::{Default, Definition, Kind, Parameter, Scope, shown};
use super::{ALL, find};
use crate::colour;
use crate::decimal::fraction;
use crate::error::CoreError;
use crate::model::{Micro, Value};
use crate::time::{MAX_TIME, Span, Time};

static WINDOW: [Parameter; 2] = [
    Parameter {
        name: "start",
        description: "Start time in seconds relative to the clip, or to the film",
        kind: Kind::Seconds { min: Span::ZERO, max: Span(MAX_TIME) },
        default: Default::Int(0),
        keyframable: false,
    },
    Parameter {
        name: "duration",
        description: "Duration in seconds; without it, to the end",
        kind: Kind::Seconds { min: Span(1), max: Span(MAX_TIME) },
        default: Default::Required,
        keyframable: false,
    },
];

/// Every definition, as `GET /effects` lists them.
pub fn definitions() -> Json {
    ALL.iter().map(|effect| definition(effect)).collect()
}

fn definition(of: &Definition) -> Json {
    let own = of.parameters.iter().map(|each| (each.name.to_owned(), described(each)));
    let parameters: Map<String, Json> =
        own.chain(window(of).map(|each| (each.name.to_owned(), in_window(each)))).collect();
    let keyframable: Vec<&str> = of.parameters.iter().filter(|each| each.keyframable).map(|each| each.name).collect();
    let example: Json = serde_json::from_str(of.example).unwrap_or_default();
    json!({
        "effect_type": of.effect_type,
        "display_name": of.display_name,
        "description": told(of),
        "category": of.category,
        "ai_hint": of.ai_hint,
        "parameters": parameters,
        "example": {"params": example},
        "keyframable": keyframable,
        "changes_length": false,
        "clip": of.takes.allows(Scope::Clip),
        "global": of.takes.allows(Scope::Film),
    })
}

/// What it does, and on what.
fn told(of: &Definition) -> String {
    let on = if of.needs_sound() {
        ". It works on the sound that is there: what would ring on after its window, or after the clip, is cut off"
    } else if !of.needs_picture() {
        ""
    } else if of.takes.allows(Scope::Film) {
        ". On a clip it works on the clip's own picture, fitted and not yet laid on others; on the film on the finished one"
    } else {
        ". It works on the clip's own picture, fitted and not yet laid on others"
    };
    of.description.to_owned() + on
}

/// When it works: beside the parameters in a fact, and welcome among them in a request.
fn window(of: &Definition) -> impl Iterator<Item = &'static Parameter> {
    WINDOW.iter().filter(|each| !of.has(each.name))
}

fn in_window(parameter: &Parameter) -> Json {
    let mut fields = described(parameter);
    if let Some(fields) = fields.as_object_mut() {
        fields.remove("required");
        fields.insert("window".to_owned(), true.into());
    }
    fields
}

/// A parameter as discovery lists it.
pub(crate) fn described(parameter: &Parameter) -> Json {
    let mut fields = match parameter.kind {
        Kind::Text { characters, lines } => json!({"type": "string", "max_length": characters, "max_lines": lines}),
        Kind::Choice(values) => json!({"type": "enum", "values": values}),
        Kind::Colour => json!({"type": "string", "format": "color"}),
        Kind::Whole { min, max } => json!({"type": "integer", "min": min, "max": max}),
        Kind::Decimal { min, max } => json!({"type": "number", "min": fraction(min), "max": fraction(max)}),
        Kind::Seconds { min, max } => {
            json!({"type": "number", "unit": "seconds", "min": shown(min), "max": shown(max)})
        }
    };
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("description".to_owned(), parameter.description.into());
        match default(parameter) {
            Some(value) => fields.insert("default".to_owned(), value),
            None => fields.insert("required".to_owned(), true.into()),
        };
    }
    fields
}

/// The JSON Schema (2020-12) of an effect's parameters in a request, or `unknown_effect_type`.
pub fn schema(kind: &str) -> Result<Json, CoreError> {
    let of = find(kind)?;
    let all = of.parameters.iter().chain(window(of));
    let properties: Map<String, Json> = all.map(|each| (each.name.to_owned(), property(each))).collect();
    let required: Vec<&str> =
        of.parameters.iter().filter(|each| default(each).is_none()).map(|each| each.name).collect();
    Ok(json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": of.display_name,
        "description": told(of),
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    }))
}

/// A parameter in a JSON Schema.
pub(crate) fn property(parameter: &Parameter) -> Json {
    let mut fields = match parameter.kind {
        Kind::Text { characters, .. } => json!({"type": "string", "minLength": 1, "maxLength": characters}),
        Kind::Choice(values) => json!({"type": "string", "enum": values}),
        Kind::Colour => {
            let names: Vec<&str> = colour::NAMES.iter().map(|(name, _)| *name).collect();
            json!({"type": "string", "pattern": format!("^(?:#[0-9A-Fa-f]{{6}}|{})$", names.join("|"))})
        }
        Kind::Whole { min, max } => json!({"type": "integer", "minimum": min, "maximum": max}),
        Kind::Decimal { min, max } => ranged(fraction(min), fraction(max), r"^-?\d+(\.\d+)?$"),
        Kind::Seconds { min, max } => {
            ranged(shown(min), shown(max), r"^(\d+(\.\d+)?|\d{1,4}:[0-5]\d:[0-5]\d(\.\d+)?)$")
        }
    };
    if let Some(fields) = fields.as_object_mut() {
        fields.insert("description".to_owned(), parameter.description.into());
        if let Some(value) = default(parameter) {
            fields.insert("default".to_owned(), value);
        }
    }
    fields
}

/// A number in a range, or the same as a decimal string.
fn ranged(min: serde_json::Number, max: serde_json::Number, pattern: &str) -> Json {
    json!({"type": ["number", "string"], "minimum": Json::Number(min), "maximum": Json::Number(max), "pattern": pattern})
}

fn default(parameter: &Parameter) -> Option<Json> {
    parameter.default.value().map(|value| to_json(parameter.kind, &value))
}

/// A value as requests and documents write it.
pub(crate) fn to_json(kind: Kind, value: &Value) -> Json {
    match (kind, value) {
        (Kind::Seconds { .. }, Value::Int(flicks)) => {
            Json::Number(crate::decimal::seconds(Time::ZERO.plus(Span(*flicks))))
        }
        (Kind::Decimal { .. }, Value::Int(micro)) => Json::Number(fraction(Micro(*micro))),
        (_, Value::Int(number)) => Json::from(*number),
        (_, Value::Bool(yes)) => Json::from(*yes),
        (_, Value::Text(text)) => Json::from(text.as_str()),
    }
}
