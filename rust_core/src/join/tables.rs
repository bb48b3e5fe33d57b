//! The sample tables of a piece: where its samples lie and when each is shown.

use super::boxes::{Bytes, at, maybe};
use super::wrong;
use crate::error::CoreError;

/// A piece of more samples is refused, so that a header of a few bytes can't ask for much memory.
const MOST: usize = 1 << 20;

/// A picture or a packet of sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Where it is in its file.
    pub offset: u64,
    /// How many bytes.
    pub size: u32,
    /// When it is shown, in ticks from the first of the decoder's clock.
    pub time: i64,
    /// Whether decoding can begin with it.
    pub sync: bool,
}

/// The samples of a track, in the order of decoding. `table` is its `stbl`.
pub fn samples(table: &[u8]) -> Result<Vec<Sample>, CoreError> {
    let sizes = sizes(at(table, &[b"stsz"])?)?;
    let offsets = offsets(table, &sizes)?;
    let lengths = runs(at(table, &[b"stts"])?, sizes.len())?;
    let shifts = maybe(table, b"ctts")?.map_or_else(|| Ok(vec![0; sizes.len()]), |ctts| runs(ctts, sizes.len()))?;
    let sync = sync(table, sizes.len())?;
    if [offsets.len(), lengths.len(), shifts.len()] != [sizes.len(); 3] {
        return Err(wrong("the tables of a piece have different lengths"));
    }
    let mut decoded = 0;
    let mut all = Vec::with_capacity(sizes.len());
    for ((((size, offset), length), shift), sync) in sizes.iter().zip(offsets).zip(lengths).zip(shifts).zip(sync) {
        // shifts are signed in version 1 of the table, and never so long that the sign matters in version 0
        let shift = i64::from(shift.cast_signed());
        all.push(Sample { offset, size: *size, time: decoded + shift, sync });
        decoded += i64::from(length);
    }
    Ok(all)
}

fn sizes(stsz: &[u8]) -> Result<Vec<u32>, CoreError> {
    let mut bytes = Bytes(stsz);
    bytes.version()?;
    let (size, count) = (bytes.u32()?, count(bytes.u32()?)?);
    if size != 0 { Ok(vec![size; count]) } else { (0..count).map(|_| bytes.u32()).collect() }
}

/// Where each sample lies: chunks of samples, and how many samples are in which chunk.
fn offsets(table: &[u8], sizes: &[u32]) -> Result<Vec<u64>, CoreError> {
    let chunks = match maybe(table, b"co64")? {
        Some(co64) => entries(co64, Bytes::u64)?,
        None => numbers(at(table, &[b"stco"])?)?.into_iter().map(u64::from).collect(),
    };
    let runs = entries(at(table, &[b"stsc"])?, |bytes| Ok((bytes.u32()?, bytes.u32()?, bytes.u32()?)))?;
    let (mut found, mut rest) = (Vec::with_capacity(sizes.len()), sizes.iter());
    let mut run = runs.iter().peekable();
    let mut per_chunk = 0;
    for (number, start) in (1..).zip(chunks) {
        if let Some((_, samples, _)) = run.next_if(|(first, ..)| *first == number) {
            per_chunk = count(*samples)?;
        }
        let mut offset: u64 = start;
        for size in rest.by_ref().take(per_chunk) {
            found.push(offset);
            offset = offset.checked_add(u64::from(*size)).ok_or_else(|| wrong("a sample lies beyond everything"))?;
        }
    }
    Ok(found)
}

/// Which samples decoding can begin with: all, where no table names them.
fn sync(table: &[u8], samples: usize) -> Result<Vec<bool>, CoreError> {
    let Some(stss) = maybe(table, b"stss")? else { return Ok(vec![true; samples]) };
    let mut sync = vec![false; samples];
    for number in numbers(stss)? {
        let place = usize::try_from(number).ok().and_then(|number| sync.get_mut(number.checked_sub(1)?));
        *place.ok_or_else(|| wrong("a table of a piece names a sample that is not there"))? = true;
    }
    Ok(sync)
}

/// A table of (how many samples, their value), one value for each sample.
fn runs(table: &[u8], samples: usize) -> Result<Vec<u32>, CoreError> {
    let mut values = Vec::with_capacity(samples);
    for (count, value) in entries(table, |bytes| Ok((bytes.u32()?, bytes.u32()?)))? {
        let count = usize::try_from(count).ok().filter(|count| *count <= samples - values.len());
        let count = count.ok_or_else(|| wrong("a table of a piece speaks of too many samples"))?;
        values.extend(std::iter::repeat_n(value, count));
    }
    Ok(values)
}

fn numbers(table: &[u8]) -> Result<Vec<u32>, CoreError> {
    entries(table, Bytes::u32)
}

fn entries<'b, T>(
    table: &'b [u8],
    mut read: impl FnMut(&mut Bytes<'b>) -> Result<T, CoreError>,
) -> Result<Vec<T>, CoreError> {
    let mut bytes = Bytes(table);
    bytes.version()?;
    let count = count(bytes.u32()?)?;
    (0..count).map(|_| read(&mut bytes)).collect()
}

fn count(number: u32) -> Result<usize, CoreError> {
    usize::try_from(number).ok().filter(|count| *count <= MOST).ok_or_else(|| wrong("a piece has too many samples"))
}
