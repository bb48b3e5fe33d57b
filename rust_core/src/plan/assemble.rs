//! The last step: segments joined by copy, sound added, ready to stream.

use serde::Serialize;
use std::collections::BTreeMap;

use crate::command::{Argv, Slot, Token};
use crate::model::Output;
use crate::plan::encode;

/// The last process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assemble {
    /// Its arguments.
    pub argv: Vec<Token>,
    /// Text files that it reads.
    pub files: BTreeMap<String, String>,
}

/// Joins the segments, in order, and the sound where there is any.
pub fn assemble<'k>(segments: impl Iterator<Item = &'k str>, sound: Option<&str>, output: &Output) -> Assemble {
    let mut argv = Argv::default();
    argv.words(&["-protocol_whitelist", "file"]).joined(segments.map(|key| format!("{key}.mp4")));
    if let Some(key) = sound {
        argv.words(&["-protocol_whitelist", "file", "-f", "mov", "-i"]).slot(Slot::Unit(key.to_owned()));
        argv.words(&["-map", "0:v:0", "-map", "1:a:0"]);
    } else {
        argv.words(&["-map", "0:v:0"]);
    }
    argv.words(&["-c", "copy"]).regular_stamps(output.fps);
    encode::exact(&mut argv);
    argv.number("-video_track_timescale", i64::from(output.fps.num()));
    argv.number("-movie_timescale", i64::from(output.sample_rate));
    argv.words(&["-movflags", "+faststart", "-f", "mp4"]).slot(Slot::Out(true));
    Assemble { argv: argv.tokens, files: argv.files }
}
