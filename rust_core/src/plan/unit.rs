//! Units of work and their keys. A key is a hash of everything that determines a result's bytes and of nothing else, so
//! a name, a path or a place on the timeline never makes a result new.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::command::{Argv, Slot, Token};
use crate::media::Library;
use crate::model::Id;

/// Changes with what the same key would otherwise stand for.
const KEY_FORMAT: &str = "stoat-unit-1";

/// What a unit makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum UnitKind {
    /// A piece of the film's picture.
    Segment,
    /// The whole sound of a clip in PCM.
    Audio,
    /// A part of the film's sound, encoded.
    Mix,
    /// The whole picture, encoded in one go.
    Picture,
    /// The whole sound, encoded in one go.
    Sound,
}

/// What a result must be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Expect {
    /// How many frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<i64>,
    /// How many samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<i64>,
    /// Picture width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Picture height.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Samples a second.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample_rate: Option<u32>,
    /// Channels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<u32>,
}

/// One FFmpeg process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Its name: see [`key`].
    pub key: String,
    /// What it makes.
    pub kind: UnitKind,
    /// The end of its file's name.
    pub suffix: String,
    /// The arguments of a run before, in the same folder; none of most.
    pub first: Vec<Token>,
    /// Its arguments.
    pub argv: Vec<Token>,
    /// Its share of the work, about a millisecond of one core each.
    pub weight: i64,
    /// What comes out.
    pub expect: Expect,
    /// Text files that it reads.
    pub files: BTreeMap<String, String>,
    /// Units that it reads.
    pub needs: Vec<String>,
    /// Sources that it reads.
    pub media: Vec<Id>,
    /// Fonts that it draws with.
    pub fonts: Vec<String>,
}

/// What a unit is before it has a name.
#[derive(Debug)]
pub struct Draft {
    /// What it makes.
    pub kind: UnitKind,
    /// The end of its file's name.
    pub suffix: String,
    /// The arguments of a run before.
    pub first: Vec<Token>,
    /// Its arguments and text files.
    pub argv: Argv,
    /// Its share of the work.
    pub weight: i64,
    /// What comes out.
    pub expect: Expect,
    /// Units that it reads, in order.
    pub needs: Vec<String>,
    /// Sources that it reads, in order.
    pub media: Vec<Id>,
    /// Fonts that it draws with.
    pub fonts: Vec<String>,
}

impl Draft {
    /// The unit, named.
    pub fn named(mut self, library: &Library, build: &str) -> Unit {
        for list in [&mut self.needs, &mut self.fonts] {
            list.sort_unstable();
            list.dedup();
        }
        self.media.sort_unstable();
        self.media.dedup();
        let key = self.key(library, build);
        Unit {
            key,
            kind: self.kind,
            suffix: self.suffix,
            first: self.first,
            argv: self.argv.tokens,
            weight: self.weight,
            expect: self.expect,
            files: self.argv.files,
            needs: self.needs,
            media: self.media,
            fonts: self.fonts,
        }
    }

    /// The hash over the arguments with every source replaced by its content, the text files, fonts and needed units,
    /// and the FFmpeg that runs it.
    fn key(&self, library: &Library, build: &str) -> String {
        let mut hash = Hash::begin(KEY_FORMAT);
        hash.add(build);
        for run in [&self.first, &self.argv.tokens].into_iter().filter(|run| !run.is_empty()) {
            hash.count(run.len());
            for token in run {
                match token {
                    Token::Literal(text) => hash.add("literal").add(text),
                    Token::Slot(Slot::Media(id)) => {
                        hash.add("media").add(library.get(id).map_or("", |media| media.sha256.as_str()))
                    }
                    Token::Slot(Slot::Unit(key)) => hash.add("unit").add(key),
                    Token::Slot(Slot::File(name)) => hash.add("file").add(name),
                    Token::Slot(Slot::Out(_)) => hash.add("out"),
                };
            }
        }
        hash.count(self.argv.files.len());
        for (name, text) in &self.argv.files {
            hash.add(name).add(text);
        }
        for list in [&self.needs, &self.fonts] {
            hash.count(list.len());
            for item in list {
                hash.add(item);
            }
        }
        hash.end()
    }
}

/// A hash over texts in which no two lists of texts look the same.
#[derive(Debug)]
pub struct Hash(blake3::Hasher);

impl Hash {
    /// A new one, of some kind.
    pub fn begin(kind: &str) -> Self {
        let mut hash = Self(blake3::Hasher::new());
        hash.add(kind);
        hash
    }

    /// One more text.
    pub fn add(&mut self, text: &str) -> &mut Self {
        self.count(text.len());
        self.0.update(text.as_bytes());
        self
    }

    /// How many things come next.
    pub fn count(&mut self, count: usize) -> &mut Self {
        self.0.update(&u64::try_from(count).unwrap_or(u64::MAX).to_le_bytes());
        self
    }

    /// In hex.
    pub fn end(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}
