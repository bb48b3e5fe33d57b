//! Everything the core can refuse, as one closed list of codes.

/// Why something was refused. The names are a contract: `domain/errors.py` gives each its status and its suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A fact's tag is not one this version knows.
    UnknownFact,
    /// A fact's payload has an unknown field, lacks one, or has one of the wrong shape.
    MalformedFact,
    /// No frame rate that a timeline can have.
    RateUnsupported,
    /// No project, or the project was deleted.
    UnknownProject,
    /// A project exists already.
    ProjectExists,
    /// No track with that id.
    UnknownTrack,
    /// No clip with that id.
    UnknownClip,
    /// No effect with that id.
    UnknownEffect,
    /// No effect type with that name.
    UnknownEffectType,
    /// No transition with that id.
    UnknownTransition,
    /// No transition type with that name.
    UnknownTransitionType,
    /// No layout with that name.
    UnknownLayout,
    /// Not 1 to 64 letters, digits, `_` and `-`.
    InvalidId,
    /// The id is taken by another thing in this project.
    IdTaken,
    /// A track may not be changed while it is locked.
    TrackLocked,
    /// Two clips of one track share a moment.
    ClipsOverlap,
    /// No clip starts where another ends.
    NotAdjacent,
    /// The clips of a transition would come apart.
    TransitionBroken,
    /// Two transitions of a clip share a moment, or one is longer than its clip.
    TransitionsOverlap,
    /// A source has too little beyond the cut for a transition.
    NoHandles,
    /// A range is empty or runs backwards.
    EmptyRange,
    /// A range reaches past the end of its source.
    OutsideSource,
    /// A point lies before zero or beyond the limit.
    OutsideTimeline,
    /// A source has no stream of the kind that the track needs.
    WrongKind,
    /// A value is outside its range.
    OutOfRange,
    /// A parameter is not one of the effect's, is missing, or has the wrong type.
    BadParameter,
    /// A limit on how many or how large was reached.
    LimitExceeded,
    /// A list that must hold exactly the present ids does not.
    NotAPermutation,
    /// Nothing is left to undo or redo for that actor.
    NothingToUndo,
    /// Nothing is left to redo for that actor.
    NothingToRedo,
    /// No edit with that id.
    UnknownEdit,
    /// A later edit stands on the edit that was to be undone.
    EditHasDependents,
    /// What a reverted edit stood on has gone.
    EditCannotReturn,
    /// An edit was taken back already.
    EditNotActive,
    /// A project can't be without the edit that made or deleted it.
    EditNotRevertible,
    /// A snapshot was written by other fold code or is damaged.
    SnapshotUnusable,
    /// A plan needs a source that the library does not have.
    SourceMissing,
    /// A plan would hold nothing.
    NothingToRender,
    /// A request to the planner is malformed.
    MalformedRequest,
    /// A piece of a film is not what was planned.
    ResultWrong,
}

impl Code {
    /// The name on the wire and in the docs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownFact => "unknown_fact",
            Self::MalformedFact => "malformed_fact",
            Self::RateUnsupported => "rate_unsupported",
            Self::UnknownProject => "unknown_project",
            Self::ProjectExists => "project_exists",
            Self::UnknownTrack => "unknown_track",
            Self::UnknownClip => "unknown_clip",
            Self::UnknownEffect => "unknown_effect",
            Self::UnknownEffectType => "unknown_effect_type",
            Self::UnknownTransition => "unknown_transition",
            Self::UnknownTransitionType => "unknown_transition_type",
            Self::UnknownLayout => "unknown_layout",
            Self::InvalidId => "invalid_id",
            Self::IdTaken => "id_taken",
            Self::TrackLocked => "track_locked",
            Self::ClipsOverlap => "clips_overlap",
            Self::NotAdjacent => "not_adjacent",
            Self::TransitionBroken => "transition_broken",
            Self::TransitionsOverlap => "transitions_overlap",
            Self::NoHandles => "no_handles",
            Self::EmptyRange => "empty_range",
            Self::OutsideSource => "outside_source",
            Self::OutsideTimeline => "outside_timeline",
            Self::WrongKind => "wrong_kind",
            Self::OutOfRange => "out_of_range",
            Self::BadParameter => "bad_parameter",
            Self::LimitExceeded => "limit_exceeded",
            Self::NotAPermutation => "not_a_permutation",
            Self::NothingToUndo => "nothing_to_undo",
            Self::NothingToRedo => "nothing_to_redo",
            Self::UnknownEdit => "unknown_edit",
            Self::EditHasDependents => "edit_has_dependents",
            Self::EditCannotReturn => "edit_cannot_return",
            Self::EditNotActive => "edit_not_active",
            Self::EditNotRevertible => "edit_not_revertible",
            Self::SnapshotUnusable => "snapshot_unusable",
            Self::SourceMissing => "source_missing",
            Self::NothingToRender => "nothing_to_render",
            Self::MalformedRequest => "malformed_request",
            Self::ResultWrong => "result_wrong",
        }
    }
}

/// A refusal: the rule that was broken, a sentence for people, and what it is about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", code.name())]
pub struct CoreError {
    /// The rule.
    pub code: Code,
    /// One sentence, safe to show.
    pub message: String,
    /// The field at fault, as a path (`params.font_size`), where one is.
    pub path: Option<String>,
    /// The ids concerned, most important first.
    pub ids: Vec<String>,
}

impl CoreError {
    /// A refusal without a place.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), path: None, ids: Vec::new() }
    }

    /// The same, naming the field at fault.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same, naming one more id concerned.
    #[must_use]
    pub fn about(mut self, id: impl Into<String>) -> Self {
        self.ids.push(id.into());
        self
    }
}
