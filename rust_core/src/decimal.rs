//! Decimal numbers to and from whole units, exactly: no binary float is involved.

use serde_json::Number;

use crate::model::Micro;
use crate::time::{FLICKS_PER_SECOND, Time};

/// More digits or a larger exponent than this is no number that anybody means.
const MOST_DIGITS: usize = 30;

/// A decimal in units of `1/scale`, to the nearest, a half upwards; `None` where it is no decimal or out of `i64`.
pub fn scaled(text: &str, scale: i64) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, Some(0)), |(m, e)| (m, e.parse().ok()));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    if whole.is_empty() || fraction.is_some_and(str::is_empty) {
        return None;
    }
    let fraction = fraction.unwrap_or_default();
    let digits = format!("{whole}{fraction}");
    if digits.len() > MOST_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude: i128 = digits.parse().ok()?;
    let places = i32::try_from(fraction.len()).ok()?.checked_sub(exponent?)?;
    let signed = if negative { -magnitude } else { magnitude };
    rounded(signed, places, i128::from(scale))
}

/// `number * 10^-places * scale`, to the nearest.
fn rounded(number: i128, places: i32, scale: i128) -> Option<i64> {
    if number == 0 {
        return Some(0);
    }
    let power = 10_i128.checked_pow(places.unsigned_abs())?;
    let (numerator, denominator) = if places < 0 {
        (number.checked_mul(power)?.checked_mul(scale)?, 1)
    } else {
        // reduced first, so that long fractions fit
        let divisor = gcd(scale, power);
        (number.checked_mul(scale / divisor)?, power / divisor)
    };
    let nearest = numerator.checked_mul(2)?.checked_add(denominator)?.div_euclid(denominator.checked_mul(2)?);
    i64::try_from(nearest).ok()
}

const fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// A JSON number of decimal seconds with at most nine places, which name the flick.
pub fn seconds(time: Time) -> Number {
    let nanos = i128::from(time.0) * 1_000_000_000;
    let flicks = i128::from(FLICKS_PER_SECOND);
    decimal((2 * nanos + flicks).div_euclid(2 * flicks), 9)
}

/// A JSON number for a gain or a fraction.
pub fn fraction(micro: Micro) -> Number {
    decimal(i128::from(micro.0), 6)
}

/// `number / 10^places` without trailing zeros.
fn decimal(number: i128, places: u32) -> Number {
    let power = 10_u128.pow(places);
    let (whole, rest) = (number.unsigned_abs() / power, number.unsigned_abs() % power);
    let sign = if number < 0 { "-" } else { "" };
    let mut text = format!("{sign}{whole}.{rest:0width$}", width = places as usize);
    let kept = text.trim_end_matches('0').trim_end_matches('.').len();
    text.truncate(kept);
    // sign, digits and at most one point: always a JSON number
    text.parse().unwrap_or_else(|_| Number::from(0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::time::MAX_TIME;

    #[test]
    fn a_decimal_is_taken_exactly() {
        for (text, expected) in [
            ("0.1", Some(100_000)),
            ("-0.1", Some(-100_000)),
            ("1e1", Some(10_000_000)),
            ("1.5E-3", Some(1500)),
            ("0.0000005", Some(1)),
            ("0.00000049", Some(0)),
            ("0e999999999", Some(0)),
            ("1e999999999", None),
            ("", None),
            (".5", None),
            ("5.", None),
            ("NaN", None),
            ("1_0", None),
            ("--1", None),
            ("9223372036854775807", None),
        ] {
            assert_eq!(scaled(text, 1_000_000), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nine_places_name_the_flick(flicks in 0..=MAX_TIME) {
            let text = seconds(Time(flicks)).to_string();
            prop_assert_eq!(scaled(&text, FLICKS_PER_SECOND), Some(flicks));
        }

        #[test]
        fn a_fraction_reads_back(micro in any::<i32>()) {
            let text = fraction(Micro(i64::from(micro))).to_string();
            prop_assert_eq!(scaled(&text, 1_000_000), Some(i64::from(micro)));
        }

        #[test]
        fn no_text_is_too_strange(text in "\\PC*") {
            scaled(&text, FLICKS_PER_SECOND);
        }
    }
}
