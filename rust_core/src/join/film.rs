//! The film's header: one track of picture and, where anything is heard, one of sound, with exact lengths.
//!
//! Every number that may grow is written with eight bytes, also where four would do: a long film takes no other path
//! than a short one.

use super::boxes::{boxed, full};
use super::layout::Chunk;
use super::piece::{Codec, Piece};
use super::{Order, wrong};
use crate::error::CoreError;
use crate::plan::{BLOCK, packets};

/// No matrix: a point stays where it is.
const UPRIGHT: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

/// What the media data begins with: a length of eight bytes, filled in.
const MDAT: usize = 16;

/// Everything before the media data, whose `chunks` come right after it.
pub fn head(order: &Order, pictures: &[Piece], sounds: &[Piece], chunks: &[Chunk]) -> Result<Vec<u8>, CoreError> {
    let brands = brands(pictures);
    let movie = |start: u64| movie(order, pictures, sounds, &placed(chunks, start));
    // where the data lies does not change how long the header is
    let before = brands.len() + movie(0)?.len() + MDAT;
    let bytes: u64 = chunks.iter().map(|chunk| chunk.bytes).sum();
    let mut head = [brands, movie(long(before))?].concat();
    head.extend([&1_u32.to_be_bytes()[..], b"mdat", &(bytes + long(MDAT)).to_be_bytes()].concat());
    Ok(head)
}

/// What a reader must understand: the codec is among it where it has a brand (ISO/IEC 14496-15, AV1-ISOBMFF).
fn brands(pictures: &[Piece]) -> Vec<u8> {
    let coded = pictures.first().and_then(|first| first.codec.entry.get(4..8));
    let coded = coded.filter(|name| [&b"avc1"[..], b"av01"].contains(name)).unwrap_or_default();
    boxed(b"ftyp", &[b"isom", &0x200_u32.to_be_bytes(), b"isomiso2", coded, b"mp41"])
}

/// The chunks of a film with where each begins.
fn placed(chunks: &[Chunk], start: u64) -> Vec<(&Chunk, u64)> {
    let begins = chunks.iter().scan(start, |next, chunk| {
        let begin = *next;
        *next += chunk.bytes;
        Some((chunk, begin))
    });
    begins.collect()
}

fn movie(order: &Order, pictures: &[Piece], sounds: &[Piece], chunks: &[(&Chunk, u64)]) -> Result<Vec<u8>, CoreError> {
    let (mut tracks, mut duration) = (Vec::new(), 0);
    for (number, pieces, sound) in [(1, pictures, false), (2, sounds, true)] {
        if let Some(first) = pieces.first() {
            let own: Vec<_> = chunks.iter().filter(|(chunk, _)| chunk.sound == sound).copied().collect();
            let track = if sound { heard(order, pieces)? } else { shown(order, pieces)? };
            duration = duration.max(track.duration(order.sample_rate));
            tracks.extend(track.boxed(number, &first.codec, order.sample_rate, &own)?);
        }
    }
    let matrix = matrix();
    let clock = [&[0; 16][..], &order.sample_rate.to_be_bytes(), &duration.to_be_bytes()].concat();
    let rest = [&0x1_0000_u32.to_be_bytes()[..], &[1, 0], &[0; 10], &matrix, &[0; 24], &3_u32.to_be_bytes()].concat();
    Ok(boxed(b"moov", &[&full(b"mvhd", 1, 0, &[&clock, &rest]), &tracks]))
}

/// A track as it is written.
struct Track {
    sound: bool,
    /// Ticks a second.
    scale: u32,
    /// The tick at which it begins to be shown.
    begin: u64,
    /// How long it is shown, in ticks.
    length: u64,
    /// How long all of its samples are, in ticks.
    whole: u64,
    /// Tables of its own kind.
    tables: Vec<u8>,
    /// Sizes of its samples.
    sizes: Vec<u32>,
}

/// The picture: every frame as long as the next, shown in the order of its number.
fn shown(order: &Order, pieces: &[Piece]) -> Result<Track, CoreError> {
    let tick = u64::from(order.fps.den());
    let samples = || pieces.iter().flat_map(|piece| (0..).zip(&piece.samples));
    // how many frames a picture may be decoded after its turn to be shown
    let late: i64 = samples().map(|(decoded, sample)| decoded - sample.time).max().unwrap_or(0);
    let shifts = samples().map(|(decoded, sample)| (sample.time + late - decoded) * i64::from(order.fps.den()));
    let shifts: Vec<u32> =
        shifts.map(u32::try_from).collect::<Result<_, _>>().map_err(|_| wrong("frames lie far apart"))?;
    let sync = (1..).zip(pieces.iter().flat_map(|piece| &piece.samples)).filter(|(_, sample)| sample.sync);
    let sync: Vec<u32> = sync.map(|(number, _): (u32, _)| number).collect();
    let frames = long(shifts.len());
    let tables = [
        full(b"stts", 0, 0, &[&runs(&[(number(shifts.len())?, order.fps.den())])?]),
        full(b"ctts", 0, 0, &[&runs(&counted(shifts.iter().copied()))?]),
        full(b"stss", 0, 0, &[&number(sync.len())?.to_be_bytes(), &words(&sync)]),
    ];
    Ok(Track {
        sound: false,
        scale: order.fps.num(),
        begin: u64::try_from(late).unwrap_or(0) * tick,
        length: frames * tick,
        whole: frames * tick,
        tables: tables.concat(),
        sizes: sizes(pieces),
    })
}

/// The sound: one packet of priming and what is not wanted of the next before it, and its last packet as long as it is
/// heard.
fn heard(order: &Order, pieces: &[Piece]) -> Result<Track, CoreError> {
    let sizes = sizes(pieces);
    let (samples, lead) = (order.samples, order.lead);
    let due = packets(lead.saturating_add(samples));
    if samples < 1 || !(0..BLOCK).contains(&lead) || i64::try_from(sizes.len()) != Ok(due) {
        return Err(wrong(format!("the sound has {} packets, {due} are due", sizes.len())));
    }
    let last = u32::try_from(BLOCK + lead + samples - (due - 1) * BLOCK).map_err(|_| wrong("the sound has no end"))?;
    let block = u32::try_from(BLOCK).unwrap_or(0);
    let all = counted(std::iter::repeat_n(block, sizes.len() - 1).chain([last]));
    // a decoder that begins anywhere has to be given one packet more: the roll distance is -1
    let roll = [&b"roll"[..], &2_u32.to_be_bytes(), &1_u32.to_be_bytes(), &(-1_i16).to_be_bytes()].concat();
    let rolls = [&b"roll"[..], &1_u32.to_be_bytes(), &words(&[number(sizes.len())?, 1])].concat();
    let tables = [full(b"stts", 0, 0, &[&runs(&all)?]), full(b"sgpd", 1, 0, &[&roll]), full(b"sbgp", 0, 0, &[&rolls])];
    let length = u64::try_from(samples).unwrap_or(0);
    let begin = u64::from(block) + u64::try_from(lead).unwrap_or(0);
    let tables = tables.concat();
    Ok(Track { sound: true, scale: order.sample_rate, begin, length, whole: begin + length, tables, sizes })
}

impl Track {
    /// How long it is shown in the movie's ticks, rounded up: cut short, it would lose its last frame.
    fn duration(&self, rate: u32) -> u64 {
        let ticks = u128::from(self.length) * u128::from(rate);
        u64::try_from(ticks.div_ceil(u128::from(self.scale))).unwrap_or(u64::MAX)
    }

    fn boxed(&self, number: u32, codec: &Codec, rate: u32, chunks: &[(&Chunk, u64)]) -> Result<Vec<u8>, CoreError> {
        let duration = self.duration(rate).to_be_bytes();
        let (group, volume) = if self.sound { (1_u16, 0x100_u16) } else { (0, 0) };
        let place = [&[0; 10][..], &group.to_be_bytes(), &volume.to_be_bytes(), &[0; 2], &codec.shape].concat();
        let head = [&[0; 16][..], &number.to_be_bytes(), &[0; 4], &duration].concat();
        let edit =
            [&1_u32.to_be_bytes()[..], &duration, &self.begin.to_be_bytes(), &0x1_0000_u32.to_be_bytes()].concat();
        let clock = [&[0; 16][..], &self.scale.to_be_bytes(), &self.whole.to_be_bytes(), &[0x55, 0xc4, 0, 0]].concat();
        let (kind, name) = if self.sound { (b"soun", &b"Sound\0"[..]) } else { (b"vide", &b"Picture\0"[..]) };
        let handler = [&[0; 4][..], kind, &[0; 12], name].concat();
        let kind = if self.sound { full(b"smhd", 0, 0, &[&[0; 4]]) } else { full(b"vmhd", 0, 1, &[&[0; 8]]) };
        let here = full(b"dref", 0, 0, &[&1_u32.to_be_bytes(), &full(b"url ", 0, 1, &[])]);
        let table = boxed(
            b"stbl",
            &[&full(b"stsd", 0, 0, &[&1_u32.to_be_bytes(), &codec.entry]), &self.tables, &self.chunks(chunks)?],
        );
        let information = boxed(b"minf", &[&kind, &boxed(b"dinf", &[&here]), &table]);
        let media = [full(b"mdhd", 1, 0, &[&clock]), full(b"hdlr", 0, 0, &[&handler]), information].concat();
        let head = full(b"tkhd", 1, 3, &[&head, &place]);
        Ok(boxed(b"trak", &[&head, &boxed(b"edts", &[&full(b"elst", 1, 0, &[&edit])]), &boxed(b"mdia", &[&media])]))
    }

    /// Which samples are in which chunk, how large they are, and where the chunks are.
    fn chunks(&self, chunks: &[(&Chunk, u64)]) -> Result<Vec<u8>, CoreError> {
        let mut runs = Vec::new();
        let mut before = None;
        for (at, (chunk, _)) in (1_u32..).zip(chunks) {
            if before != Some(chunk.count) {
                runs.extend([at, number(chunk.count)?, 1]);
                before = Some(chunk.count);
            }
        }
        let offsets: Vec<u8> = chunks.iter().flat_map(|(_, begin)| begin.to_be_bytes()).collect();
        let tables = [
            full(b"stsc", 0, 0, &[&number(runs.len() / 3)?.to_be_bytes(), &words(&runs)]),
            full(b"stsz", 0, 0, &[&[0; 4], &number(self.sizes.len())?.to_be_bytes(), &words(&self.sizes)]),
            full(b"co64", 0, 0, &[&number(chunks.len())?.to_be_bytes(), &offsets]),
        ];
        Ok(tables.concat())
    }
}

/// Equal neighbours as (how many, value).
fn counted(values: impl Iterator<Item = u32>) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for value in values {
        match runs.last_mut() {
            Some((count, last)) if *last == value => *count += 1,
            _ => runs.push((1, value)),
        }
    }
    runs
}

fn runs(runs: &[(u32, u32)]) -> Result<Vec<u8>, CoreError> {
    let flat: Vec<u32> = runs.iter().flat_map(|(count, value)| [*count, *value]).collect();
    Ok([&number(runs.len())?.to_be_bytes()[..], &words(&flat)].concat())
}

fn sizes(pieces: &[Piece]) -> Vec<u32> {
    pieces.iter().flat_map(|piece| &piece.samples).map(|sample| sample.size).collect()
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn matrix() -> Vec<u8> {
    words(&UPRIGHT)
}

fn number(count: usize) -> Result<u32, CoreError> {
    u32::try_from(count).map_err(|_| wrong("the film has too many samples"))
}

fn long(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
