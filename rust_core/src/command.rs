//! Argument vectors. An argument is a literal that the program made, or a slot that the executor fills with a path.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::graph::FileName;
use crate::media::Demuxer;
use crate::model::Id;
use crate::time::{FLICKS_PER_SECOND, Rate, Span};

/// One argument of FFmpeg.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Token {
    /// As it stands.
    Literal(String),
    /// To be filled in.
    Slot(Slot),
}

/// What only the executor knows: where something lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// A source.
    Media(Id),
    /// Another unit's result.
    Unit(String),
    /// A file made of text from the unit.
    File(String),
    /// This unit's result.
    Out(bool),
}

/// The longest graph that goes on the command line; the system's limit for one argument is 131,071 bytes.
const LONGEST_GRAPH: usize = 100_000;

/// Arguments as they grow, with the files that they speak of. Nothing can be added but words of the program, numbers,
/// checked names and slots.
#[derive(Debug, Clone, Default)]
pub struct Argv {
    /// The arguments, after the program's name.
    pub tokens: Vec<Token>,
    /// Text files for the working directory, by name.
    pub files: BTreeMap<String, String>,
}

impl Argv {
    /// Words of the program.
    pub fn words(&mut self, words: &[&'static str]) -> &mut Self {
        self.tokens.extend(words.iter().map(|word| Token::Literal((*word).to_owned())));
        self
    }

    /// Words of the encoder that was asked for; `domain/render/formats` makes them, from closed lists and numbers.
    pub fn asked<'w>(&mut self, words: impl IntoIterator<Item = &'w String>) -> &mut Self {
        self.tokens.extend(words.into_iter().map(|word| Token::Literal(word.clone())));
        self
    }

    /// An option with a whole number.
    pub fn number(&mut self, option: &'static str, number: i64) -> &mut Self {
        self.words(&[option]).literal(number.to_string())
    }

    /// An option with a frame rate.
    pub fn rate(&mut self, option: &'static str, rate: Rate) -> &mut Self {
        self.words(&[option]).literal(format!("{}/{}", rate.num(), rate.den()))
    }

    /// An option with a length of time, cut to whole microseconds.
    pub fn seconds(&mut self, option: &'static str, length: Span) -> &mut Self {
        let (whole, rest) = (length.0.div_euclid(FLICKS_PER_SECOND), length.0.rem_euclid(FLICKS_PER_SECOND));
        let micros = i128::from(rest) * 1_000_000 / i128::from(FLICKS_PER_SECOND);
        self.words(&[option]).literal(format!("{whole}.{micros:06}"))
    }

    /// `-f` with a demuxer.
    pub fn demuxer(&mut self, demuxer: &Demuxer) -> &mut Self {
        self.words(&["-f"]).literal(demuxer.name().to_owned())
    }

    /// An argument that the executor fills in.
    pub fn slot(&mut self, slot: Slot) -> &mut Self {
        self.tokens.push(Token::Slot(slot));
        self
    }

    /// A text file in the working directory.
    pub fn file(&mut self, name: &FileName, text: String) -> &mut Self {
        self.files.insert(name.name().to_owned(), text);
        self
    }

    /// The graph, on the command line or, where it is too long for that, through a file by `script_option`; and the
    /// label that leaves it.
    pub fn graph(&mut self, (graph, label): (String, String), script_option: &'static str) -> &mut Self {
        if graph.len() <= LONGEST_GRAPH {
            self.words(&["-filter_complex"]).literal(graph);
        } else {
            let name = "graph.txt".to_owned();
            self.files.insert(name.clone(), graph);
            self.words(&[script_option]).slot(Slot::File(name));
        }
        self.words(&["-map"]).literal(label)
    }

    /// An input that is other units' results, one after the other; each lies in the working directory as its key and
    /// suffix.
    pub fn concatenated<'u>(&mut self, units: impl IntoIterator<Item = (&'u str, &'u str)>) -> &mut Self {
        let lines = units.into_iter().map(|(key, suffix)| format!("file {key}{suffix}\n"));
        let name = "pieces.txt".to_owned();
        self.files.insert(name.clone(), lines.collect());
        self.words(&["-f", "concat", "-i"]).slot(Slot::File(name))
    }

    /// All of another's arguments and files.
    pub fn append(&mut self, other: &mut Self) -> &mut Self {
        self.tokens.append(&mut other.tokens);
        self.files.append(&mut other.files);
        self
    }

    /// An option with a text of the program's.
    pub fn text(&mut self, option: &'static str, text: String) -> &mut Self {
        self.words(&[option]).literal(text)
    }

    fn literal(&mut self, text: String) -> &mut Self {
        self.tokens.push(Token::Literal(text));
        self
    }
}
