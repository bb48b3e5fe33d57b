use rust_core::{media::Library, model::*, plan::*};
use serde::Deserialize;
use std::io::Read;
#[derive(Deserialize)]
struct T {
    output: Output,
    tracks: Vec<(Track, Vec<(Clip, Vec<Effect>)>)>,
    effects: Vec<Effect>,
    media: Library,
    request: Request,
}
fn main() {
    let mut s = String::new();
    std::io::stdin().read_to_string(&mut s).unwrap();
    let t: T = serde_json::from_str(&s).unwrap();
    let tl = Timeline {
        output: &t.output,
        effects: t.effects.iter().collect(),
        tracks: t
            .tracks
            .iter()
            .map(|(track, clips)| Lane {
                track,
                clips: clips.iter().map(|(clip, e)| Laid { clip, effects: e.iter().collect() }).collect(),
            })
            .collect(),
    };
    let t0 = std::time::Instant::now();
    let p = plan(&tl, &t.media, &t.request);
    eprintln!("{:?}", t0.elapsed());
    match p {
        Ok(p) => println!("{}", serde_json::to_string(&p).unwrap()),
        Err(e) => {
            eprintln!("{e:?}");
            std::process::exit(1)
        }
    }
}
