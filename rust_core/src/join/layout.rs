//! The order of the media data: picture and sound in turns of a second, so that a player need not seek.

use super::Order;
use super::piece::Piece;
use super::tables::Sample;
use crate::plan::BLOCK;
use crate::time::FLICKS_PER_SECOND;

/// Samples of one piece that lie together in the film.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chunk {
    /// Whether they are sound.
    pub sound: bool,
    /// The piece, counted among its kind.
    pub piece: usize,
    /// Its first kept sample.
    pub first: usize,
    /// How many.
    pub count: usize,
    /// How many bytes.
    pub bytes: u64,
    /// When it is due, in flicks.
    due: i64,
}

impl Chunk {
    /// Its samples.
    pub fn of<'p>(&self, pictures: &'p [Piece], sounds: &'p [Piece]) -> impl Iterator<Item = &'p Sample> {
        let pieces = if self.sound { sounds } else { pictures };
        pieces.get(self.piece).into_iter().flat_map(|piece| &piece.samples).skip(self.first).take(self.count)
    }
}

/// Bytes of a piece that are copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The piece, pictures first.
    pub piece: usize,
    /// Where in its file.
    pub offset: u64,
    /// How many.
    pub length: u64,
}

/// The film's chunks, in order.
pub fn interleave(order: &Order, pictures: &[Piece], sounds: &[Piece]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let frame = order.fps.frame().0;
    turns(false, pictures, frame, &mut chunks);
    turns(true, sounds, BLOCK * FLICKS_PER_SECOND / i64::from(order.sample_rate), &mut chunks);
    chunks.sort_by_key(|chunk| (chunk.due, chunk.sound));
    chunks
}

fn turns(sound: bool, pieces: &[Piece], length: i64, chunks: &mut Vec<Chunk>) {
    let most = usize::try_from((FLICKS_PER_SECOND / length).max(1)).unwrap_or(1);
    let mut due = 0;
    for (piece, content) in pieces.iter().enumerate() {
        for (turn, samples) in content.samples.chunks(most).enumerate() {
            let bytes = samples.iter().map(|sample| u64::from(sample.size)).sum();
            chunks.push(Chunk { sound, piece, first: turn * most, count: samples.len(), bytes, due });
            due += length * i64::try_from(samples.len()).unwrap_or(0);
        }
    }
}

/// What the chunks are copied from; neighbours in one file are one range.
pub fn ranges(chunks: &[Chunk], pictures: &[Piece], sounds: &[Piece]) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::new();
    for chunk in chunks {
        let piece = if chunk.sound { pictures.len() + chunk.piece } else { chunk.piece };
        for sample in chunk.of(pictures, sounds) {
            let length = u64::from(sample.size);
            match ranges.last_mut() {
                Some(last) if last.piece == piece && last.offset.checked_add(last.length) == Some(sample.offset) => {
                    last.length += length;
                }
                _ => ranges.push(Range { piece, offset: sample.offset, length }),
            }
        }
    }
    ranges
}
