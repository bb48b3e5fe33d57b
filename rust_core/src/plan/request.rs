//! How the film is to be made: what the caller chooses.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::model::Id;
use crate::time::Time;

/// How the film is to be made.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// How the picture is coded; none of a film that is only heard.
    pub picture: Option<PictureCoding>,
    /// How the sound is coded; none of a film that is only seen.
    pub sound: Option<SoundCoding>,
    /// The part that is wanted; all of it without one.
    #[serde(default)]
    pub range: Option<Range>,
    /// The FFmpeg that will run the plan.
    pub ffmpeg: Build,
    /// The font of every text effect, as the hash of the font file's content.
    pub fonts: BTreeMap<Id, String>,
}

/// How pictures are coded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureCoding {
    /// The colours that the encoder is given.
    pub colours: Colours,
    /// The width and height that the encoder is given; those of the film without them.
    #[serde(default)]
    pub size: Option<(u32, u32)>,
    /// How each piece is coded.
    pub piece: Encoder,
    /// How all of it is coded in one go, where pieces of it can't be joined by copy.
    #[serde(default)]
    pub whole: Option<Whole>,
}

/// How sound is coded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SoundCoding {
    /// The encoder, of AAC where it is not `whole`.
    pub encoder: Encoder,
    /// Whether all of it is coded in one go: packets of its pieces can't be joined.
    #[serde(default)]
    pub whole: bool,
}

/// Words for FFmpeg that say how something is coded and written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Encoder {
    /// The encoder and its options.
    pub argv: Vec<String>,
    /// What is said before the inputs: a device that it needs, or an input of its own.
    #[serde(default)]
    pub before: Vec<String>,
    /// What is done to its packets.
    #[serde(default)]
    pub bitstream_filter: Option<String>,
    /// What writes them.
    pub muxer: String,
    /// The end of its file's name.
    pub suffix: String,
}

/// Words for FFmpeg that say how all of the picture is coded.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whole {
    /// A run before that leaves something in the working directory: the first of two passes.
    #[serde(default)]
    pub first: Vec<String>,
    /// The run that counts.
    pub encoder: Encoder,
}

/// The colours that an encoder is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Colours {
    /// Those of the film: BT.709, 4:2:0 in the range of television.
    Film,
    /// Red, green and blue of full range.
    Rgb,
    /// Those of JPEG files: BT.601 of full range.
    Jpeg,
    /// Those of the film, in the memory of a device.
    Surface,
}

/// A part of the film.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Where it begins.
    pub start: Time,
    /// Where it ends; at the film's end without one.
    #[serde(default)]
    pub end: Option<Time>,
    /// Only its first frame.
    #[serde(default)]
    pub still: bool,
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
