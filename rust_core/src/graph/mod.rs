//! A typed filter graph. A wire is moved into the filter that reads it, so it has exactly one reader, and its type says
//! whether it carries picture or sound: a graph that is wired wrong does not compile.

mod filter;
mod picture;
mod sound;

use std::fmt::Write;
use std::marker::PhantomData;

pub use filter::{Expr, FileName, Filter, Value};
pub use picture::tags;

/// The kind of a wire that carries pictures.
#[derive(Debug)]
pub struct Picture;

/// The kind of a wire that carries sound.
#[derive(Debug)]
pub struct Sound;

/// An output that nothing reads yet.
#[derive(Debug)]
#[must_use = "a wire that nothing reads is refused by FFmpeg"]
pub struct Wire<M> {
    end: End,
    media: PhantomData<M>,
}

impl<M> Wire<M> {
    const fn new(end: End) -> Self {
        Self { end, media: PhantomData }
    }
}

#[derive(Debug)]
enum End {
    /// The last filter of a chain.
    Chain(usize),
    /// A label that exists already: an input's stream or one side of a split.
    Label(String),
}

#[derive(Debug, Default)]
struct Chain {
    inputs: Vec<String>,
    filters: Vec<Filter>,
    outputs: Vec<String>,
}

/// The graph as it grows: chains of filters, joined by labels.
#[derive(Debug, Default)]
pub struct Graph {
    chains: Vec<Chain>,
    labels: usize,
}

impl Graph {
    /// A stream of input file number `input`.
    pub fn stream<M>(&self, input: usize, stream: u32) -> Wire<M> {
        Wire::new(End::Label(format!("{input}:{stream}")))
    }

    /// A filter that reads nothing.
    pub fn source<M>(&mut self, filter: Filter) -> Wire<M> {
        Wire::new(End::Chain(self.begin(Vec::new(), filter)))
    }

    /// `filter` reads `wire`.
    pub fn then<M>(&mut self, wire: Wire<M>, filter: Filter) -> Wire<M> {
        Wire::new(End::Chain(self.extend(wire, filter)))
    }

    /// `filters` read `wire`, one after the other.
    pub fn through<M>(&mut self, wire: Wire<M>, filters: impl IntoIterator<Item = Filter>) -> Wire<M> {
        filters.into_iter().fold(wire, |wire, filter| self.then(wire, filter))
    }

    /// The same pictures on two wires.
    pub fn twice(&mut self, wire: Wire<Picture>) -> [Wire<Picture>; 2] {
        let split = self.extend(wire, Filter::new("split"));
        [(); 2].map(|()| self.leave(split))
    }

    /// The same pictures on `count` wires.
    pub fn copies(&mut self, wire: Wire<Picture>, count: usize) -> Vec<Wire<Picture>> {
        let outputs = i64::try_from(count).unwrap_or(i64::MAX);
        let split = self.extend(wire, Filter::new("split").with("outputs", outputs));
        (0..count).map(|_| Wire::new(End::Label(self.leaving(split)))).collect()
    }

    /// `filter` reads all of `wires`, in this order.
    pub fn join<M>(&mut self, wires: Vec<Wire<M>>, filter: Filter) -> Wire<M> {
        let labels = wires.into_iter().map(|wire| self.label(wire)).collect();
        Wire::new(End::Chain(self.begin(labels, filter)))
    }

    /// The text for `-filter_complex`, and the label of `last`, the one wire that leaves the graph.
    pub fn finish<M>(mut self, last: Wire<M>) -> (String, String) {
        let label = self.label(last);
        (self.text(), format!("[{label}]"))
    }

    /// The same text with the end of `last` left open, to look at.
    pub fn open_ended<M>(self, last: Wire<M>) -> String {
        drop(last);
        self.text()
    }

    fn text(&self) -> String {
        let mut text = String::new();
        for chain in &self.chains {
            text.push_str(if text.is_empty() { "" } else { ";" });
            chain.write(&mut text);
        }
        text
    }

    /// The chain that ends with `filter` after it has read `wire`.
    fn extend<M>(&mut self, wire: Wire<M>, filter: Filter) -> usize {
        match wire.end {
            End::Label(label) => self.begin(vec![label], filter),
            End::Chain(at) => {
                if let Some(chain) = self.chains.get_mut(at) {
                    chain.filters.push(filter);
                }
                at
            }
        }
    }

    fn begin(&mut self, inputs: Vec<String>, filter: Filter) -> usize {
        self.chains.push(Chain { inputs, filters: vec![filter], outputs: Vec::new() });
        self.chains.len() - 1
    }

    fn label<M>(&mut self, wire: Wire<M>) -> String {
        match wire.end {
            End::Label(label) => label,
            End::Chain(at) => self.leaving(at),
        }
    }

    /// One more wire at the end of a chain.
    fn leave<M>(&mut self, at: usize) -> Wire<M> {
        Wire::new(End::Label(self.leaving(at)))
    }

    /// A new label at the end of a chain.
    fn leaving(&mut self, at: usize) -> String {
        let label = format!("w{}", self.labels);
        self.labels += 1;
        if let Some(chain) = self.chains.get_mut(at) {
            chain.outputs.push(label.clone());
        }
        label
    }
}

impl Chain {
    fn write(&self, text: &mut String) {
        let labelled = |text: &mut String, labels: &[String]| {
            for label in labels {
                // writing to a String can't fail
                let _ = write!(text, "[{label}]");
            }
        };
        labelled(text, &self.inputs);
        for (at, filter) in self.filters.iter().enumerate() {
            let _ = write!(text, "{}{filter}", if at == 0 { "" } else { "," });
        }
        labelled(text, &self.outputs);
    }
}
