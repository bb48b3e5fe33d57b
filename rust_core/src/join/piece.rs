//! One piece as the joiner knows it: a single track, its codec header, and its samples in their places.

use super::boxes::{Bytes, at, boxed, children, maybe};
use super::tables::{Sample, samples};
use super::{Kept, wrong};
use crate::error::CoreError;
use crate::plan::{BLOCK, Expect};
use crate::time::Rate;

/// What one decoder is set up with: all pieces of a kind must have the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codec {
    /// The entry of the sample description, without what it says of one piece's bit rate.
    pub entry: Vec<u8>,
    /// The end of the track's header: matrix, width and height.
    pub shape: Vec<u8>,
}

/// A piece of picture or of sound.
#[derive(Debug)]
pub struct Piece {
    /// Its codec header.
    pub codec: Codec,
    /// What is kept of it, in the order of decoding. Of a picture, `time` is the frame that it is; of sound, nothing.
    pub samples: Vec<Sample>,
}

/// Matrix (nine numbers), width and height.
const SHAPE: usize = 44;

impl Piece {
    /// A piece of exactly `frames` frames, each shown once and as long as `fps` says.
    pub fn picture(header: &[u8], fps: Rate, frames: i64) -> Result<Self, CoreError> {
        let track = Track::of(header, b"vide")?;
        if track.scale != fps.num() {
            return Err(wrong("a piece of picture counts time in other units"));
        }
        let mut samples = samples(track.table)?;
        let mut seen = vec![false; samples.len()];
        for sample in &mut samples {
            let shown = sample.time - track.begin;
            let frame = shown.div_euclid(i64::from(fps.den()));
            let place = usize::try_from(frame).ok().and_then(|frame| seen.get_mut(frame));
            match place {
                Some(place) if !*place && frame * i64::from(fps.den()) == shown => *place = true,
                _ => return Err(wrong("a piece's frames are not one after the other")),
            }
            sample.time = frame;
        }
        let first_is_sync = samples.first().is_some_and(|sample| sample.sync);
        if !first_is_sync || i64::try_from(samples.len()) != Ok(frames) {
            return Err(wrong(format!("a piece has {} frames, {frames} are due", samples.len())));
        }
        Ok(Self { codec: track.codec, samples })
    }

    /// The kept packets of a piece of sound; each holds [`BLOCK`] samples.
    pub fn sound(header: &[u8], rate: u32, kept: Kept) -> Result<Self, CoreError> {
        let track = Track::of(header, b"soun")?;
        let all = samples(track.table)?;
        // the last packet's length says where the piece ends, and nothing of what it holds
        let even = (0..).zip(&all).all(|(at, sample)| sample.time == at * BLOCK);
        if track.scale != rate || !even {
            return Err(wrong("a piece of sound is not made of packets of 1,024 samples at the film's rate"));
        }
        let (skip, packets) = (usize::try_from(kept.skip), usize::try_from(kept.packets));
        let (Ok(skip), Ok(packets)) = (skip, packets) else { return Err(wrong("a piece keeps a negative number")) };
        let samples: Vec<Sample> = all.into_iter().skip(skip).take(packets).collect();
        if samples.len() != packets {
            return Err(wrong(format!("a piece of sound has {} packets to keep, {packets} are due", samples.len())));
        }
        Ok(Self { codec: track.codec, samples })
    }
}

/// What a piece of picture holds, by its own header, and where in its file that ends.
pub fn measure_picture(header: &[u8]) -> Result<(Expect, u64), CoreError> {
    let track = Track::of(header, b"vide")?;
    let samples = samples(track.table)?;
    let mut size = Bytes(&track.codec.entry);
    size.take(32)?;
    let (width, height) = (Some(u32::from(size.u16()?)), Some(u32::from(size.u16()?)));
    let frames = i64::try_from(samples.len()).ok();
    Ok((Expect { frames, width, height, ..Expect::default() }, end(&samples)))
}

/// What a piece of sound holds, by its own header, and where in its file that ends.
pub fn measure_sound(header: &[u8]) -> Result<(Expect, u64), CoreError> {
    let track = Track::of(header, b"soun")?;
    let samples = samples(track.table)?;
    let mut entry = Bytes(&track.codec.entry);
    entry.take(24)?;
    let (channels, sample_rate) = (Some(u32::from(entry.u16()?)), Some(track.scale));
    let length = track.end.checked_sub(track.begin);
    Ok((Expect { samples: length, sample_rate, channels, ..Expect::default() }, end(&samples)))
}

fn end(samples: &[Sample]) -> u64 {
    samples.iter().map(|sample| sample.offset.saturating_add(u64::from(sample.size))).max().unwrap_or(0)
}

/// The one track of a piece.
struct Track<'b> {
    codec: Codec,
    /// Ticks a second.
    scale: u32,
    /// The tick at which it begins to be shown.
    begin: i64,
    /// The tick at which it ends.
    end: i64,
    table: &'b [u8],
}

impl<'b> Track<'b> {
    fn of(header: &'b [u8], kind: &[u8]) -> Result<Self, CoreError> {
        let track = at(header, &[b"trak"])?;
        let media = at(track, &[b"mdia"])?;
        let mut handler = Bytes(at(media, &[b"hdlr"])?);
        handler.take(8)?;
        if handler.take(4)? != kind {
            return Err(wrong("a piece holds another kind of track"));
        }
        let mut clock = Bytes(at(media, &[b"mdhd"])?);
        let version = clock.version()?;
        clock.long(version)?;
        clock.long(version)?;
        let scale = clock.u32()?;
        let end = i64::try_from(clock.long(version)?).map_err(|_| wrong("a piece has no end"))?;
        let table = at(media, &[b"minf", b"stbl"])?;
        let shape = Bytes(at(track, &[b"tkhd"])?).end(SHAPE)?.to_vec();
        let codec = Codec { entry: entry(at(table, &[b"stsd"])?, kind)?, shape };
        Ok(Self { codec, scale, begin: begin(track)?, end, table })
    }
}

/// Where the edit list begins, which has one entry at most.
fn begin(track: &[u8]) -> Result<i64, CoreError> {
    let Some(edits) = maybe(track, b"edts")? else { return Ok(0) };
    let mut edits = Bytes(at(edits, &[b"elst"])?);
    let version = edits.version()?;
    let count = edits.u32()?;
    edits.long(version)?;
    let begin = i64::try_from(edits.long(version)?);
    match (count, begin) {
        (1, Ok(begin)) if begin < i64::from(u32::MAX) => Ok(begin),
        _ => Err(wrong("a piece is edited in itself")),
    }
}

/// The one entry of a sample description, without what is not the same in every piece: its bit rates.
fn entry(description: &[u8], kind: &[u8]) -> Result<Vec<u8>, CoreError> {
    let mut bytes = Bytes(description);
    bytes.version()?;
    let entries = (bytes.u32()?, children(bytes.0)?);
    let (1, [(name, content)]) = (entries.0, entries.1.as_slice()) else {
        return Err(wrong("a piece has more than one codec header"));
    };
    // every picture's entry begins alike, whatever its codec (ISO/IEC 14496-12, 12.1.3)
    let own = match (kind, name) {
        (b"vide", _) => 78,
        (_, b"mp4a") => 28,
        _ => return Err(wrong(format!("a piece is coded as {}", name.escape_ascii()))),
    };
    let mut rest = Bytes(content);
    let mut entry = rest.take(own)?.to_vec();
    for (inner, content) in children(rest.0)? {
        match &inner {
            b"btrt" => {}
            b"esds" => entry.extend(boxed(&inner, &[&without_rates(content)?])),
            b"vpcC" => entry.extend(boxed(&inner, &[&chroma_on_the_left(content)])),
            _ => entry.extend(boxed(&inner, &[content])),
        }
    }
    Ok(boxed(name, &[&entry]))
}

/// An elementary stream's descriptor (ISO/IEC 14496-1) with buffer size, highest and mean bit rate unsaid.
fn without_rates(esds: &[u8]) -> Result<Vec<u8>, CoreError> {
    let mut rest = Bytes(esds);
    rest.version()?;
    descriptor(&mut rest, 3)?;
    rest.take(2)?;
    if rest.byte()? != 0 {
        return Err(wrong("a stream of sound depends on another"));
    }
    descriptor(&mut rest, 4)?;
    rest.take(2)?;
    let before = esds.len() - rest.0.len();
    rest.take(11)?;
    Ok([esds.split_at(before).0, &[0; 11], rest.0].concat())
}

/// A VP9 configuration that says of 4:2:0 that chroma lies on the left, as it always does: encoders copy what a source's
/// file said, and no filter changes that on every FFmpeg.
fn chroma_on_the_left(vpcc: &[u8]) -> Vec<u8> {
    // after version, flags, profile and level: four bits of depth, three of subsampling (0 left, 1 in the corner), range
    let said = |(at, byte): (usize, &u8)| if at == 6 && byte & 0b1110 == 0b0010 { byte & !0b1110 } else { *byte };
    vpcc.iter().enumerate().map(said).collect()
}

/// Reads over the head of a descriptor: its tag, and a length in groups of seven bits.
fn descriptor(bytes: &mut Bytes, tag: u8) -> Result<(), CoreError> {
    if bytes.byte()? != tag {
        return Err(wrong("a stream's descriptor is not as it should be"));
    }
    for _ in 0..4 {
        if bytes.byte()? & 0x80 == 0 {
            return Ok(());
        }
    }
    Err(wrong("a stream's descriptor has a length without end"))
}
