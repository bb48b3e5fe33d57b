//! One effect as the filters that it becomes, to look at.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::effect::{Brush, Count, Given, Heard, Letters, Painted, Subject, Work};
use crate::error::CoreError;
use crate::graph::{Filter, Graph};
use crate::model::{Effect, Output};
use crate::plan::chain;
use crate::plan::picture::veil;
use crate::time::{FLICKS_PER_SECOND, Span, Time};

/// How long the clip is that an effect is shown on, where its window does not say.
const LENGTH: Span = Span(5 * FLICKS_PER_SECOND);

/// An effect's filters and the text files that they read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// The filters, as in a unit's graph: a chain for the picture, one for the sound, or both with `;` between.
    pub filter: String,
    /// Text files by name.
    pub files: BTreeMap<String, String>,
}

/// What `effect` becomes on a clip of five seconds, or of its window's length, that fills the film.
pub fn effect_filter(effect: &Effect, output: &Output) -> Result<Shown, CoreError> {
    let length = effect.window.duration.unwrap_or(LENGTH);
    let (frames, samples) = (Count::Frames(output.fps), Count::Samples(output.sample_rate));
    let whole = |count: Count| count.at(Time(effect.window.start.0 + length.0));
    let heard = match Work::of(effect, samples, whole(samples))? {
        Work::Sound(heard) => return sounding(&heard, output.sample_rate, whole(samples)),
        Work::SoundFade(fade) => return Ok(chains([vec![chain::fade(&fade, fade.start)]])),
        Work::Fade(fade) => vec![chain::fade(&fade, fade.start)],
        Work::Picture(_) => Vec::new(),
    };
    Ok(match Work::of(effect, frames, whole(frames))? {
        Work::Picture(painted) => painting(&painted, output)?,
        Work::Fade(fade) => {
            let mut picture = vec![Filter::new("format").with("pix_fmts", "yuva420p")];
            picture.extend(veil(&fade, fade.start));
            chains([picture, heard])
        }
        Work::Sound(_) | Work::SoundFade(_) => chains([heard]), // a kind of work does not depend on what is counted
    })
}

fn sounding(heard: &Heard, rate: u32, samples: i64) -> Result<Shown, CoreError> {
    let mut graph = Graph::default();
    let format = Filter::new("aformat").with("sample_fmts", "fltp").with("channel_layouts", "stereo");
    let open = graph.source(format);
    let first = heard.from.unwrap_or(0);
    let wire = heard.tune(&mut heard.desk(&mut graph, rate, (first, samples - first)), open)?;
    Ok(Shown { filter: graph.open_ended(wire), files: BTreeMap::new() })
}

fn painting(painted: &Painted, output: &Output) -> Result<Shown, CoreError> {
    let lasts = painted.to - painted.from;
    let size = (i64::from(output.width), i64::from(output.height));
    let on = Subject { size, fps: output.fps, frames: lasts, past: 0, early: 0, lasts, number: 0 };
    let (mut graph, mut letters) = (Graph::default(), Letters::any());
    let open = graph.source(Filter::new("format").with("pix_fmts", "yuv420p"));
    let mut brush = Brush { graph: &mut graph, letters: &mut letters, on, alpha: false };
    let wire = (painted.painting.paint)(Given(painted.effect), &mut brush, open)?;
    let files = letters.files.into_iter().map(|(name, text)| (name.name().to_owned(), text));
    Ok(Shown { filter: graph.open_ended(wire), files: files.collect() })
}

/// Chains of filters, each with both of its ends open.
fn chains<const N: usize>(chains: [Vec<Filter>; N]) -> Shown {
    let written = chains.map(|chain| chain.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    Shown { filter: written.join(";"), files: BTreeMap::new() }
}
