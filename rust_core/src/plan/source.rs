//! A clip's own frames: the right one at every frame of the output, upright, in its size and in the film's colours.

use crate::command::{Argv, Slot};
use crate::graph::{Expr, Filter, Graph, Picture, Wire};
use crate::media::{MediaFile, Rotation, VideoStream};
use crate::model::{Id, MediaKind, Output};
use crate::plan::colours::{conversion, is_native};
use crate::plan::fit::Placement;
use crate::plan::grid::Shot;
use crate::plan::layers::has_alpha;
use crate::time::{FLICKS_PER_SECOND, Span, Time};

/// The inputs of a unit of picture, as they grow.
#[derive(Debug, Default)]
pub struct Sources {
    /// Their arguments, and the text files of the unit.
    pub argv: Argv,
    /// The files of the library among them, in order.
    pub media: Vec<Id>,
}

/// The picture of `shot` on `frames` frames of the film from frame `from` on; as it is read, where it has no one place.
pub fn frames(
    graph: &mut Graph,
    sources: &mut Sources,
    shot: &Shot,
    placement: Option<&Placement>,
    (from, frames): (i64, i64),
    output: &Output,
) -> Wire<Picture> {
    let video = shot.video;
    let frame = output.fps.frame();
    let still = shot.media.kind == MediaKind::Image;
    let start = shot.clip.in_point.plus(Span((from - shot.from) * frame.0));
    let input = sources.open(shot.media, video, if still { None } else { Some(start) });
    let mut wire = graph.stream(input, video.index);
    // where frames are doubled they are scaled before, where they are dropped after
    let first = placement.filter(|_| still || video.no_faster_than(frame));
    if let Some(placement) = first {
        wire = shape(graph, wire, video, placement);
    }
    // the last frame is held before frames are chosen: `fps` drops it where the source ends within the frame that shows it.
    // And before `setpts`, which takes the rate away that `tpad` goes by
    wire = graph.then(wire, Filter::new("tpad").with("stop", -1_i64).with("stop_mode", "clone"));
    wire = graph.then(wire, Filter::new("settb").with("expr", Expr::ratio(1, FLICKS_PER_SECOND)));
    if !still {
        let origin = shot.media.origin.0 + start.0 + video.stamp_error().0;
        wire = graph.then(wire, Filter::new("setpts").with("expr", Expr::of("PTS").plus(-origin)));
    }
    // round=up: a frame shows from its own time on, never before it. A still's one frame would last two of a fast film's
    let rate = Filter::new("fps").with("fps", output.fps).with("round", "up").with("start_time", 0_i64);
    wire = graph.then(wire, rate);
    wire = graph.then(wire, Filter::new("trim").with("end_frame", frames));
    wire = graph.counted(wire, output.fps);
    match placement {
        Some(placement) if first.is_none() => shape(graph, wire, video, placement),
        _ => wire,
    }
}

impl Sources {
    /// One more input, from source time `start` on; its number.
    fn open(&mut self, media: &MediaFile, video: &VideoStream, start: Option<Time>) -> usize {
        // FFmpeg turns frames upright as it reads them. Turned by us, the film would still carry the source's rotation
        self.argv.words(&["-threads", "1"]);
        if let Some(start) = start {
            seek(&mut self.argv, media, video, start);
        }
        self.argv.words(&["-protocol_whitelist", "file"]).demuxer(&media.demuxer);
        self.argv.words(&["-i"]).slot(Slot::Media(media.id.clone()));
        self.media.push(media.id.clone());
        self.media.len() - 1
    }
}

/// Upright, in its size on the canvas, in the film's colours.
pub fn shape(graph: &mut Graph, wire: Wire<Picture>, video: &VideoStream, placement: &Placement) -> Wire<Picture> {
    let mut wire = wire;
    let ((width, height), kept) = (placement.scaled, placement.kept);
    let stored = (i64::from(video.width), i64::from(video.height));
    if video.rotation != Rotation::Upright || stored != (width, height) || !is_native(video) {
        wire = graph.then(wire, conversion(video, width, height));
        let format = if has_alpha(&video.pix_fmt) { "yuva420p" } else { "yuv420p" };
        wire = graph.then(wire, Filter::new("format").with("pix_fmts", format));
    }
    if (kept.width, kept.height) != (width, height) {
        let crop = Filter::new("crop").with("w", kept.width).with("h", kept.height);
        wire = graph.then(wire, crop.with("x", kept.x).with("y", kept.y));
    }
    graph.then(wire, Filter::new("setsar").with("sar", 1_i64))
}

/// Begins reading a little before the frame that shows at source time `start`: the graph drops what is too early, and a
/// seek is in microseconds.
fn seek(argv: &mut Argv, media: &MediaFile, video: &VideoStream, start: Time) {
    let moment = media.origin.plus(Span(start.0 + video.stamp_error().0));
    let shown = video.shown_at(moment).since(media.origin);
    // a seek in a program stream may land late or on a broken picture: leave it room
    let room = if media.exact_seek { FLICKS_PER_SECOND / 20 } else { 10 * FLICKS_PER_SECOND };
    if shown.0 > room {
        argv.seconds("-ss", Span(shown.0 - room));
    }
}
