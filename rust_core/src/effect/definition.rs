//! The shape of a definition, and what one value of a parameter may be.

use super::given::Given;
use super::work::Does;
use crate::colour::Rgb;
use crate::decimal::{fraction, seconds};
use crate::error::{Code, CoreError};
use crate::model::{Micro, Params, Value};
use crate::time::{Span, Time};

/// What an effect is, takes and does: the one description behind discovery, schemas, checks and plans.
#[derive(Debug)]
pub struct Definition {
    /// The name in requests and facts.
    pub effect_type: &'static str,
    /// The name for people.
    pub display_name: &'static str,
    /// What it does, exactly.
    pub description: &'static str,
    /// The family it belongs to.
    pub category: &'static str,
    /// When an agent should choose it.
    pub ai_hint: &'static str,
    /// Its parameters in the order of the docs.
    pub parameters: &'static [Parameter],
    /// Parameters that show what it does, as JSON.
    pub example: &'static str,
    /// Where it may hang.
    pub takes: Takes,
    /// Rules between its parameters, each of which is in its range already.
    pub rules: Option<fn(Given) -> Result<(), CoreError>>,
    /// What it does.
    pub does: Does,
}

/// Where an effect hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// On a clip.
    Clip,
    /// On the finished picture and mix.
    Film,
}

/// Where a kind of effect may hang.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// On clips only.
    Clips,
    /// On clips and on the whole film.
    ClipsAndFilm,
}

impl Takes {
    /// Whether an effect of this kind may hang there.
    pub const fn allows(self, scope: Scope) -> bool {
        matches!((self, scope), (_, Scope::Clip) | (Self::ClipsAndFilm, Scope::Film))
    }

    pub(super) const fn wording(self) -> &'static str {
        match self {
            Self::Clips => "on clips only",
            Self::ClipsAndFilm => "on clips and on the whole film",
        }
    }
}

/// A parameter of an effect.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// What it means, with its unit.
    pub description: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Its value when a request leaves it out.
    pub default: Default,
    /// Whether keyframes may move it.
    pub keyframable: bool,
}

/// What values a parameter takes.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// Text to draw: at most so many characters and lines; tabs and line feeds are its only control characters.
    Text {
        /// Most characters.
        characters: usize,
        /// Most lines.
        lines: usize,
    },
    /// One of these names.
    Choice(&'static [&'static str]),
    /// A colour: `#rrggbb` or a name.
    Colour,
    /// A whole number.
    Whole {
        /// Smallest.
        min: i64,
        /// Largest.
        max: i64,
    },
    /// A decimal number.
    Decimal {
        /// Smallest.
        min: Micro,
        /// Largest.
        max: Micro,
    },
    /// A length of time.
    Seconds {
        /// Shortest.
        min: Span,
        /// Longest.
        max: Span,
    },
}

/// A parameter's value when a request leaves it out, in the core's units.
#[derive(Debug, Clone, Copy)]
pub enum Default {
    /// A request must say it.
    Required,
    /// A number.
    Int(i64),
    /// Text, a name or a colour.
    Text(&'static str),
}

impl Default {
    /// The value, where there is one.
    pub fn value(self) -> Option<Value> {
        match self {
            Self::Required => None,
            Self::Int(number) => Some(Value::Int(number)),
            Self::Text(text) => Some(Value::Text(text.to_owned())),
        }
    }
}

impl Definition {
    /// Whether it does nothing without a picture.
    pub const fn needs_picture(&self) -> bool {
        matches!(self.does, Does::Picture(_))
    }

    /// Whether it does nothing without a sound.
    pub const fn needs_sound(&self) -> bool {
        matches!(self.does, Does::Sound(_) | Does::SoundFade(_))
    }

    /// What it takes.
    pub const fn signature(&self) -> Signature {
        Signature { name: self.effect_type, parameters: self.parameters }
    }

    /// Whether it has a parameter of that name.
    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter.name == name)
    }

    /// The parameter of that name, or `bad_parameter`.
    pub fn parameter(&self, name: &str) -> Result<&'static Parameter, CoreError> {
        self.signature().parameter(name)
    }
}

/// The parameters of an effect or a transition.
#[derive(Debug, Clone, Copy)]
pub struct Signature {
    /// Whose they are.
    pub name: &'static str,
    /// In the order of the docs.
    pub parameters: &'static [Parameter],
}

impl Signature {
    /// The parameter of that name, or `bad_parameter`.
    pub fn parameter(self, name: &str) -> Result<&'static Parameter, CoreError> {
        named(self.parameters.iter(), self.name, name)
    }

    /// Refuses values that are not exactly these parameters, each in its range.
    pub fn check(self, params: &Params) -> Result<(), CoreError> {
        for name in params.keys() {
            self.parameter(name)?;
        }
        for parameter in self.parameters {
            let value = params.get(parameter.name).ok_or_else(|| parameter.missing())?;
            parameter.check(value)?;
        }
        Ok(())
    }
}

/// The one of that name among the parameters of `of`, or `bad_parameter`.
pub(super) fn named(
    mut all: impl Iterator<Item = &'static Parameter> + Clone,
    of: &str,
    name: &str,
) -> Result<&'static Parameter, CoreError> {
    let names = all.clone();
    all.find(|parameter| parameter.name == name).ok_or_else(|| {
        let names: Vec<_> = names.map(|parameter| parameter.name).collect();
        let shown: String = name.chars().take(64).collect();
        let names = if names.is_empty() { "no parameters".to_owned() } else { names.join(", ") };
        bad(&shown, format!("{of} takes {names}"))
    })
}

impl Parameter {
    /// A decimal number that can move: its least, its most and its usual value in thousandths.
    pub(crate) const fn decimal(name: &'static str, description: &'static str, [min, max, usual]: [i64; 3]) -> Self {
        let kind = Kind::Decimal { min: Micro(1000 * min), max: Micro(1000 * max) };
        Self { name, description, kind, default: Default::Int(1000 * usual), keyframable: true }
    }

    /// A whole number that can move: its least, its most and its usual value.
    pub(crate) const fn whole(name: &'static str, description: &'static str, [min, max, usual]: [i64; 3]) -> Self {
        let kind = Kind::Whole { min, max };
        Self { name, description, kind, default: Default::Int(usual), keyframable: true }
    }

    /// One of some names, the first as usual.
    pub(crate) const fn choice(name: &'static str, description: &'static str, names: &'static [&'static str]) -> Self {
        let usual = match names {
            [first, ..] => Default::Text(first),
            [] => Default::Required,
        };
        Self { name, description, kind: Kind::Choice(names), default: usual, keyframable: false }
    }

    /// A colour.
    pub(crate) const fn colour(name: &'static str, description: &'static str, usual: &'static str) -> Self {
        let default = Default::Text(usual);
        Self { name, description, kind: Kind::Colour, default, keyframable: false }
    }

    /// The same, with one value for as long as the effect works.
    #[must_use]
    pub(super) const fn still(self) -> Self {
        Self { keyframable: false, ..self }
    }

    /// Refuses a value, already in the core's units, that this parameter can't have.
    pub fn check(&self, value: &Value) -> Result<(), CoreError> {
        match (self.kind, value) {
            (Kind::Text { characters, lines }, Value::Text(text)) => self.check_text(text, characters, lines),
            (Kind::Choice(values), Value::Text(text)) => {
                self.must(values.contains(&text.as_str()), || format!("one of {}", values.join(", ")))
            }
            (Kind::Colour, Value::Text(text)) => Rgb::parse(text).map(drop).map_err(|error| error.at(self.path())),
            (Kind::Whole { min, max }, Value::Int(number)) => {
                self.must((min..=max).contains(number), || format!("from {min} to {max}"))
            }
            (Kind::Decimal { min, max }, Value::Int(number)) => {
                self.must((min.0..=max.0).contains(number), || format!("from {} to {}", fraction(min), fraction(max)))
            }
            (Kind::Seconds { min, max }, Value::Int(number)) => {
                self.must((min.0..=max.0).contains(number), || format!("from {} to {} seconds", shown(min), shown(max)))
            }
            _ => Err(self.mistyped()),
        }
    }

    fn check_text(&self, text: &str, characters: usize, lines: usize) -> Result<(), CoreError> {
        let plain = |character: char| !character.is_control() || matches!(character, '\t' | '\n');
        self.must(text.chars().all(plain), || "without control characters other than tab and line feed".to_owned())?;
        self.must(!text.trim().is_empty(), || "not blank".to_owned())?;
        self.must(text.chars().count() <= characters, || format!("at most {characters} characters long"))?;
        self.must(text.split('\n').count() <= lines, || format!("at most {lines} lines long"))
    }

    fn must(&self, holds: bool, wording: impl FnOnce() -> String) -> Result<(), CoreError> {
        if holds {
            return Ok(());
        }
        Err(CoreError::new(Code::OutOfRange, format!("{} must be {}", self.name, wording())).at(self.path()))
    }

    /// A refusal of a value of another type.
    pub(super) fn mistyped(&self) -> CoreError {
        bad(self.name, format!("{} is {}", self.name, self.wording()))
    }

    pub(super) fn missing(&self) -> CoreError {
        bad(self.name, format!("{} is missing: {}", self.name, self.description))
    }

    const fn wording(&self) -> &'static str {
        match self.kind {
            Kind::Text { .. } => "text",
            Kind::Choice(_) => "a name from a list",
            Kind::Colour => "a colour: #rrggbb or a name",
            Kind::Whole { .. } => "a whole number",
            Kind::Decimal { .. } => "a decimal number",
            Kind::Seconds { .. } => "a length in seconds",
        }
    }

    fn path(&self) -> String {
        format!("params.{}", self.name)
    }
}

pub(super) fn shown(span: Span) -> serde_json::Number {
    seconds(Time::ZERO.plus(span))
}

pub(super) fn bad(name: &str, message: String) -> CoreError {
    CoreError::new(Code::BadParameter, message).at(format!("params.{name}"))
}
