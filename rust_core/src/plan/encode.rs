//! How units are run and what they write: the same for every unit of a kind, so that segments join by copy.

use crate::command::{Argv, Slot};
use crate::model::Output;
use crate::plan::request::Preset;

/// Options before every input: one thread each, as many units at once as there are cores.
pub fn globals(argv: &mut Argv) {
    argv.words(&["-filter_threads", "1", "-filter_complex_threads", "1"]);
}

/// Encodes the mapped picture as a segment of exactly `frames` frames.
pub fn segment(argv: &mut Argv, output: &Output, preset: Preset, frames: i64) {
    let (speed, quality) = match preset {
        Preset::Draft => ("ultrafast", "30"),
        Preset::Standard => ("veryfast", "23"),
        Preset::High => ("slow", "18"),
    };
    argv.number("-frames:v", frames);
    argv.rate("-r", output.fps).words(&["-fps_mode", "cfr"]);
    argv.words(&["-c:v", "libx264", "-preset", speed, "-crf", quality, "-pix_fmt", "yuv420p", "-threads", "1"]);
    argv.words(&["-color_range", "tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]);
    exact(argv).words(&["-flags:v", "+bitexact"]);
    // the one header field that a graph can't set on every FFmpeg: joined segments have one header
    argv.words(&["-bsf:v", "h264_metadata=chroma_sample_loc_type=0"]);
    argv.number("-video_track_timescale", i64::from(output.fps.num()));
    argv.words(&["-f", "mp4"]).slot(Slot::Out(true));
}

/// Writes the mapped sound as PCM.
pub fn pcm(argv: &mut Argv, output: &Output) {
    argv.words(&["-c:a", "pcm_f32le", "-ac", "2"]).number("-ar", i64::from(output.sample_rate));
    exact(argv).words(&["-flags:a", "+bitexact"]);
    argv.words(&["-rf64", "auto", "-f", "wav"]).slot(Slot::Out(true));
}

/// Encodes the mapped sound as the film's. At a constant quality a packet depends on the few before it; at a constant bit
/// rate on all of them. This quality takes 220 to 270 kb/s of music and speech, and is nowhere below 192 kb/s constant.
pub fn aac(argv: &mut Argv, output: &Output) {
    argv.words(&["-c:a", "aac", "-q:a", "2", "-ac", "2"]).number("-ar", i64::from(output.sample_rate));
    exact(argv).words(&["-flags:a", "+bitexact"]);
    // lengths in the movie's header are counted in samples: counted in milliseconds, the sound's end would move
    argv.number("-movie_timescale", i64::from(output.sample_rate));
    argv.words(&["-f", "mp4"]).slot(Slot::Out(true));
}

/// The same input gives the same bytes, anywhere.
pub fn exact(argv: &mut Argv) -> &mut Argv {
    argv.words(&["-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact"])
}
