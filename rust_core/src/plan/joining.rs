//! Two clips that become each other: what lies beneath with one of them on it, and with the other.

use crate::colour::Rgb;
use crate::effect::{Fade, STRAIGHT};
use crate::error::CoreError;
use crate::graph::{Picture, Wire};
use crate::plan::layers::{Join, Layer};
use crate::plan::picture::Painter;
use crate::transition::Does;

impl Painter<'_, '_, '_, '_> {
    /// The picture of a transition on what lies beneath it.
    pub fn join(&mut self, beneath: Option<Wire<Picture>>, join: &Join) -> Result<Wire<Picture>, CoreError> {
        let joint = join.joint;
        match joint.definition.does {
            Does::Through(tint) => self.through(beneath, join, tint.of(joint.transition)?),
            // a joint is only made of what is seen
            Does::Cut | Does::Mix => {
                let [going, coming] = self.sides(beneath, join)?;
                Ok(self.rising(going, coming, (joint.from, joint.length())))
            }
        }
    }

    /// What lies beneath with the clip that goes on it, and with the one that comes.
    fn sides(&mut self, beneath: Option<Wire<Picture>>, join: &Join) -> Result<[Wire<Picture>; 2], CoreError> {
        let [below, beside] = match beneath {
            Some(wire) => self.graph.twice(wire).map(Some),
            None => [None, None],
        };
        Ok([self.side(below, join.going.as_ref())?, self.side(beside, join.coming.as_ref())?])
    }

    fn side(&mut self, beneath: Option<Wire<Picture>>, layer: Option<&Layer>) -> Result<Wire<Picture>, CoreError> {
        match (layer, beneath) {
            (Some(layer), beneath) => self.lay(beneath, layer),
            (None, Some(beneath)) => Ok(beneath),
            (None, None) => self.background(),
        }
    }

    /// A picture with one that comes over it from frame `start` of the film on: frame k of `length` holds k of them of it.
    fn rising(&mut self, going: Wire<Picture>, coming: Wire<Picture>, (start, length): (i64, i64)) -> Wire<Picture> {
        let rise = Fade { rises: true, start, length: length.max(1), curve: STRAIGHT };
        let coming = self.fade(self.whole(coming), &[rise]);
        self.graph.overlay(going, coming.wire, (0, 0))
    }

    /// The way to a colour, or from it.
    fn through(
        &mut self,
        beneath: Option<Wire<Picture>>,
        join: &Join,
        colour: Rgb,
    ) -> Result<Wire<Picture>, CoreError> {
        let (joint, middle) = (join.joint, join.joint.middle());
        let colour = self.graph.plane(colour.to_bt709(), self.size(), self.frames(), self.output.fps);
        if join.half == Some(false) {
            let going = self.side(beneath, join.going.as_ref())?;
            return Ok(self.rising(going, colour, (joint.from, middle - joint.from)));
        }
        let coming = self.side(beneath, join.coming.as_ref())?;
        Ok(self.rising(colour, coming, (middle, joint.to - middle)))
    }
}
