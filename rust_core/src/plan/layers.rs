//! Which pictures show when: the film as stretches of frames over which the stack of layers is the same.

use crate::effect::{Fade, Painted};
use crate::model::Output;
use crate::plan::fit::Placement;
use crate::plan::grid::{Grid, Shot};

/// A picture in the stack, over all frames of a stretch.
#[derive(Debug, Clone)]
pub struct Layer<'g, 'a> {
    /// The clip.
    pub shot: &'g Shot<'a>,
    /// Where it lies, or does at first.
    pub placement: Placement,
    /// Whether it lies elsewhere from frame to frame.
    pub motion: bool,
    /// The fades on their way.
    pub fades: Vec<Fade>,
    /// The changes of its picture that work, first applied first.
    pub paintings: Vec<&'g Painted<'a>>,
}

/// Frames `[from, to)` of the film, which all show the same stack.
#[derive(Debug, Clone)]
pub struct Stretch<'g, 'a> {
    /// The first frame.
    pub from: i64,
    /// The frame after the last.
    pub to: i64,
    /// The pictures, bottom first.
    pub layers: Vec<Layer<'g, 'a>>,
    /// The changes of the whole picture that work, first applied first.
    pub paintings: Vec<&'g Painted<'a>>,
    /// The fades of the whole picture on their way.
    pub fades: Vec<Fade>,
}

impl Layer<'_, '_> {
    /// Whether nothing beneath it can be seen.
    fn covers(&self, output: &Output) -> bool {
        let opened = self.paintings.iter().any(|painted| painted.painting.opens);
        !self.motion
            && self.fades.is_empty()
            && !opened
            && !has_alpha(&self.shot.video.pix_fmt)
            && self.placement.fills(output)
    }

    /// Whether a value of it changes from frame to frame.
    pub fn moves(&self) -> bool {
        self.motion || self.paintings.iter().any(|painted| painted.run.moves)
    }

    fn same(&self, other: &Self) -> bool {
        std::ptr::eq(self.shot, other.shot)
            && (self.motion, self.placement) == (other.motion, other.placement)
            && self.fades == other.fades
            && same_paintings(&self.paintings, &other.paintings)
    }
}

impl Stretch<'_, '_> {
    /// Whether a value in it changes from frame to frame.
    pub fn moves(&self) -> bool {
        self.layers.iter().any(Layer::moves) || self.paintings.iter().any(|painted| painted.run.moves)
    }

    fn same(&self, other: &Self) -> bool {
        self.fades == other.fades
            && same_paintings(&self.paintings, &other.paintings)
            && self.layers.len() == other.layers.len()
            && self.layers.iter().zip(&other.layers).all(|(a, b)| a.same(b))
    }
}

/// The stretches of the film, in order and without a gap.
pub fn stretches<'g, 'a>(grid: &'g Grid<'a>, output: &Output) -> Vec<Stretch<'g, 'a>> {
    let edges = edges(grid);
    let mut next = vec![0_usize; grid.shots.len()];
    let mut all: Vec<Stretch<'g, 'a>> = Vec::new();
    for (from, to) in edges.iter().zip(edges.iter().skip(1)) {
        let stretch = stretch(grid, output, *from, *to, &mut next);
        match all.last_mut() {
            Some(last) if last.same(&stretch) => last.to = *to,
            _ => all.push(stretch),
        }
    }
    all
}

/// Every frame at which the stack may change, from the first to the end of the film.
fn edges(grid: &Grid) -> Vec<i64> {
    let mut edges = vec![0, grid.frames];
    let mut note = |fades: &[Fade], paintings: &[Painted], (low, high): (i64, i64)| {
        let ends = fades.iter().flat_map(|fade| [fade.start, fade.end()]);
        let windows = paintings.iter().flat_map(|painted| [painted.run.from, painted.run.to]);
        edges.extend([low, high].into_iter().chain(ends).chain(windows).map(|edge| edge.clamp(low, high)));
    };
    for shot in grid.shots.iter().flatten() {
        note(&shot.fades, &shot.paintings, (shot.from, shot.to));
    }
    note(&grid.overall.fades, &grid.overall.paintings, (0, grid.frames));
    let motion = grid.shots.iter().flatten().flat_map(|shot| &shot.motion);
    edges.extend(motion.map(|run| run.from));
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// The stack at `[from, to)`. `next` remembers, for every track, the first clip that has not ended.
fn stretch<'g, 'a>(grid: &'g Grid<'a>, output: &Output, from: i64, to: i64, next: &mut [usize]) -> Stretch<'g, 'a> {
    let overall = &grid.overall;
    let blank = overall.fades.iter().any(|fade| fade.hides(from));
    let mut layers = Vec::new();
    for (shots, next) in grid.shots.iter().zip(next) {
        while shots.get(*next).is_some_and(|shot| shot.to <= from) {
            *next += 1;
        }
        let Some(shot) = shots.get(*next).filter(|shot| shot.from <= from) else { continue };
        if blank || shot.fades.iter().any(|fade| fade.hides(from)) {
            continue;
        }
        let layer = layer(shot, output, from);
        if layer.covers(output) {
            layers.clear();
        }
        layers.push(layer);
    }
    let paintings: Vec<_> = overall.paintings.iter().filter(|painted| !blank && painted.works(from)).collect();
    // where nothing lies on the background there is nothing to fade
    let fades = if layers.is_empty() && paintings.is_empty() { Vec::new() } else { working(&overall.fades, from) };
    Stretch { from, to, layers, paintings, fades }
}

fn layer<'g, 'a>(shot: &'g Shot<'a>, output: &Output, from: i64) -> Layer<'g, 'a> {
    Layer {
        shot,
        placement: shot.placement(from, output),
        motion: shot.motion.iter().any(|run| run.moves && run.from <= from && from < run.to),
        fades: working(&shot.fades, from),
        paintings: shot.paintings.iter().filter(|painted| painted.works(from)).collect(),
    }
}

fn working(fades: &[Fade], frame: i64) -> Vec<Fade> {
    fades.iter().filter(|fade| fade.works(frame)).copied().collect()
}

fn same_paintings(some: &[&Painted], others: &[&Painted]) -> bool {
    some.len() == others.len() && some.iter().zip(others).all(|(a, b)| std::ptr::eq(*a, *b))
}

/// Whether a pixel format carries transparency.
pub fn has_alpha(pix_fmt: &str) -> bool {
    let packed = ["rgba", "bgra", "argb", "abgr", "pal8", "ya8", "ya16"];
    packed.iter().any(|name| pix_fmt.starts_with(name)) || pix_fmt.starts_with("yuva") || pix_fmt.starts_with("gbrap")
}
