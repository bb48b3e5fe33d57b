//! Stored bytes of every fact of a project stay readable, and nothing near them is let in.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use rust_core::error::Code;
use rust_core::fact::Fact;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/golden/facts");

/// The tag and the bytes of every stored fact that the fold knows.
fn stored() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(FOLDER)).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let tag = stem.split('~').next().unwrap_or_default().to_owned();
        if Fact::TAGS.contains(&tag.as_str()) {
            found.push((tag, from_hex(&fs::read_to_string(&path).unwrap())));
        }
    }
    found
}

fn from_hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(16 * pair[0] + pair[1]).unwrap()).collect()
}

#[test]
fn stored_bytes_are_read_and_written_again_as_they_were() {
    for (tag, bytes) in stored() {
        let fact = Fact::decode(&bytes).unwrap_or_else(|error| panic!("{tag}: {error}"));
        assert_eq!(fact.encode().unwrap(), bytes, "{tag}");
    }
}

#[test]
fn every_fact_has_its_bytes() {
    let stored = stored();
    for tag in Fact::TAGS {
        assert!(stored.iter().any(|(found, _)| found == tag), "{tag}");
    }
}

#[test]
fn a_fact_cut_short_or_with_more_is_refused() {
    for (tag, bytes) in stored() {
        for end in 0..bytes.len() {
            assert_eq!(Fact::decode(&bytes[..end]).unwrap_err().code, Code::MalformedFact, "{tag} up to {end}");
        }
        let more = [bytes.as_slice(), &[0xc0]].concat();
        assert_eq!(Fact::decode(&more).unwrap_err().code, Code::MalformedFact, "{tag}");
    }
}

#[test]
fn only_maps_of_the_shape_are_facts() {
    for (what, bytes) in [
        ("nothing", &b""[..]),
        ("a number", b"\x01"),
        ("a fact as an array", b"\x92\xb1project_renamed.1\xa1x"),
        ("no type", b"\x81\xa4name\xa1x"),
        ("the type last", b"\x82\xa4name\xa1x\xa4type\xb1project_renamed.1"),
        ("a field twice", b"\x83\xa4type\xb1project_renamed.1\xa4name\xa1x\xa4name\xa1y"),
        ("a field missing", b"\x81\xa4type\xb1project_renamed.1"),
        ("a field unknown", b"\x83\xa4type\xb1project_renamed.1\xa4name\xa1x\xa3odd\x01"),
        ("a field of another type", b"\x82\xa4type\xb1project_renamed.1\xa4name\x01"),
        ("nil where a field may be absent", b"\x83\xa4type\xaftrack_changed.1\xa5track\xa1v\xa4name\xc0"),
        ("a float", b"\x82\xa4type\xb1project_renamed.1\xa4name\xcb\0\0\0\0\0\0\0\0"),
        ("text that is not UTF-8", b"\x82\xa4type\xb1project_renamed.1\xa4name\xa1\xff"),
        ("a huge length", b"\x82\xa4type\xb1project_renamed.1\xa4name\xdb\xff\xff\xff\xff"),
        ("a huge map", b"\xdf\xff\xff\xff\xff\xa4type"),
    ] {
        assert_eq!(Fact::decode(bytes).unwrap_err().code, Code::MalformedFact, "{what}");
    }
}

#[test]
fn a_tag_of_another_version_is_told_apart() {
    let refused = Fact::decode(b"\x81\xa4type\xb1project_renamed.2").unwrap_err();
    assert_eq!(refused.code, Code::UnknownFact);
    assert!(refused.message.contains("project_renamed.2"));
}
