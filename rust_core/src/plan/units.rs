//! The units of a plan, each once, and those of its sound.

use std::collections::{BTreeMap, BTreeSet};

use crate::command::Argv;
use crate::error::CoreError;
use crate::media::Library;
use crate::model::Output;
use crate::plan::grid::{Grid, Voice};
use crate::plan::range::Wanted;
use crate::plan::request::{Encoder, Request, SoundCoding, Whole};
use crate::plan::sound::{self, BLOCK, Part, Takes};
use crate::plan::unit::{Draft, Expect, Unit, UnitKind};
use crate::plan::{Chunk, Segment, encode, reading, whole};

/// The film's sound as units.
#[derive(Debug, Default)]
pub struct Heard {
    /// What is joined by copy.
    pub chunks: Vec<Chunk>,
    /// Or the one unit that is all of it.
    pub whole: Option<String>,
    /// How many samples the first packet holds that are not wanted.
    pub lead: i64,
}

impl Heard {
    /// Whether there is none.
    pub const fn is_nothing(&self) -> bool {
        self.chunks.is_empty() && self.whole.is_none()
    }
}

/// The units of a plan as they are found, each once.
#[derive(Debug)]
pub struct Units<'r> {
    library: &'r Library,
    request: &'r Request,
    known: BTreeSet<String>,
    /// In the order in which they were added.
    pub all: Vec<Unit>,
}

impl<'r> Units<'r> {
    /// None yet.
    pub const fn new(library: &'r Library, request: &'r Request) -> Self {
        Self { library, request, known: BTreeSet::new(), all: Vec::new() }
    }

    /// The key of a unit, which is kept where it is new.
    pub fn add(&mut self, draft: Draft) -> String {
        let unit = draft.named(self.library, &self.request.ffmpeg.build);
        let key = unit.key.clone();
        if self.known.insert(key.clone()) {
            self.all.push(unit);
        }
        key
    }

    /// The film's sound, after the takes that it is mixed from.
    pub fn sound(
        &mut self,
        grid: &Grid,
        wanted: &Wanted,
        output: &Output,
        coding: &SoundCoding,
    ) -> Result<Heard, CoreError> {
        let mut takes = Takes::new();
        for voice in sound::takes(grid) {
            let draft = self.take(voice, output)?;
            takes.insert(voice.clip.id.clone(), self.add(draft));
        }
        if coding.whole {
            self.whole_sound(grid, &takes, wanted, output, &coding.encoder)
        } else {
            self.chunks(grid, &takes, wanted, output, &coding.encoder)
        }
    }

    /// Chunks of packets, on the film's own grid also where only a part of it is wanted.
    fn chunks(
        &mut self,
        grid: &Grid,
        takes: &Takes,
        wanted: &Wanted,
        output: &Output,
        encoder: &Encoder,
    ) -> Result<Heard, CoreError> {
        let (from, to) = wanted.samples;
        let first = from.div_euclid(BLOCK);
        let parts = sound::parts(grid).into_iter().filter_map(|part| part.within(first, sound::packets(to)));
        let mut chunks = Vec::new();
        for part in parts {
            let draft = self.mix(part, grid, takes, output, Some(encoder))?;
            chunks.push(Chunk { key: self.add(draft), skip: part.skip, packets: part.packets });
        }
        Ok(Heard { chunks, whole: None, lead: from - first * BLOCK })
    }

    /// All of it in one go, from parts in PCM.
    fn whole_sound(
        &mut self,
        grid: &Grid,
        takes: &Takes,
        wanted: &Wanted,
        output: &Output,
        encoder: &Encoder,
    ) -> Result<Heard, CoreError> {
        let (from, to) = wanted.samples;
        let parts: Vec<Part> =
            sound::plain_parts(grid).into_iter().filter(|part| part.from < to && from < part.to).collect();
        let mut keys = Vec::new();
        for part in &parts {
            let draft = self.mix(*part, grid, takes, output, None)?;
            keys.push(self.add(draft));
        }
        let begin = parts.first().map_or(0, |part| part.from);
        let draft = whole::sound(&self.named(&keys), begin, wanted, output, encoder);
        Ok(Heard { chunks: Vec::new(), whole: Some(self.add(draft)), lead: 0 })
    }

    /// All of the picture in one go, from its segments.
    pub fn whole_picture(&mut self, segments: &[Segment], wanted: &Wanted, output: &Output, coding: &Whole) -> String {
        let keys: Vec<String> = segments.iter().map(|segment| segment.key.clone()).collect();
        let draft = whole::picture(&self.named(&keys), wanted.count(), output, coding);
        self.add(draft)
    }

    /// Units by their keys, in that order.
    fn named(&self, keys: &[String]) -> Vec<&Unit> {
        let units: BTreeMap<&str, &Unit> = self.all.iter().map(|unit| (unit.key.as_str(), unit)).collect();
        keys.iter().filter_map(|key| units.get(key.as_str()).copied()).collect()
    }

    fn take(&self, voice: &Voice, output: &Output) -> Result<Draft, CoreError> {
        let (argv, sources) = self.heard(sound::take(voice, output)?);
        let (from, to) = voice.whole();
        Ok(audio(UnitKind::Audio, argv, sources, to - from, output, None))
    }

    fn mix(
        &self,
        part: Part,
        grid: &Grid,
        takes: &Takes,
        output: &Output,
        encoder: Option<&Encoder>,
    ) -> Result<Draft, CoreError> {
        let (argv, sources) = self.heard(sound::mix(part, grid, takes, output)?);
        Ok(audio(UnitKind::Mix, argv, sources, part.to - part.from, output, encoder))
    }

    /// The arguments that give a graph of sound, but for what it is written as.
    fn heard(&self, (graph, mut sources): sound::Mixed) -> (Argv, reading::Sources) {
        let mut argv = Argv::default();
        argv.words(&["-copyts"]);
        encode::globals(&mut argv);
        argv.append(&mut sources.argv);
        argv.graph(graph, self.request.ffmpeg.script_option.option());
        (argv, sources)
    }
}

/// A unit of sound: a take, or a part of the mix. Without an encoder it is PCM.
fn audio(
    kind: UnitKind,
    mut argv: Argv,
    sources: reading::Sources,
    samples: i64,
    output: &Output,
    encoder: Option<&Encoder>,
) -> Draft {
    let (suffix, cost) = if let Some(encoder) = encoder {
        encode::sound(&mut argv, output, encoder);
        (encoder.suffix.clone(), 35)
    } else {
        encode::pcm(&mut argv, output);
        (".wav".to_owned(), 10)
    };
    let (samples, sample_rate, channels) = (Some(samples), Some(output.sample_rate), Some(2));
    Draft {
        kind,
        suffix,
        first: Vec::new(),
        argv,
        weight: 1 + samples.unwrap_or(0) * cost / i64::from(output.sample_rate),
        expect: Expect { samples, sample_rate, channels, ..Expect::default() },
        needs: sources.units,
        media: sources.media,
        fonts: Vec::new(),
    }
}
