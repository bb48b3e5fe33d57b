//! How units are run and what they write: the same for every unit of a kind, so that segments join by copy.

use crate::command::{Argv, Slot};
use crate::model::Output;
use crate::plan::request::Encoder;

/// Options before every input: one thread each, as many units at once as there are cores.
pub fn globals(argv: &mut Argv) {
    argv.words(&["-filter_threads", "1", "-filter_complex_threads", "1"]);
}

/// Encodes the mapped picture as exactly `frames` frames.
pub fn picture(argv: &mut Argv, output: &Output, encoder: &Encoder, frames: i64) {
    argv.number("-frames:v", frames);
    argv.rate("-r", output.fps).words(&["-fps_mode", "cfr"]);
    argv.asked(&encoder.argv);
    exact(argv).words(&["-flags:v", "+bitexact"]);
    if let Some(filter) = &encoder.bitstream_filter {
        argv.words(&["-bsf:v"]).asked([filter]);
    }
    if matches!(encoder.muxer.as_str(), "mp4" | "mov") {
        argv.number("-video_track_timescale", i64::from(output.fps.num()));
    }
    written(argv, encoder);
}

/// Writes the mapped sound as PCM that others read.
pub fn pcm(argv: &mut Argv, output: &Output) {
    argv.words(&["-c:a", "pcm_f32le", "-ac", "2"]).number("-ar", i64::from(output.sample_rate));
    exact(argv).words(&["-flags:a", "+bitexact"]);
    argv.words(&["-rf64", "auto", "-f", "wav"]).slot(Slot::Out(true));
}

/// Encodes the mapped sound as the film's.
pub fn sound(argv: &mut Argv, output: &Output, encoder: &Encoder) {
    argv.asked(&encoder.argv).words(&["-ac", "2"]).number("-ar", i64::from(output.sample_rate));
    exact(argv).words(&["-flags:a", "+bitexact"]);
    if matches!(encoder.muxer.as_str(), "mp4" | "mov") {
        // lengths in the movie's header are counted in samples: counted in milliseconds, the sound's end would move
        argv.number("-movie_timescale", i64::from(output.sample_rate));
    }
    written(argv, encoder);
}

fn written(argv: &mut Argv, encoder: &Encoder) {
    argv.words(&["-f"]).asked([&encoder.muxer]).slot(Slot::Out(true));
}

/// The same input gives the same bytes, anywhere.
pub fn exact(argv: &mut Argv) -> &mut Argv {
    argv.words(&["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"])
}
