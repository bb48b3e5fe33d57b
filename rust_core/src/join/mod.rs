//! Joining by copy: from the headers of pieces to the header of the film, and which bytes of which piece come after it.
//!
//! Nothing is decoded and nothing is guessed. A piece is taken for what its own header says, and refused
//! (`result_wrong`) where that is not what was planned: as many frames as are due, each once and each as long as a frame
//! is, and one codec header in all of them. Where a sample lies in time is then counted, never added up.

mod boxes;
mod film;
mod layout;
mod piece;
mod tables;

use serde::Deserialize;

pub use layout::Range;
pub use piece::{measure_picture, measure_sound};

use crate::error::{Code, CoreError};
use crate::time::Rate;
use piece::Piece;

/// What the film is joined from. A picture's or a sound's header is at its place in the list of headers, pictures first.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// Frames a second.
    pub fps: Rate,
    /// Samples a second.
    pub sample_rate: u32,
    /// How long the sound is, in samples.
    pub samples: i64,
    /// How many samples its first packets hold that come before those.
    pub lead: i64,
    /// How many frames each piece of picture has.
    pub pictures: Vec<i64>,
    /// What is kept of each piece of sound; nothing in a silent film.
    pub sounds: Vec<Kept>,
}

/// Packets `[skip, skip + packets)` of a piece of sound.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// How many packets of the piece come before.
    pub skip: i64,
    /// How many are kept.
    pub packets: i64,
}

/// A film without its media data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Everything before the media data.
    pub head: Vec<u8>,
    /// What the media data is, in order.
    pub ranges: Vec<Range>,
}

/// The film of `headers`, each the content of a piece's `moov` box.
pub fn join(order: &Order, headers: &[&[u8]]) -> Result<Joined, CoreError> {
    let pictures: Vec<Piece> = order
        .pictures
        .iter()
        .zip(headers)
        .map(|(frames, header)| Piece::picture(header, order.fps, *frames))
        .collect::<Result<_, _>>()?;
    let sounds = order.sounds.iter().zip(headers.iter().skip(pictures.len()));
    let sounds: Vec<Piece> =
        sounds.map(|(kept, header)| Piece::sound(header, order.sample_rate, *kept)).collect::<Result<_, _>>()?;
    if order.sample_rate == 0 || headers.is_empty() || pictures.len() + sounds.len() != headers.len() {
        return Err(wrong("there are as many headers as pieces, at least one of them, and a sample rate"));
    }
    alike(&pictures, 0)?;
    alike(&sounds, pictures.len())?;
    let layout = layout::interleave(order, &pictures, &sounds);
    let head = film::head(order, &pictures, &sounds, &layout)?;
    Ok(Joined { head, ranges: layout::ranges(&layout, &pictures, &sounds) })
}

/// Refuses pieces that a decoder set up for the first could not go on with; the refusal is about the header's number.
fn alike(pieces: &[Piece], before: usize) -> Result<(), CoreError> {
    let other = pieces.iter().position(|piece| pieces.first().is_some_and(|first| first.codec != piece.codec));
    other.map_or(Ok(()), |number| {
        let message = "a piece was made by another encoder than the first: its codec header is another";
        Err(wrong(message).about((before + number).to_string()))
    })
}

fn wrong(message: impl Into<String>) -> CoreError {
    CoreError::new(Code::ResultWrong, message)
}
