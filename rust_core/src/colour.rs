//! Colours: from a name or `#rrggbb` to numbers, and from RGB to BT.709 limited range.

use crate::error::{Code, CoreError};

/// A colour as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rgb {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green, 0 to 255.
    pub green: u8,
    /// Blue, 0 to 255.
    pub blue: u8,
}

/// A colour as the film stores it: BT.709, limited range, 8 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Yuv {
    /// Luma, 16 to 235.
    pub luma: i64,
    /// Blue difference, 16 to 240.
    pub blue: i64,
    /// Red difference, 16 to 240.
    pub red: i64,
}

/// The names that are understood besides `#rrggbb`: HTML's sixteen and orange.
pub const NAMES: [(&str, u32); 17] = [
    ("aqua", 0x00_ffff),
    ("black", 0x00_0000),
    ("blue", 0x00_00ff),
    ("fuchsia", 0xff_00ff),
    ("gray", 0x80_8080),
    ("green", 0x00_8000),
    ("lime", 0x00_ff00),
    ("maroon", 0x80_0000),
    ("navy", 0x00_0080),
    ("olive", 0x80_8000),
    ("orange", 0xff_a500),
    ("purple", 0x80_0080),
    ("red", 0xff_0000),
    ("silver", 0xc0_c0c0),
    ("teal", 0x00_8080),
    ("white", 0xff_ffff),
    ("yellow", 0xff_ff00),
];

impl Rgb {
    /// Black.
    pub const BLACK: Self = Self { red: 0, green: 0, blue: 0 };
    /// All there is.
    pub const WHITE: Self = Self { red: 255, green: 255, blue: 255 };

    /// The colour that `text` names, or `out_of_range`.
    pub fn parse(text: &str) -> Result<Self, CoreError> {
        let number = NAMES.iter().find(|(name, _)| *name == text).map(|(_, number)| *number);
        let digits = text.strip_prefix('#').filter(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        number.or_else(|| digits.and_then(|hex| u32::from_str_radix(hex, 16).ok())).map(Self::from_number).ok_or_else(
            || CoreError::new(Code::OutOfRange, "a colour is #rrggbb or one of HTML's sixteen names or orange"),
        )
    }

    const fn from_number(number: u32) -> Self {
        let [_, red, green, blue] = number.to_be_bytes();
        Self { red, green, blue }
    }

    /// Whether it has no hue.
    pub const fn is_grey(self) -> bool {
        self.red == self.green && self.green == self.blue
    }

    /// The same colour in the film's own numbers.
    pub fn to_bt709(self) -> Yuv {
        let [red, green, blue] = [self.red, self.green, self.blue].map(i64::from);
        let light = 2126 * red + 7152 * green + 722 * blue; // ten-thousandths of 255
        Yuv {
            luma: 16 + rounded(219 * light, 10_000 * 255),
            blue: 128 + rounded(224 * (10_000 * blue - light), 18_556 * 255),
            red: 128 + rounded(224 * (10_000 * red - light), 15_748 * 255),
        }
    }
}

impl Yuv {
    /// The three numbers where FFmpeg takes them in place of red, green and blue.
    pub fn packed(self) -> Rgb {
        let [red, green, blue] = [self.luma, self.blue, self.red].map(|level| u8::try_from(level).unwrap_or_default());
        Rgb { red, green, blue }
    }
}

const fn rounded(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_primaries_are_those_of_the_standard() {
        let yuv = |text| Rgb::parse(text).map(Rgb::to_bt709).map(|c| (c.luma, c.blue, c.red));
        assert_eq!(yuv("black"), Ok((16, 128, 128)));
        assert_eq!(yuv("white"), Ok((235, 128, 128)));
        assert_eq!(yuv("red"), Ok((63, 102, 240)));
        assert_eq!(yuv("#00ff00"), Ok((173, 42, 26)));
        assert_eq!(yuv("blue"), Ok((32, 240, 118)));
    }

    #[test]
    fn a_colour_can_be_nothing_else() {
        for text in ["", "#12345", "#1234567", "white,drawtext=textfile=/etc/passwd", "#+12345", "White "] {
            assert!(Rgb::parse(text).is_err(), "{text}");
        }
    }
}
