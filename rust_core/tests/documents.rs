//! Properties of documents: bytes in, bytes out, and the difference between any two.

#![allow(clippy::indexing_slicing, clippy::needless_pass_by_value, reason = "a test fails by panicking")]

mod random;

use proptest::prelude::*;
use random::{attempts, project};
use rust_core::diff::diff;
use rust_core::document;
use rust_core::error::CoreError;
use rust_core::fact::Fact;
use rust_core::snapshot::{fingerprint, restore, save};
use rust_core::state::State;

fn failed(error: CoreError) -> TestCaseError {
    TestCaseError::fail(error.to_string())
}

/// The document but its version.
fn shown(state: &State) -> Result<serde_json::Value, TestCaseError> {
    let bytes = document::json(state).map_err(failed)?;
    let mut json: serde_json::Value = serde_json::from_slice(&bytes).map_err(|e| TestCaseError::fail(e.to_string()))?;
    json["version"] = 0.into();
    Ok(json)
}

proptest! {
    #![proptest_config(random::config(300))]

    #[test]
    fn a_difference_leads_from_any_document_to_any_other(a in attempts(60), b in attempts(60)) {
        let ((a, _), (b, _)) = (project(&a), project(&b));
        let facts = diff(&a, &b).map_err(failed)?;
        let reached = a.apply(&facts).map_err(failed)?;
        prop_assert_eq!(shown(&reached)?, shown(&b)?);
        prop_assert_eq!(fingerprint(&reached), fingerprint(&b));
        prop_assert!(diff(&reached, &b).map_err(failed)?.is_empty());
    }

    #[test]
    fn a_difference_undoes_what_came_after(past in attempts(60), later in attempts(20)) {
        let (a, _) = project(&past);
        let b = later.iter().fold(a.clone(), |b, one| random::try_one(&b, *one).map_or(b, |(next, _)| next));
        let back = b.apply(&diff(&b, &a).map_err(failed)?).map_err(failed)?;
        prop_assert_eq!(fingerprint(&back), fingerprint(&a));
        prop_assert_eq!(shown(&back)? == shown(&b)?, fingerprint(&a) == fingerprint(&b));
    }

    #[test]
    fn facts_survive_their_bytes(past in attempts(80)) {
        let (state, facts) = project(&past);
        let payloads: Vec<Vec<u8>> = facts.iter().map(Fact::encode).collect::<Result<_, _>>().map_err(failed)?;
        for (fact, payload) in facts.iter().zip(&payloads) {
            prop_assert_eq!(&Fact::decode(payload).map_err(failed)?, fact);
        }
        let folded = State::default().apply_payloads(&payloads).map_err(failed)?;
        prop_assert_eq!(shown(&folded)?, shown(&state)?);
        prop_assert_eq!(folded.version(), u64::try_from(facts.len()).unwrap_or_default());
    }

    #[test]
    fn a_snapshot_opens_to_the_same_project(past in attempts(80), cut in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let (state, _) = project(&past);
        let saved = save(&state).map_err(failed)?;
        let opened = restore(&saved).map_err(failed)?;
        prop_assert_eq!(shown(&opened)?, shown(&state)?);
        prop_assert_eq!(opened.version(), state.version());
        let place = cut.index(saved.len());
        let mut damaged = saved.clone();
        if let Some(byte) = damaged.get_mut(place) {
            *byte ^= 1 << bit;
        }
        prop_assert!(restore(&damaged).is_err());
        prop_assert!(saved.get(..place).is_none_or(|short| restore(short).is_err()));
    }

    #[test]
    fn no_bytes_are_too_strange_for_a_fact(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let refused = Fact::decode(&bytes).err().map(|error| error.code.name());
        prop_assert!(matches!(refused, None | Some("malformed_fact" | "unknown_fact")));
    }

    #[test]
    fn no_damage_to_a_fact_panics(past in attempts(40), which in any::<prop::sample::Index>(),
                                  at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let (state, facts) = project(&past);
        let mut payload = facts[which.index(facts.len())].encode().map_err(failed)?;
        let at = at.index(payload.len());
        payload[at] = byte;
        // a changed byte may still be a fact; then it is folded or refused, and what is folded can be shown
        if let Ok(next) = state.apply_payloads(&[&payload]) && next.exists() {
            shown(&next)?;
        }
    }
}
