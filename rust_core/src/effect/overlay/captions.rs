//! Captions from a `SubRip`, `WebVTT` or `SubStation` Alpha file, drawn into the picture.

use crate::captions::{self, Shown};
use crate::colour::Rgb;
use crate::effect::{Brush, Count, Default, Definition, Does, Given, Kind, Parameter, Takes};
use crate::error::CoreError;
use crate::graph::{Expr, Filter, Picture, Value, Wire};
use crate::model::Micro;

const ALL_OF_IT: Micro = Micro(1_000_000);

/// Captions over a clip's picture or the finished one.
pub static EFFECT: Definition = Definition {
    effect_type: "captions",
    display_name: "Captions",
    description: "Draws the captions of an SRT, WebVTT or ASS file, each on its frames, line by line centred. Text and \
                  times are the file's, counted from start; marks of style and place in it are left out, the look is \
                  what the other parameters say. Lines are not broken, and captions that show at once stand below each \
                  other",
    category: "overlay",
    ai_hint: "Use this to burn subtitles in: send the whole file as text. words=one_by_one shows each word as it is spoken",
    parameters: &[
        Parameter {
            name: "text",
            description: "What is in the file",
            kind: Kind::Text { characters: 200_000, lines: 20_000 },
            default: Default::Required,
            keyframable: false,
        },
        Parameter::choice("words", "Captions whole, or one word after the other", &["whole", "one_by_one"]),
        Parameter::choice("position", "Where on the picture", &["bottom", "center", "top"]),
        Parameter::whole("font_size", "Height of the font in pixels of the film", [8, 300, 40]).still(),
        Parameter::colour("font_color", "Colour of the letters", "white"),
        Parameter::whole("outline_width", "Width of the line around the letters in pixels", [0, 20, 2]).still(),
        Parameter::colour("outline_color", "Colour of that line", "black"),
        Parameter::decimal("box_opacity", "Opacity of a box behind each line; none at 0", [0, 1000, 0]).still(),
        Parameter::colour("box_color", "Colour of that box", "black"),
    ],
    example: r#"{"text": "1\n00:00:00,000 --> 00:00:02,000\nHello there", "font_size": 32, "box_opacity": 0.5}"#,
    takes: Takes::ClipsAndFilm,
    rules: Some(|given| captions::parse(given.text("text")?).map(drop)),
    does: Does::reaches_out(paint),
};

fn paint(given: Given, brush: &mut Brush, wire: Wire<Picture>) -> Result<Wire<Picture>, CoreError> {
    let (count, on) = (Count::Frames(brush.on.fps), brush.on);
    let cues = captions::parse(given.text("text")?)?;
    let by_word = given.text("words")? == "one_by_one";
    let shown = captions::shown(&cues, by_word, |time| count.at(time), (on.past, on.past + on.frames));
    if shown.is_empty() {
        return Ok(wire);
    }
    let (outline, opacity) = (given.whole("outline_width")?, given.decimal("box_opacity")?);
    let padding = given.whole("font_size")? / 4;
    let boxed = |filter: Filter| filter.with("box", 1_i64).with("boxcolor", WHITE).with("boxborderw", padding);
    let outlined = |filter: Filter| filter.with("borderw", outline).with("bordercolor", WHITE);
    let mut wire = wire;
    if opacity > Micro(0) {
        let mask = mask(given, brush, &shown, boxed, opacity)?;
        wire = brush.stencil(wire, given.colour("box_color")?.to_bt709(), mask);
    }
    if outline > 0 {
        let mask = mask(given, brush, &shown, outlined, ALL_OF_IT)?;
        wire = brush.stencil(wire, given.colour("outline_color")?.to_bt709(), mask);
    }
    let mask = mask(given, brush, &shown, |filter| filter, ALL_OF_IT)?;
    Ok(brush.stencil(wire, given.colour("font_color")?.to_bt709(), mask))
}

const WHITE: Value = Value::Colour(Rgb::WHITE);

/// Where the lines are, each dressed by `dress`, at `opacity`.
fn mask(
    given: Given,
    brush: &mut Brush,
    shown: &[Shown],
    dress: impl Fn(Filter) -> Filter,
    opacity: Micro,
) -> Result<Wire<Picture>, CoreError> {
    let mut letters = Vec::new();
    for shown in shown {
        for (at, line) in shown.lines.iter().enumerate() {
            letters.push(dress(letter(given, brush, shown, (at, line))?));
        }
    }
    Ok(brush.lettering(letters, opacity))
}

/// A line in white, centred, on its baseline, while it shows.
fn letter(given: Given, brush: &mut Brush, shown: &Shown, (at, line): (usize, &str)) -> Result<Filter, CoreError> {
    let font = brush.letters.font(given.id())?;
    let file = brush.letters.file(line.to_owned());
    let baseline = baseline(given, brush.on.size.1, at, shown.lines.len())?;
    let frames = [Micro(shown.from * 1_000_000), Micro(shown.to * 1_000_000)];
    Ok(Filter::new("drawtext")
        .with("fontfile", Value::File(font))
        .with("textfile", Value::File(file))
        .with("expansion", "none")
        .with("fontsize", given.whole("font_size")?)
        .with("fontcolor", WHITE)
        .with("x", Expr::of("(w-text_w)/2"))
        .with("y", Expr::of("0-ascent").plus(baseline))
        .with("enable", Expr::formula("gte(n,{})*lt(n,{})", &frames)))
}

/// The row that line number `at` of `lines` stands on: lines are a font's height and a quarter apart, a twentieth of the
/// picture stays free at its edges, and as much as hangs below a line at the bottom.
fn baseline(given: Given, height: i64, at: usize, lines: usize) -> Result<i64, CoreError> {
    let size = given.whole("font_size")?;
    let (apart, count) = (size + size / 4, |lines: usize| i64::try_from(lines).unwrap_or_default());
    let first = match given.text("position")? {
        "top" => height / 20 + size,
        "center" => (height - count(lines) * apart) / 2 + size,
        _ => height - height / 20 - size / 4 - count(lines - 1) * apart,
    };
    Ok(first + count(at) * apart)
}
