//! One filter and its options. A value is a number, a name from the program, an expression made of those, or the name of
//! a file that the program chose: nothing that a user wrote can become part of a graph.

use std::fmt::{self, Display, Formatter};

use crate::colour::Rgb;
use crate::model::Micro;
use crate::time::Rate;

/// The value of one option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A whole number.
    Int(i64),
    /// A fraction.
    Ratio(u32, u32),
    /// A decimal in millionths.
    Decimal(Micro),
    /// A name, or names joined by `+`.
    Name(&'static str),
    /// A width and a height.
    Size(i64, i64),
    /// A colour.
    Colour(Rgb),
    /// An expression for FFmpeg's evaluator.
    Expr(Expr),
    /// A file in the working directory.
    File(FileName),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<&'static str> for Value {
    fn from(name: &'static str) -> Self {
        Self::Name(name)
    }
}

impl From<Rate> for Value {
    fn from(rate: Rate) -> Self {
        Self::Ratio(rate.num(), rate.den())
    }
}

impl From<Micro> for Value {
    fn from(decimal: Micro) -> Self {
        Self::Decimal(decimal)
    }
}

impl From<Expr> for Value {
    fn from(expression: Expr) -> Self {
        Self::Expr(expression)
    }
}

impl Display for Value {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(number) => write!(out, "{number}"),
            Self::Ratio(num, den) => write!(out, "{num}/{den}"),
            Self::Size(width, height) => write!(out, "{width}x{height}"),
            Self::Decimal(Micro(value)) => write!(out, "{}", decimal(*value)),
            Self::Name(name) => out.write_str(name),
            Self::Colour(Rgb { red, green, blue }) => write!(out, "0x{red:02x}{green:02x}{blue:02x}"),
            // quotes keep commas from ending the filter; an expression holds no quote, backslash or colon
            Self::Expr(Expr(text)) => write!(out, "'{text}'"),
            Self::File(FileName(name)) => out.write_str(name),
        }
    }
}

/// Millionths as a decimal number.
fn decimal(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let size = millionths.unsigned_abs();
    format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000)
}

/// The same where a formula goes on before it.
fn signed(millionths: i64) -> String {
    if millionths < 0 { format!("({})", decimal(millionths)) } else { decimal(millionths) }
}

/// An expression for FFmpeg's evaluator, built from the program's own names and numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expr(String);

impl Expr {
    /// A variable, or a formula that is part of the program.
    pub fn of(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// A formula of the program with a blank `{}` for each of `numbers`.
    pub fn formula(text: &'static str, numbers: &[Micro]) -> Self {
        let mut parts = text.split("{}");
        let first = parts.next().unwrap_or_default().to_owned();
        Self(parts.zip(numbers).fold(first, |text, (part, Micro(number))| text + &signed(*number) + part))
    }

    /// A count of samples where a filter would take milliseconds.
    pub fn samples(count: i64) -> Self {
        Self(format!("{count}S"))
    }

    /// Stereo made of stereo: what of left and right goes left, and what of them goes right.
    pub fn matrix(gains: [[Micro; 2]; 2]) -> Self {
        let [left, right] =
            gains.map(|[Micro(left), Micro(right)]| format!("{}*c0+{}*c1", decimal(left), decimal(right)));
        Self(format!("stereo|c0={left}|c1={right}"))
    }

    /// What is heard of `val(0)` and `val(1)` with gains that go in a straight line from those at `n` = `start` to those
    /// `length` - 1 later.
    pub fn line([first, last]: [[Micro; 2]; 2], start: i64, length: i64) -> Self {
        let heard = |(channel, (Micro(first), Micro(last))): (usize, (Micro, Micro))| match (first, last) {
            (0, 0) => None,
            _ if first == last => Some(format!("val({channel})*{}", signed(first))),
            _ => Some(format!(
                "val({channel})*({}+(n{:+})*{}/{})",
                decimal(first),
                -start,
                signed(last - first),
                length - 1
            )),
        };
        let terms: Vec<String> = first.into_iter().zip(last).enumerate().filter_map(heard).collect();
        Self(if terms.is_empty() { "0".to_owned() } else { terms.join("+") })
    }

    /// One of formulas by `n`, each from its own first `n` on; the first also before that.
    pub fn chosen(formulas: &[(i64, Self)]) -> Self {
        match formulas {
            [] => Self("0".to_owned()),
            [(_, only)] => only.clone(),
            _ => {
                let (before, after) = formulas.split_at(formulas.len() / 2);
                let edge = after.first().map_or(0, |(from, _)| *from);
                Self(format!("if(lt(n,{edge}),{},{})", Self::chosen(before).0, Self::chosen(after).0))
            }
        }
    }

    /// What is left and what is right.
    pub fn sides([Self(left), Self(right)]: [Self; 2]) -> Self {
        Self(format!("{left}|{right}"))
    }

    /// A level in decibels where a filter takes a factor.
    pub fn decibels(Micro(level): Micro) -> Self {
        Self(decimal(level) + "dB")
    }

    /// A row of `count` ones: the weights of a mean.
    pub fn ones(count: i64) -> Self {
        Self(vec!["1"; usize::try_from(count).unwrap_or_default()].join(" "))
    }

    /// A formula of the program with `self` in its blank.
    #[must_use]
    pub fn within(self, text: &'static str) -> Self {
        Self(text.replace("{}", &format!("({})", self.0)))
    }

    /// `self` plus a number, which may be negative.
    #[must_use]
    pub fn plus(self, number: i64) -> Self {
        match number {
            0 => self,
            _ => Self(format!("{}{number:+}", self.0)),
        }
    }

    /// A fraction.
    pub fn ratio(num: i64, den: i64) -> Self {
        Self(format!("{num}/{den}"))
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: &Self) -> Self {
        Self(format!("{}*{}", self.0, other.0))
    }

    /// `self`, less another, and the rest of the program's formula.
    #[must_use]
    pub fn minus(self, other: &Self, rest: &'static str) -> Self {
        Self(format!("{}-{}{rest}", self.0, other.0))
    }

    /// A decimal.
    pub fn decimal(Micro(millionths): Micro) -> Self {
        Self(decimal(millionths))
    }

    /// A place from 0 to below `room`, another one at every frame: `step` further each time. `n` counts frames, the first is
    /// number `number`.
    pub fn scattered(step: i64, number: i64, room: i64) -> Self {
        Self(format!("mod((n+{})*{step},{room})", number.rem_euclid(room)))
    }

    /// From 0 at frame `start` to 1 at frame `start + length`, held on both sides; `n` counts frames.
    pub fn rising(start: i64, length: i64) -> Self {
        Self(format!("clip((n{:+})/{length},0,1)", -start))
    }

    /// From 1 at frame `start` to 0 at frame `start + length`, held on both sides; `n` counts frames.
    pub fn falling(start: i64, length: i64) -> Self {
        Self(format!("clip(({}-n)/{length},0,1)", start + length))
    }
}

/// The name of a file in a unit's working directory, chosen by the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// The text of a unit's title number `number`.
    pub fn title(number: usize) -> Self {
        Self(format!("title{number}.txt"))
    }

    /// A font by its content, or None where `sha256` is no hash in hex.
    pub fn font(sha256: &str) -> Option<Self> {
        let hex = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
        hex.then(|| Self(format!("{sha256}.font")))
    }

    /// Whichever font a text will be drawn with.
    pub fn any_font() -> Self {
        Self("any.font".to_owned())
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.0
    }
}

/// A filter with its options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    name: &'static str,
    options: Vec<(&'static str, Value)>,
}

impl Filter {
    /// The filter called `name`, without options.
    pub const fn new(name: &'static str) -> Self {
        Self { name, options: Vec::new() }
    }

    /// The same with one more option.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.options.push((key, value.into()));
        self
    }
}

impl Display for Filter {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(self.name)?;
        for (at, (key, value)) in self.options.iter().enumerate() {
            write!(out, "{}{key}={value}", if at == 0 { '=' } else { ':' })?;
        }
        Ok(())
    }
}
