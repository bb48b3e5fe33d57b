//! `MessagePack` as facts use it: a narrow subset, so that both languages agree on what a payload is.

use std::io::Cursor;

use rmp_serde::decode::Deserializer;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Code, CoreError};

/// Maps nested deeper than this are no fact: the easing of a key of an effect's keyframes is as deep as any.
const DEEPEST: u8 = 5;

/// Writes a value as a map by field names.
pub(crate) fn pack<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CoreError> {
    rmp_serde::to_vec_named(value).map_err(|error| CoreError::new(Code::MalformedFact, error.to_string()))
}

/// Refuses what serde would let pass and msgspec would not: bytes after the value, a struct written as an array, and
/// every kind of value that no fact holds (floats, binary, extensions).
pub(crate) fn check_shape(payload: &[u8]) -> Result<(), CoreError> {
    let mut walk = Walk { rest: payload };
    match walk.value(DEEPEST) {
        Some(()) if walk.rest.is_empty() => Ok(()),
        Some(()) => Err(CoreError::new(Code::MalformedFact, "bytes follow the fact")),
        None => Err(CoreError::new(Code::MalformedFact, "not a map of maps, lists, text, whole numbers and flags")),
    }
}

const fn is_map(head: u8) -> bool {
    matches!(head, 0x80..=0x8f | 0xde | 0xdf)
}

/// Reads one value that fills its bytes, refusing with `code`.
pub(crate) fn unpack<T: DeserializeOwned>(bytes: &[u8], code: Code) -> Result<T, CoreError> {
    let mut reader = Deserializer::new(Cursor::new(bytes));
    let value = T::deserialize(&mut reader).map_err(|error| CoreError::new(code, error.to_string()))?;
    if usize::try_from(reader.position()) == Ok(bytes.len()) {
        return Ok(value);
    }
    Err(CoreError::new(code, "bytes follow the value"))
}

/// A cursor over a payload; `None` is the end of the bytes or a kind of value that no fact holds.
struct Walk<'a> {
    rest: &'a [u8],
}

impl Walk<'_> {
    fn value(&mut self, depth: u8) -> Option<()> {
        match self.byte()? {
            // whole numbers, nil and flags
            0x00..=0x7f | 0xe0..=0xff | 0xc0 | 0xc2 | 0xc3 => Some(()),
            0xcc | 0xd0 => self.skip(1),
            0xcd | 0xd1 => self.skip(2),
            0xce | 0xd2 => self.skip(4),
            0xcf | 0xd3 => self.skip(8),
            head @ (0x80..=0x8f | 0xde | 0xdf) => {
                let entries = self.length(head, 0x0f, 0xde)?;
                let depth = depth.checked_sub(1)?;
                for _ in 0..entries {
                    self.text()?;
                    self.value(depth)?;
                }
                Some(())
            }
            // lists are of ids or of keys, which are maps: no struct is texts only or maps only
            head @ (0x90..=0x9f | 0xdc | 0xdd) => {
                let items = self.length(head, 0x0f, 0xdc)?;
                let maps = self.rest.first().is_some_and(|first| is_map(*first));
                for _ in 0..items {
                    if maps != self.rest.first().is_some_and(|first| is_map(*first)) {
                        return None;
                    }
                    if maps { self.value(depth)? } else { self.text()? }
                }
                Some(())
            }
            head => self.text_after(head),
        }
    }

    fn text(&mut self) -> Option<()> {
        let head = self.byte()?;
        self.text_after(head)
    }

    fn text_after(&mut self, head: u8) -> Option<()> {
        let length = match head {
            0xa0..=0xbf => usize::from(head & 0x1f),
            0xd9 => usize::from(self.byte()?),
            0xda => self.number(2)?,
            0xdb => self.number(4)?,
            _ => return None,
        };
        self.skip(length)
    }

    /// A collection's length: in the head byte, or in the two or four bytes after `wide` or `wide + 1`.
    fn length(&mut self, head: u8, mask: u8, wide: u8) -> Option<usize> {
        match head.checked_sub(wide) {
            Some(0) => self.number(2),
            Some(1) => self.number(4),
            _ => Some(usize::from(head & mask)),
        }
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        let (head, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(head.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
    }

    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn skip(&mut self, bytes: usize) -> Option<()> {
        self.rest = self.rest.split_at_checked(bytes)?.1;
        Some(())
    }
}
