//! What of a clip may move, its rectangle on the canvas and its volume: what they may be, and what they are at one moment.

use crate::error::{Code, CoreError};
use crate::keyframes::Curve;
use crate::limits::{GAIN, out_of_range};
use crate::model::{Clip, Micro, Transform};
use crate::time::Time;

/// A number that may move, and what it may be.
struct Field {
    name: &'static str,
    least: Micro,
    most: Micro,
    rule: &'static str,
}

const fn field(name: &'static str, [least, most]: [i64; 2], rule: &'static str) -> Field {
    Field { name, least: Micro(least), most: Micro(most), rule }
}

const FIELDS: [Field; 6] = [
    field("x", [-10_000_000, 10_000_000], "an offset is from -10 to 10 canvases"),
    field("y", [-10_000_000, 10_000_000], "an offset is from -10 to 10 canvases"),
    field("width", [1_000, 10_000_000], "a size is from 0.001 to 10 canvases"),
    field("height", [1_000, 10_000_000], "a size is from 0.001 to 10 canvases"),
    field("rotation", [-3_600_000_000, 3_600_000_000], "a rotation is from -3600 to 3600 degrees"),
    field("opacity", [0, 1_000_000], "an opacity is from 0 to 1"),
];

/// What keyframes of a clip's sound move.
pub const VOLUME: &str = "volume";

const HEARD: Field = field(VOLUME, [0, GAIN.0], "a volume is from 0 to 10");

impl Field {
    fn check(&self, value: Micro, path: &str) -> Result<(), CoreError> {
        if (self.least..=self.most).contains(&value) { Ok(()) } else { Err(out_of_range(path, self.rule)) }
    }
}

impl Transform {
    fn fields(&mut self) -> [&mut Micro; 6] {
        [&mut self.x, &mut self.y, &mut self.width, &mut self.height, &mut self.rotation, &mut self.opacity]
    }
}

impl Clip {
    /// Its rectangle at `t`, counted from its start.
    pub fn transform_at(&self, t: Time) -> Transform {
        let mut now = self.transform;
        for (field, value) in FIELDS.iter().zip(now.fields()) {
            if let Some(curve) = self.keyframes.get(field.name) {
                *value = curve.at(t);
            }
        }
        now
    }

    /// What moves its rectangle.
    pub fn motion(&self) -> impl Iterator<Item = &Curve> {
        FIELDS.iter().filter_map(|field| self.keyframes.get(field.name))
    }

    /// Its volume at `t`, counted from its start.
    pub fn volume_at(&self, t: Time) -> Micro {
        self.keyframes.get(VOLUME).map_or(self.volume, |curve| curve.at(t))
    }
}

/// Refuses a rectangle that is out of range, and keyframes of something else or out of range.
pub fn check(clip: &Clip) -> Result<(), CoreError> {
    let mut transform = clip.transform;
    for (field, value) in FIELDS.iter().zip(transform.fields()) {
        field.check(*value, &format!("transform.{}", field.name))?;
    }
    for (name, curve) in &clip.keyframes {
        let path = format!("keyframes.{name}");
        let field = FIELDS.iter().chain([&HEARD]).find(|field| field.name == name).ok_or_else(|| {
            let names = FIELDS.map(|field| field.name).join(", ");
            CoreError::new(Code::BadParameter, format!("of a clip, keyframes move {names}, {VOLUME}")).at(&path)
        })?;
        curve.check(&path)?;
        for (index, key) in curve.0.iter().enumerate() {
            field.check(key.value, &format!("{path}[{index}].value"))?;
        }
    }
    Ok(())
}
