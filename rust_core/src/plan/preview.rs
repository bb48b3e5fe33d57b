//! One effect as the filters that it becomes, to look at.

use std::collections::BTreeMap;
use std::iter;

use serde::Serialize;

use crate::error::CoreError;
use crate::graph::{Expr, FileName, Filter};
use crate::model::{Effect, Output};
use crate::plan::effects::{Work, work_of};
use crate::plan::grid::Count;
use crate::plan::picture::veil;
use crate::plan::sound;
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

/// What `effect` becomes on a clip of five seconds, or of its window's length.
pub fn effect_filter(effect: &Effect, output: &Output) -> Result<Shown, CoreError> {
    let length = effect.window.duration.unwrap_or(LENGTH);
    let (frames, samples) = (Count::Frames(output.fps), Count::Samples(output.sample_rate));
    let whole = |count: Count| count.at(Time(effect.window.start.0 + length.0));
    let mut files = BTreeMap::new();
    let chains = match (work_of(effect, frames, whole(frames))?, work_of(effect, samples, whole(samples))?) {
        (Work::Title(title), _) => {
            let file = FileName::title(0);
            files.insert(file.name().to_owned(), title.text.clone());
            let letters = title.filter(file, FileName::any_font(), title.colour, title.from, title.to - title.from);
            vec![chain(&[letters])]
        }
        (Work::Fade(fade), Work::Fade(sounding)) => {
            let opaque = Filter::new("format").with("pix_fmts", "yuva420p");
            let picture: Vec<Filter> = iter::once(opaque).chain(veil(&fade, fade.start)).collect();
            vec![chain(&picture), chain(&[sound::fade(&sounding, sounding.start)])]
        }
        (Work::Gain(gain), _) => vec![chain(&[Filter::new("volume").with("volume", Expr::decimal(gain.factor))])],
        (Work::Fade(_), _) => Vec::new(), // a kind of work does not depend on what is counted
    };
    Ok(Shown { filter: chains.join(";"), files })
}

fn chain(filters: &[Filter]) -> String {
    let filters: Vec<String> = filters.iter().map(ToString::to_string).collect();
    filters.join(",")
}
