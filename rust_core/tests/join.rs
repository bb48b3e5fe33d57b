//! Joining by copy, on headers that FFmpeg wrote: forty frames at 30000/1001, one frame of the same, three of another
//! size, and a second of AAC.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use proptest::prelude::*;
use rust_core::error::{Code, CoreError};
use rust_core::join::{Joined, Kept, Order, join, measure_picture, measure_sound};
use rust_core::plan::packets;
use rust_core::time::Rate;

const FORTY: &[u8] = include_bytes!("headers/forty_frames.moov");
const ONE: &[u8] = include_bytes!("headers/one_frame.moov");
const OTHER: &[u8] = include_bytes!("headers/another_size.moov");
const SECOND: &[u8] = include_bytes!("headers/one_second.moov");

fn order(pictures: &[i64], sounds: &[(i64, i64)], samples: i64) -> Order {
    let sounds = sounds.iter().map(|(skip, packets)| Kept { skip: *skip, packets: *packets }).collect();
    let fps = Rate::new(30_000, 1001).unwrap();
    Order { fps, sample_rate: 48_000, samples, lead: 0, pictures: pictures.to_vec(), sounds }
}

/// The content of the `moov` box that a film begins with, right after its brands.
fn movie(joined: &Joined) -> &[u8] {
    let brands = usize::try_from(u32::from_be_bytes(joined.head[..4].try_into().unwrap())).unwrap();
    let size = usize::try_from(u32::from_be_bytes(joined.head[brands..brands + 4].try_into().unwrap())).unwrap();
    &joined.head[brands + 8..brands + size]
}

/// The first box of that name.
fn table(joined: &Joined, name: [u8; 4]) -> &[u8] {
    let at = joined.head.windows(4).position(|word| word == name).unwrap();
    let size = u32::from_be_bytes(joined.head[at - 4..at].try_into().unwrap());
    &joined.head[at..at + usize::try_from(size).unwrap() - 4]
}

fn refused(result: Result<Joined, CoreError>) -> String {
    let error = result.unwrap_err();
    assert_eq!(error.code, Code::ResultWrong);
    error.message
}

#[test]
fn a_film_is_a_piece_like_those_that_it_is_made_of() {
    let once = join(&order(&[40, 1, 40], &[], 0), &[FORTY, ONE, FORTY]).unwrap();
    let twice = join(&order(&[81, 81], &[], 0), &[movie(&once), movie(&once)]).unwrap();
    let at_once = join(&order(&[40, 1, 40, 40, 1, 40], &[], 0), &[FORTY, ONE, FORTY, FORTY, ONE, FORTY]).unwrap();
    for name in [b"elst", b"stsd", b"stts", b"ctts", b"stss", b"stsz"] {
        assert!(table(&twice, *name) == table(&at_once, *name), "{}", name.escape_ascii());
    }
}

#[test]
fn every_byte_of_the_media_data_is_copied_once() {
    let joined = join(&order(&[40, 40], &[(0, 48)], 48_000), &[FORTY, FORTY, SECOND]).unwrap();
    let bytes: u64 = joined.ranges.iter().map(|range| range.length).sum();
    let due = u64::from_be_bytes(joined.head[joined.head.len() - 8..].try_into().unwrap());
    assert_eq!(bytes + 16, due);
    for piece in 0..3 {
        let own: Vec<_> = joined.ranges.iter().filter(|range| range.piece == piece).collect();
        assert!(own.windows(2).all(|pair| pair[0].offset + pair[0].length <= pair[1].offset));
    }
}

#[test]
fn picture_and_sound_take_turns() {
    let joined = join(&order(&[40, 40], &[(0, 48)], 48_000), &[FORTY, FORTY, SECOND]).unwrap();
    let pieces: Vec<usize> = joined.ranges.iter().map(|range| range.piece).collect();
    assert_eq!(pieces, [0, 2, 0, 2, 1]);
}

#[test]
fn of_sound_only_the_kept_packets_are_copied() {
    let whole = join(&order(&[40], &[(0, 48)], 48_000), &[FORTY, SECOND]).unwrap();
    let halves = join(&order(&[40], &[(0, 20), (20, 28)], 48_000), &[FORTY, SECOND, SECOND]).unwrap();
    let sound = |joined: &Joined| -> u64 { joined.ranges.iter().filter(|r| r.piece > 0).map(|r| r.length).sum() };
    assert_eq!(sound(&whole), sound(&halves));
}

#[test]
fn what_does_not_go_together_is_refused() {
    assert!(refused(join(&order(&[40, 3], &[], 0), &[FORTY, OTHER])).contains("its codec header is another"));
    assert!(refused(join(&order(&[41], &[], 0), &[FORTY])).contains("40 frames, 41 are due"));
    assert!(refused(join(&order(&[48], &[], 0), &[SECOND])).contains("another kind"));
    assert!(refused(join(&order(&[40], &[(0, 49)], 48_000), &[FORTY, SECOND])).contains("48 packets to keep"));
    assert!(refused(join(&order(&[40], &[(0, 40)], 48_000), &[FORTY, SECOND])).contains("40 packets, 48 are due"));
    refused(join(&order(&[40], &[(-1, 49)], 48_000), &[FORTY, SECOND]));
    refused(join(&order(&[40], &[(0, 0)], -1024), &[FORTY, SECOND]));
    refused(join(&order(&[], &[], 0), &[]));
    refused(join(&order(&[40], &[], 0), &[FORTY, FORTY]));
    let mut silent = order(&[40], &[], 0);
    silent.sample_rate = 0;
    refused(join(&silent, &[FORTY]));
    let mut slow = order(&[40], &[], 0);
    slow.fps = Rate::new(30, 1).unwrap();
    assert!(refused(join(&slow, &[FORTY])).contains("other units"));
}

#[test]
fn a_piece_is_measured_by_its_header() {
    let (picture, end) = measure_picture(FORTY).unwrap();
    assert_eq!((picture.frames, picture.width, picture.height), (Some(40), Some(320), Some(180)));
    let joined = join(&order(&[40], &[], 0), &[FORTY]).unwrap();
    assert_eq!(end, joined.ranges.iter().map(|range| range.offset + range.length).max().unwrap());
    let (sound, _) = measure_sound(SECOND).unwrap();
    assert_eq!((sound.samples, sound.sample_rate, sound.channels), (Some(48_000), Some(48_000), Some(2)));
    assert_eq!(measure_sound(FORTY).unwrap_err().code, Code::ResultWrong);
}

#[test]
fn packets_are_counted_with_the_one_before_all() {
    assert_eq!([1, 1024, 1025, 48_000].map(packets), [2, 2, 3, 48]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn a_damaged_header_is_refused_or_read_and_never_worse(
        cut in 0_usize..2000,
        flips in proptest::collection::vec((0_usize..2000, any::<u8>()), 0..6),
        sound in any::<bool>(),
    ) {
        let original = if sound { SECOND } else { FORTY };
        let mut header = original[..original.len() - cut.saturating_sub(1000).min(original.len())].to_vec();
        for (at, value) in flips {
            if let Some(byte) = header.get_mut(at) {
                *byte = value;
            }
        }
        let joined = if sound {
            join(&order(&[40], &[(0, 48)], 48_000), &[FORTY, &header])
        } else {
            join(&order(&[40], &[], 0), &[&header])
        };
        let measured = [measure_picture(&header), measure_sound(&header)];
        for error in measured.into_iter().filter_map(Result::err).chain(joined.err()) {
            prop_assert_eq!(error.code, Code::ResultWrong);
        }
    }

    #[test]
    fn any_bytes_are_refused(header in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(join(&order(&[40], &[], 0), &[&header]).is_err());
    }
}
