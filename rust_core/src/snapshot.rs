//! A project as bytes: to hash it, and to open it again without folding from the start.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::error::{Code, CoreError};
use crate::fact::{
    ClipAdded, EffectAdded, Fact, GlobalEffectAdded, ProjectCreated, TrackAdded, TrackChanged, TransitionAdded,
};
use crate::model::{Clip, Effect, Output, Track};
use crate::state::{Phase, State};
use crate::transition::Transition;
use crate::wire::{pack, unpack};

/// Names the fold code that this build has: a snapshot of another fold is not used. Set by `build.rs`.
pub const FOLD_FINGERPRINT: &str = env!("FOLD_FINGERPRINT");

const MAGIC: &[u8] = b"stoat-snapshot-2\n";
const CHECKSUM: usize = 32;

/// Everything a project is, in one order: equal documents have equal bytes. Written by the names of fields: of those that are
/// left out where they say nothing, the next would be taken for the one before it.
#[derive(Serialize, Deserialize)]
struct Canonical {
    phase: PhaseImage,
    tracks: Vec<TrackImage>,
    film_effects: Vec<Arc<Effect>>,
}

#[derive(Serialize, Deserialize)]
enum PhaseImage {
    Empty,
    Open { name: String, output: Output },
    Deleted,
}

#[derive(Serialize, Deserialize)]
struct TrackImage {
    index: u32,
    track: Track,
    clips: Vec<(Clip, Vec<Arc<Effect>>)>,
    transitions: Vec<Arc<Transition>>,
}

/// A hash of the document without its version: equal exactly when the documents are.
pub fn fingerprint(state: &State) -> Result<[u8; 32], CoreError> {
    let bytes = pack(&Canonical::of(state)).map_err(|error| unusable(error.to_string()))?;
    Ok(*blake3::hash(&bytes).as_bytes())
}

/// The state as bytes that only the same fold code opens.
pub fn save(state: &State) -> Result<Vec<u8>, CoreError> {
    let body = pack(&(state.version, Canonical::of(state))).map_err(|error| unusable(error.to_string()))?;
    let mut snapshot = MAGIC.to_vec();
    snapshot.extend_from_slice(FOLD_FINGERPRINT.as_bytes());
    snapshot.extend_from_slice(blake3::hash(&body).as_bytes());
    snapshot.extend_from_slice(&body);
    Ok(snapshot)
}

/// The state of a snapshot, or `snapshot_unusable` where it is damaged or of another fold.
pub fn restore(snapshot: &[u8]) -> Result<State, CoreError> {
    let rest = snapshot.strip_prefix(MAGIC).ok_or_else(|| unusable("not a snapshot"))?;
    let rest = rest.strip_prefix(FOLD_FINGERPRINT.as_bytes()).ok_or_else(|| unusable("written by other fold code"))?;
    let (checksum, body) = rest.split_at_checked(CHECKSUM).ok_or_else(|| unusable("it is cut off"))?;
    if blake3::hash(body).as_bytes() != checksum {
        return Err(unusable("its checksum is wrong"));
    }
    let (version, canonical): (u64, Canonical) = unpack(body, Code::SnapshotUnusable)?;
    canonical.open(version).map_err(|error| unusable(error.to_string()))
}

impl Canonical {
    fn of(state: &State) -> Self {
        let phase = match &state.phase {
            Phase::Empty => PhaseImage::Empty,
            Phase::Open(head) => PhaseImage::Open { name: head.name.clone(), output: head.output.clone() },
            Phase::Deleted => PhaseImage::Deleted,
        };
        let tracks = (0..).zip(state.tracks()).map(|(index, track)| {
            let clips = state.placed_on(&track.id).map(|placed| (placed.clip.clone(), placed.effects.clone()));
            let transitions = state.transitions_on(&track.id).cloned().collect();
            TrackImage { index, track: track.clone(), clips: clips.collect(), transitions }
        });
        Self { phase, tracks: tracks.collect(), film_effects: state.film_effects.to_vec() }
    }

    fn open(self, version: u64) -> Result<State, CoreError> {
        let state = match self.phase {
            PhaseImage::Empty => State::default(),
            PhaseImage::Deleted => State { phase: Phase::Deleted, ..State::default() },
            PhaseImage::Open { name, output } => {
                let mut facts = vec![ProjectCreated { name, output }.into()];
                self.tracks.into_iter().for_each(|track| track.facts(&mut facts));
                let indexed = (0..).zip(self.film_effects);
                facts.extend(indexed.map(|(index, effect)| {
                    Fact::from(GlobalEffectAdded { effect: Arc::unwrap_or_clone(effect), index })
                }));
                // opened by the fold itself, so no rule can be missed
                State::default().apply(&facts)?
            }
        };
        Ok(State { version, ..state })
    }
}

impl TrackImage {
    fn facts(self, facts: &mut Vec<Fact>) {
        let (id, locked) = (self.track.id.clone(), self.track.locked);
        let index = self.index;
        facts.push(TrackAdded { track: Track { locked: false, ..self.track }, index }.into());
        for (clip, effects) in self.clips {
            let on = clip.id.clone();
            facts.push(ClipAdded { clip }.into());
            facts.extend((0..).zip(effects).map(|(index, effect)| {
                Fact::from(EffectAdded { clip: on.clone(), effect: Arc::unwrap_or_clone(effect), index })
            }));
        }
        let joined = self.transitions.into_iter().map(Arc::unwrap_or_clone);
        facts.extend(joined.map(|transition| Fact::from(TransitionAdded { transition })));
        if locked {
            facts.push(TrackChanged { locked: Some(true), ..TrackChanged::of(id) }.into());
        }
    }
}

fn unusable(why: impl Into<String>) -> CoreError {
    CoreError::new(Code::SnapshotUnusable, why)
}
