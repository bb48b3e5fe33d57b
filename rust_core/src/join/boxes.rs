//! The boxes of an MP4 file (ISO/IEC 14496-12), read with every length in doubt, and written.

use super::wrong;
use crate::error::CoreError;

/// The name of a box.
pub type Name = [u8; 4];

/// Bytes that are read from the front.
#[derive(Debug, Clone, Copy)]
pub struct Bytes<'b>(pub &'b [u8]);

impl<'b> Bytes<'b> {
    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Result<&'b [u8], CoreError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(|| wrong("a header ends too early"))?;
        self.0 = rest;
        Ok(taken)
    }

    /// The next byte.
    pub fn byte(&mut self) -> Result<u8, CoreError> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// The next number of two bytes.
    pub fn u16(&mut self) -> Result<u16, CoreError> {
        self.array().map(u16::from_be_bytes)
    }

    /// The next number of four bytes.
    pub fn u32(&mut self) -> Result<u32, CoreError> {
        self.array().map(u32::from_be_bytes)
    }

    /// The next number of eight bytes.
    pub fn u64(&mut self) -> Result<u64, CoreError> {
        self.array().map(u64::from_be_bytes)
    }

    /// A number of eight bytes in version 1 of a box, of four before.
    pub fn long(&mut self, version: u8) -> Result<u64, CoreError> {
        if version == 1 { self.u64() } else { self.u32().map(u64::from) }
    }

    /// The version of a full box; its flags are read over.
    pub fn version(&mut self) -> Result<u8, CoreError> {
        self.array::<4>().map(|[version, ..]| version)
    }

    /// The last `count` bytes.
    pub fn end(self, count: usize) -> Result<&'b [u8], CoreError> {
        let start = self.0.len().checked_sub(count).ok_or_else(|| wrong("a header ends too early"))?;
        Ok(self.0.split_at(start).1)
    }

    /// The next box: its name and its content.
    fn inner(&mut self) -> Result<(Name, &'b [u8]), CoreError> {
        let size = self.u32()?;
        let name: Name = self.array()?;
        let content = match size {
            0 => self.0.len(),
            1 => length(self.u64()?, 16)?,
            _ => length(u64::from(size), 8)?,
        };
        Ok((name, self.take(content)?))
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], CoreError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(|| wrong("a header ends too early"))?;
        self.0 = rest;
        Ok(*taken)
    }
}

fn length(size: u64, head: u64) -> Result<usize, CoreError> {
    let content = size.checked_sub(head).and_then(|content| usize::try_from(content).ok());
    content.ok_or_else(|| wrong("a box is smaller than its own head"))
}

/// The boxes in `content`, in order.
pub fn children(content: &[u8]) -> Result<Vec<(Name, &[u8])>, CoreError> {
    let mut bytes = Bytes(content);
    let mut found = Vec::new();
    while !bytes.0.is_empty() {
        found.push(bytes.inner()?);
    }
    Ok(found)
}

/// The one box of that name in `content`, if there is one; two are refused.
pub fn maybe<'b>(content: &'b [u8], name: &[u8]) -> Result<Option<&'b [u8]>, CoreError> {
    let mut named = children(content)?.into_iter().filter(|(found, _)| found == name);
    match (named.next(), named.next()) {
        (only, None) => Ok(only.map(|(_, content)| content)),
        _ => Err(wrong(format!("there are two boxes called {}", name.escape_ascii()))),
    }
}

/// The box at the end of a path of names.
pub fn at<'b>(content: &'b [u8], path: &[&[u8; 4]]) -> Result<&'b [u8], CoreError> {
    path.iter().try_fold(content, |content, name| {
        maybe(content, *name)?.ok_or_else(|| wrong(format!("there is no box called {}", name.escape_ascii())))
    })
}

/// A box.
pub fn boxed(name: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let size = u32::try_from(content.len() + 8).unwrap_or(u32::MAX);
    [&size.to_be_bytes()[..], name, &content].concat()
}

/// A box with a version and flags.
pub fn full(name: &[u8], version: u8, flags: u8, parts: &[&[u8]]) -> Vec<u8> {
    boxed(name, &[&[version, 0, 0, flags], &parts.concat()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let inner = full(b"abcd", 1, 3, &[&[7, 8]]);
        let outer = boxed(b"moov", &[&inner, &boxed(b"free", &[])]);
        let found = at(&outer, &[b"moov", b"abcd"]).unwrap();
        assert_eq!(found, [1, 0, 0, 3, 7, 8]);
        assert_eq!(maybe(&outer, b"none").unwrap(), None);
    }

    #[test]
    fn a_length_that_lies_is_refused() {
        for lie in [2, 7, 9, 100, u32::MAX] {
            let bytes = [&lie.to_be_bytes()[..], b"free"].concat();
            assert!(children(&bytes).is_err(), "{lie}");
        }
    }
}
