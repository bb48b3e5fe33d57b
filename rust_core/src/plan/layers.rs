//! Which pictures show when: the film as stretches of frames over which the stack of layers is the same.

use crate::effect::{Fade, Painted};
use crate::model::Output;
use crate::plan::fit::Placement;
use crate::plan::grid::{Grid, Shot};
use crate::plan::joint::Joint;

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

/// A clip on its way to becoming the next one, over all frames of a stretch.
#[derive(Debug, Clone)]
pub struct Join<'g, 'a> {
    /// The transition.
    pub joint: &'g Joint<'a>,
    /// The half of the transition that this is, of one in which a clip is seen at a time: whether it is the second.
    pub half: Option<bool>,
    /// The clip that goes, unless a fade hides it.
    pub going: Option<Layer<'g, 'a>>,
    /// The clip that comes, unless a fade hides it.
    pub coming: Option<Layer<'g, 'a>>,
}

/// What a track shows over all frames of a stretch.
#[derive(Debug, Clone)]
pub enum Level<'g, 'a> {
    /// A clip.
    Clip(Layer<'g, 'a>),
    /// Two of them.
    Join(Join<'g, 'a>),
}

/// Frames `[from, to)` of the film, which all show the same stack.
#[derive(Debug, Clone)]
pub struct Stretch<'g, 'a> {
    /// The first frame.
    pub from: i64,
    /// The frame after the last.
    pub to: i64,
    /// What the tracks show, bottom first.
    pub levels: Vec<Level<'g, 'a>>,
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

impl Level<'_, '_> {
    fn covers(&self, output: &Output) -> bool {
        match self {
            Self::Clip(layer) => layer.covers(output),
            Self::Join(Join { going: Some(going), coming: Some(coming), .. }) => {
                going.covers(output) && coming.covers(output)
            }
            Self::Join(_) => false,
        }
    }

    fn moves(&self) -> bool {
        match self {
            Self::Clip(layer) => layer.moves(),
            Self::Join(join) => [&join.going, &join.coming].into_iter().flatten().any(Layer::moves),
        }
    }

    fn same(&self, other: &Self) -> bool {
        let both = |one: &Option<Layer>, other: &Option<Layer>| match (one, other) {
            (Some(one), Some(other)) => one.same(other),
            (None, None) => true,
            _ => false,
        };
        match (self, other) {
            (Self::Clip(one), Self::Clip(other)) => one.same(other),
            (Self::Join(one), Self::Join(other)) => {
                std::ptr::eq(one.joint, other.joint)
                    && one.half == other.half
                    && both(&one.going, &other.going)
                    && both(&one.coming, &other.coming)
            }
            _ => false,
        }
    }
}

impl Stretch<'_, '_> {
    /// Whether a value in it changes from frame to frame.
    pub fn moves(&self) -> bool {
        self.levels.iter().any(Level::moves) || self.paintings.iter().any(|painted| painted.run.moves)
    }

    fn same(&self, other: &Self) -> bool {
        self.fades == other.fades
            && same_paintings(&self.paintings, &other.paintings)
            && self.levels.len() == other.levels.len()
            && self.levels.iter().zip(&other.levels).all(|(a, b)| a.same(b))
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
        note(&shot.fades, &shot.paintings, shot.seen);
    }
    note(&grid.overall.fades, &grid.overall.paintings, (0, grid.frames));
    let joints = grid.shots.iter().flatten().filter_map(|shot| shot.joint.as_ref());
    edges.extend(joints.flat_map(Joint::edges));
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
    let mut levels = Vec::new();
    for (shots, next) in grid.shots.iter().zip(next) {
        while shots.get(*next).is_some_and(|shot| shot.seen.1 <= from) {
            *next += 1;
        }
        let Some(shot) = shots.get(*next).filter(|shot| shot.seen.0 <= from && !blank) else { continue };
        let Some(level) = level(shot, shots.get(*next + 1), output, from) else { continue };
        if level.covers(output) {
            levels.clear();
        }
        levels.push(level);
    }
    let paintings: Vec<_> = overall.paintings.iter().filter(|painted| !blank && painted.works(from)).collect();
    // where nothing lies on the background there is nothing to fade
    let fades = if levels.is_empty() && paintings.is_empty() { Vec::new() } else { working(&overall.fades, from) };
    Stretch { from, to, levels, paintings, fades }
}

/// What a track shows at `from`: a clip, or that and the next; nothing where fades hide it.
fn level<'g, 'a>(shot: &'g Shot<'a>, next: Option<&'g Shot<'a>>, output: &Output, from: i64) -> Option<Level<'g, 'a>> {
    let layer = |shot: &'g Shot<'a>| {
        let hidden = shot.fades.iter().any(|fade| fade.hides(from));
        (!hidden).then(|| layer(shot, output, from))
    };
    match shot.joint.as_ref().filter(|joint| joint.from <= from).zip(next) {
        None => layer(shot).map(Level::Clip),
        Some((joint, next)) => match (layer(shot), layer(next)) {
            (None, None) => None,
            (going, coming) => Some(Level::Join(Join { joint, half: joint.half(from), going, coming })),
        },
    }
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
