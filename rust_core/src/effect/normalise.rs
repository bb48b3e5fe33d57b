//! Parameters from requests: JSON in people's units to the core's, exactly, with defaults.

use serde_json::{Map, Value as Json};

use super::definition::{Kind, Parameter, Signature, named};
use crate::decimal::scaled;
use crate::error::{Code, CoreError};
use crate::model::{Params, Value};
use crate::time::{FLICKS_PER_SECOND, Rate};

/// What a request's parameters are laid over.
#[derive(Debug, Clone, Copy)]
pub enum Patch<'a> {
    /// The definition's defaults.
    Defaults,
    /// Those that it has.
    Over(&'a Params),
}

/// Every parameter of an effect or a transition from the JSON object of a request.
///
/// Times are seconds as numbers or decimal strings, `"HH:MM:SS.mmm"`, or `{"frame": n}` at `rate`. Refuses with
/// `bad_parameter` what it does not take, lacks, or has of another type, and with `out_of_range` the rest.
pub fn normalise(takes: Signature, json: &[u8], onto: Patch<'_>, rate: Option<Rate>) -> Result<Params, CoreError> {
    let wire: Map<String, Json> = serde_json::from_slice(json).map_err(|error| {
        CoreError::new(Code::BadParameter, format!("params is a JSON object: {error}")).at("params")
    })?;
    let all: Vec<&Parameter> = takes.parameters.iter().collect();
    normalised(takes.name, &all, &wire, onto, rate)
}

/// The values of `all` that an object has, laid over others, as the core keeps them; `of` is what has them.
pub(crate) fn normalised(
    of: &str,
    all: &[&'static Parameter],
    wire: &Map<String, Json>,
    onto: Patch<'_>,
    rate: Option<Rate>,
) -> Result<Params, CoreError> {
    let mut params = match onto {
        Patch::Defaults => defaults(all),
        Patch::Over(current) => current.clone(),
    };
    for (name, value) in wire {
        let parameter = named(all.iter().copied(), of, name)?;
        let value = from_json(parameter, value, rate).ok_or_else(|| parameter.mistyped())?;
        parameter.check(&value)?;
        params.insert(name.clone(), value);
    }
    for parameter in all {
        params.get(parameter.name).ok_or_else(|| parameter.missing())?;
    }
    Ok(params)
}

fn defaults(all: &[&Parameter]) -> Params {
    all.iter().filter_map(|parameter| Some((parameter.name.to_owned(), parameter.default.value()?))).collect()
}

fn from_json(parameter: &Parameter, json: &Json, rate: Option<Rate>) -> Option<Value> {
    match (parameter.kind, json) {
        (Kind::Text { .. }, Json::String(text)) => Some(Value::Text(plain_lines(text))),
        (Kind::Choice(_), Json::String(text)) => Some(Value::Text(text.clone())),
        (Kind::Colour, Json::String(text)) => Some(Value::Text(text.to_ascii_lowercase())),
        (Kind::Whole { .. }, Json::Number(number)) => whole(&number.to_string()).map(Value::Int),
        (Kind::Decimal { .. }, Json::Number(number)) => scaled(&number.to_string(), 1_000_000).map(Value::Int),
        (Kind::Decimal { .. }, Json::String(text)) => scaled(text, 1_000_000).map(Value::Int),
        (Kind::Seconds { .. }, json) => length(json, rate).map(Value::Int),
        _ => None,
    }
}

/// A whole number, also when written `48.0`; nothing is rounded.
fn whole(text: &str) -> Option<i64> {
    let micro = scaled(text, 1_000_000)?;
    (micro % 1_000_000 == 0).then_some(micro / 1_000_000)
}

fn length(json: &Json, rate: Option<Rate>) -> Option<i64> {
    match json {
        Json::Number(number) => scaled(&number.to_string(), FLICKS_PER_SECOND),
        Json::String(text) => timecode(text).or_else(|| scaled(text, FLICKS_PER_SECOND)),
        Json::Object(object) if object.len() == 1 => {
            let frames = whole(&object.get("frame")?.as_number()?.to_string())?;
            frames.checked_mul(rate?.frame().0)
        }
        _ => None,
    }
}

/// `HH:MM:SS.mmm` in flicks.
fn timecode(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, ':');
    let (hours, minutes, seconds) = (digits(parts.next()?, 4)?, digits(parts.next()?, 2)?, parts.next()?);
    let (whole, _) = seconds.split_once('.').unwrap_or((seconds, ""));
    if minutes > 59 || digits(whole, 2)? > 59 {
        return None;
    }
    scaled(seconds, FLICKS_PER_SECOND)?.checked_add((3600 * hours + 60 * minutes) * FLICKS_PER_SECOND)
}

fn digits(text: &str, most: usize) -> Option<i64> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// Line feeds only, and none at the ends, where `FFmpeg` would push the text out of the picture.
fn plain_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n").trim_matches('\n').to_owned()
}
