//! From a source's colours to the film's: BT.709, limited range, 4:2:0, always said outright; and from those to what an
//! encoder takes.

use crate::graph::Filter;
use crate::media::VideoStream;
use crate::plan::request::Colours;

/// Whether a picture is in the film's format already.
pub fn is_native(video: &VideoStream) -> bool {
    video.pix_fmt == "yuv420p" && matrix(video) == "bt709" && range(video) == "tv"
}

/// The filter that scales to a size and converts to the film's colours.
pub fn conversion(video: &VideoStream, width: i64, height: i64) -> Filter {
    let scale = Filter::new("scale").with("w", width).with("h", height);
    let scale = scale.with("flags", "bicubic+accurate_rnd+bitexact");
    // RGB has no matrix, and its range is always full
    let scale =
        if is_rgb(video) { scale } else { scale.with("in_color_matrix", matrix(video)).with("in_range", range(video)) };
    scale.with("out_color_matrix", "bt709").with("out_range", "tv")
}

/// The filters that give an encoder its colours, in the size that it wants.
pub fn for_encoder(colours: Colours, size: Option<(u32, u32)>) -> Vec<Filter> {
    let scale = Filter::new("scale");
    let scale = match size {
        Some((width, height)) => scale.with("w", i64::from(width)).with("h", i64::from(height)),
        None => scale,
    };
    let scale = scale.with("flags", "bicubic+accurate_rnd+full_chroma_int+bitexact");
    let scale = scale.with("in_color_matrix", "bt709").with("in_range", "tv");
    let format = |name| Filter::new("format").with("pix_fmts", name);
    match colours {
        Colours::Film | Colours::Surface => {
            let same = size.map(|_| scale.with("out_color_matrix", "bt709").with("out_range", "tv"));
            let given =
                if colours == Colours::Surface { vec![format("nv12"), Filter::new("hwupload")] } else { Vec::new() };
            same.into_iter().chain(given).collect()
        }
        Colours::Rgb => vec![scale, format("rgb24")],
        Colours::Jpeg => {
            vec![scale.with("out_color_matrix", "bt601").with("out_range", "pc"), format("yuvj420p")]
        }
    }
}

/// The matrix of a source; where the file does not say, small pictures are of the older standard, as players guess.
fn matrix(video: &VideoStream) -> &'static str {
    match video.color_space.as_deref() {
        Some("bt709") => "bt709",
        Some("bt470bg" | "smpte170m") => "bt601",
        Some("fcc") => "fcc",
        Some("smpte240m") => "smpte240m",
        Some("bt2020nc" | "bt2020c") => "bt2020",
        _ if video.width >= 1280 || video.height > 576 => "bt709",
        _ => "bt601",
    }
}

fn range(video: &VideoStream) -> &'static str {
    match video.color_range.as_deref() {
        Some("pc" | "jpeg" | "full") => "pc",
        Some("tv" | "mpeg" | "limited") => "tv",
        _ if video.pix_fmt.starts_with("yuvj") || video.pix_fmt.starts_with("gray") => "pc",
        _ => "tv",
    }
}

fn is_rgb(video: &VideoStream) -> bool {
    let name = video.pix_fmt.as_str();
    name == "pal8"
        || name.starts_with("gbr")
        || ["rgb", "bgr", "argb", "abgr", "0rgb", "0bgr"].iter().any(|start| name.starts_with(start))
}
