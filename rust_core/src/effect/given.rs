//! An effect's parameters, read by the types that its definition gives them.

use crate::colour::Rgb;
use crate::error::{Code, CoreError};
use crate::model::{Effect as Instance, Id, Micro, Value, Window};
use crate::time::Time;

/// An effect as its own file reads it.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a>(pub &'a Instance);

impl<'a> Given<'a> {
    /// The effect that it is, for its font.
    pub const fn id(self) -> &'a Id {
        &self.0.id
    }

    /// When it works.
    pub const fn window(self) -> Window {
        self.0.window
    }

    /// A whole number.
    pub fn whole(self, name: &str) -> Result<i64, CoreError> {
        match self.0.params.get(name) {
            Some(Value::Int(number)) => Ok(*number),
            _ => Err(self.unreadable(name)),
        }
    }

    /// A decimal number.
    pub fn decimal(self, name: &str) -> Result<Micro, CoreError> {
        self.whole(name).map(Micro)
    }

    /// Decimal numbers, in the order of their names.
    pub fn decimals<const N: usize>(self, names: [&str; N]) -> Result<[Micro; N], CoreError> {
        let mut numbers = [Micro(0); N];
        for (number, name) in numbers.iter_mut().zip(names) {
            *number = self.decimal(name)?;
        }
        Ok(numbers)
    }

    /// A length of time, as the moment that it ends when it begins at 0.
    pub fn time(self, name: &str) -> Result<Time, CoreError> {
        self.whole(name).map(Time)
    }

    /// Text, or a name from a list.
    pub fn text(self, name: &str) -> Result<&'a str, CoreError> {
        match self.0.params.get(name) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(self.unreadable(name)),
        }
    }

    /// A colour.
    pub fn colour(self, name: &str) -> Result<Rgb, CoreError> {
        Rgb::parse(self.text(name)?)
    }

    /// A refusal of a parameter whose value can't be used.
    pub fn unreadable(self, name: &str) -> CoreError {
        CoreError::new(Code::BadParameter, format!("{} needs {name}", self.0.kind))
            .at(format!("params.{name}"))
            .about(&*self.0.id)
    }
}
