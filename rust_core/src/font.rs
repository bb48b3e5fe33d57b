//! What a font can draw.

use std::collections::BTreeSet;

use ttf_parser::Face;

/// The characters of `text`, each once and in order, that `font` can't draw: it has no glyph for them, or is no font with
/// outlines at all (a font of coloured bitmaps can't be drawn at any other size). A font collection stands for its first.
pub fn missing_glyphs(font: &[u8], text: &str) -> Vec<char> {
    let wanted: BTreeSet<char> = text.chars().filter(|character| !matches!(character, '\n' | '\t')).collect();
    let face = Face::parse(font, 0).ok();
    let face = face.filter(|face| face.tables().glyf.is_some() || face.tables().cff.is_some());
    let drawn = |character: &char| face.as_ref().is_some_and(|face| face.glyph_index(*character).is_some());
    wanted.into_iter().filter(|character| !drawn(character)).collect()
}

#[cfg(test)]
mod tests {
    use super::missing_glyphs;

    #[test]
    fn what_is_no_font_draws_nothing_and_does_not_panic() {
        for bytes in [&b""[..], b"\0\x01\0\0\xff\xff", &[0xff; 4096]] {
            assert_eq!(missing_glyphs(bytes, "ab\na"), ['a', 'b']);
        }
    }
}
