//! All of the picture, or of the sound, coded in one go from pieces that lost nothing: for what is coded in view of all of
//! it (two passes, a palette), and for what can't be cut and joined by copy.

use crate::command::{Argv, Token};
use crate::model::Output;
use crate::plan::encode;
use crate::plan::range::Wanted;
use crate::plan::request::{Encoder, Whole};
use crate::plan::unit::{Draft, Expect, Unit, UnitKind};

/// The picture in one go. Its pieces are read at the film's rate whatever their own time stamps are rounded to.
pub fn picture(pieces: &[&Unit], frames: i64, output: &Output, whole: &Whole) -> Draft {
    let read = |before: &[String]| {
        let mut argv = Argv::default();
        encode::globals(&mut argv);
        argv.asked(before);
        argv.rate("-r", output.fps)
            .concatenated(pieces.iter().map(|piece| (piece.key.as_str(), piece.suffix.as_str())));
        argv
    };
    let first = if whole.first.is_empty() {
        Vec::new()
    } else {
        let mut before = read(&[]);
        before.number("-frames:v", frames).asked(&whole.first);
        before.tokens
    };
    let mut argv = read(&whole.encoder.before);
    encode::picture(&mut argv, output, &whole.encoder, frames);
    let passes = if first.is_empty() { 1 } else { 2 };
    let weight = pieces.iter().map(|piece| piece.weight).sum::<i64>() * passes;
    let expect =
        Expect { frames: Some(frames), width: Some(output.width), height: Some(output.height), ..Expect::default() };
    draft(UnitKind::Picture, pieces, first, argv, weight, expect, &whole.encoder)
}

/// The sound in one go: of its pieces, which begin at sample `begin` of the film, what is wanted.
pub fn sound(pieces: &[&Unit], begin: i64, wanted: &Wanted, output: &Output, encoder: &Encoder) -> Draft {
    let mut argv = Argv::default();
    encode::globals(&mut argv);
    argv.concatenated(pieces.iter().map(|piece| (piece.key.as_str(), piece.suffix.as_str())));
    let (from, to) = (wanted.samples.0 - begin, wanted.samples.1 - begin);
    argv.text("-af", format!("atrim=start_sample={from}:end_sample={to},asetpts=N"));
    encode::sound(&mut argv, output, encoder);
    let (samples, sample_rate) = (Some(wanted.heard()), Some(output.sample_rate));
    let expect = Expect { samples, sample_rate, channels: Some(2), ..Expect::default() };
    let weight = 1 + wanted.heard() * 25 / i64::from(output.sample_rate);
    draft(UnitKind::Sound, pieces, Vec::new(), argv, weight, expect, encoder)
}

fn draft(
    kind: UnitKind,
    pieces: &[&Unit],
    first: Vec<Token>,
    argv: Argv,
    weight: i64,
    expect: Expect,
    encoder: &Encoder,
) -> Draft {
    let needs = pieces.iter().map(|piece| piece.key.clone()).collect();
    let suffix = encoder.suffix.clone();
    Draft { kind, suffix, first, argv, weight, expect, needs, media: Vec::new(), fonts: Vec::new() }
}
