//! Parameters that move: what keyframes an effect may have, and what the effect is at one moment.

use std::borrow::Cow;

use super::definition::{Definition, Kind, Parameter, bad};
use super::given::Given;
use crate::error::CoreError;
use crate::keyframes::{Curve, Keyframes};
use crate::model::{Effect as Instance, Micro, Params, Value};
use crate::time::Time;

/// Refuses keyframes of what can't move, values out of range, and parameters that at some moment might not go together.
pub(super) fn check(definition: &Definition, effect: &Instance) -> Result<(), CoreError> {
    for (name, curve) in &effect.keyframes {
        let path = format!("keyframes.{name}");
        let parameter = definition.parameter(name).map_err(|error| error.at(&path))?;
        if !parameter.keyframable {
            return Err(bad(name, still(definition, name)).at(&path));
        }
        curve.check(&path)?;
        for (index, key) in curve.0.iter().enumerate() {
            let at = |error: CoreError| error.at(format!("{path}[{index}].value"));
            let value = whole_key(parameter, key.value).ok_or_else(|| at(parameter.mistyped()))?;
            parameter.check(&value).map_err(at)?;
        }
    }
    definition.rules.map_or(Ok(()), |rules| meet(effect, rules))
}

fn still(definition: &Definition, name: &str) -> String {
    let moving = definition.parameters.iter().filter(|parameter| parameter.keyframable);
    let moving: Vec<_> = moving.map(|parameter| parameter.name).collect();
    let instead = if moving.is_empty() { "nothing".to_owned() } else { moving.join(", ") };
    format!("{name} can't move; of {} keyframes move {instead}", definition.effect_type)
}

/// What a key says, which is not between two values that the parameter can have.
fn whole_key(parameter: &Parameter, value: Micro) -> Option<Value> {
    match parameter.kind {
        Kind::Whole { .. } if value.0 % Micro::ONE.0 != 0 => None,
        _ => Some(Value::Int(scaled(parameter, value))),
    }
}

/// A value that moves in the parameter's own units: a whole number is the nearest, a half upwards.
const fn scaled(parameter: &Parameter, Micro(value): Micro) -> i64 {
    match parameter.kind {
        Kind::Whole { .. } => (value + 500_000).div_euclid(1_000_000),
        _ => value,
    }
}

/// The rules between parameters hold whichever of the values meet that the moving ones can have.
fn meet(effect: &Instance, rules: fn(Given) -> Result<(), CoreError>) -> Result<(), CoreError> {
    let mut all = vec![Instance { keyframes: Keyframes::new(), ..effect.clone() }];
    for (name, curve) in &effect.keyframes {
        let with = |one: &Instance, end| Instance { params: set(effect, &one.params, name, end), ..one.clone() };
        all = all.iter().flat_map(|one| curve.ends().map(|end| with(one, end))).collect();
    }
    all.iter().try_for_each(|one| rules(Given(one)))
}

fn set(effect: &Instance, params: &Params, name: &str, value: Micro) -> Params {
    let mut params = params.clone();
    if let Ok(parameter) = super::find(&effect.kind).and_then(|definition| definition.parameter(name)) {
        params.insert(name.to_owned(), Value::Int(scaled(parameter, value)));
    }
    params
}

/// The effect as it is at `t` of its own time, with nothing of it moving.
pub fn at(effect: &Instance, t: Time) -> Cow<'_, Instance> {
    if effect.keyframes.is_empty() {
        return Cow::Borrowed(effect);
    }
    let now = |params: Params, (name, curve): (&String, &Curve)| set(effect, &params, name, curve.at(t));
    let params = effect.keyframes.iter().fold(effect.params.clone(), now);
    Cow::Owned(Instance { params, keyframes: Keyframes::new(), ..effect.clone() })
}
