//! How the film is to be made: what the caller chooses.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Id;

/// How the film is to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// How much care the encoder takes.
    pub preset: Preset,
    /// The FFmpeg that will run the plan.
    pub ffmpeg: Build,
    /// The font of every text effect, as the hash of the font file's content.
    pub fonts: BTreeMap<Id, String>,
}

/// What matters of an FFmpeg.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Build {
    /// Tells builds apart that may give other bytes.
    pub build: String,
    /// How it takes a graph from a file.
    pub script_option: ScriptOption,
}

/// How an FFmpeg takes a graph from a file: the older way is gone in 8, the newer came with 7.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum ScriptOption {
    /// Until 7.
    #[serde(rename = "-filter_complex_script")]
    Script,
    /// Since 7.
    #[serde(rename = "-/filter_complex")]
    FromFile,
}

impl ScriptOption {
    /// The option.
    pub const fn option(self) -> &'static str {
        match self {
            Self::Script => "-filter_complex_script",
            Self::FromFile => "-/filter_complex",
        }
    }
}

/// How much care the encoder takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preset {
    /// Quick to look at.
    Draft,
    /// For publishing.
    Standard,
    /// For keeping.
    High,
}
