//! The log's hash chain: what each record's 32 bytes stand for.
//!
//! An edit's digest covers everything about the edit but its facts and the answer that was given. A fact's link covers
//! the link before it, where the fact stands, the edit's digest and the payload's hash, so the payload alone could be
//! redacted and the chain still hold. Everything is hashed as `MessagePack` arrays of whole numbers, texts and bytes,
//! which have one encoding each.

use blake2b_simd::Params;
use serde::Serialize;
use serde_bytes::Bytes;

use crate::error::{Code, CoreError};

/// BLAKE2b-256.
pub type Hash = [u8; HASH_BYTES];

/// How long a hash is.
pub const HASH_BYTES: usize = 32;

/// An edit as its row in the log has it.
#[derive(Debug, Clone, Copy)]
pub struct EditRow<'a> {
    /// Position of its first fact.
    pub first_position: i64,
    /// Its id.
    pub edit_id: &'a str,
    /// The stream of its facts.
    pub stream: &'a str,
    /// Version of its first fact.
    pub first_version: i64,
    /// How many facts it has.
    pub facts: i64,
    /// What kind of edit it is.
    pub kind: &'a str,
    /// Who made it.
    pub actor: &'a str,
    /// What was asked for, as it was sent.
    pub command: &'a [u8],
    /// Why.
    pub rationale: Option<&'a str>,
    /// What it belongs to.
    pub correlation_id: &'a str,
    /// What it follows from.
    pub causation_id: Option<&'a str>,
    /// When, UTC in microseconds.
    pub time_us: i64,
    /// The idempotency key that it came with.
    pub answer_key: Option<&'a str>,
    /// The hash of the request that came with that key.
    pub request_hash: Option<&'a [u8]>,
}

/// A fact as its row in the log has it, but for its edit and its link.
#[derive(Debug, Clone, Copy)]
pub struct FactRow<'a> {
    /// Its place in the log.
    pub position: i64,
    /// Its stream.
    pub stream: &'a str,
    /// Its place in the stream.
    pub version: i64,
    /// Its kind and the version of that.
    pub tag: &'a str,
    /// Its content.
    pub payload: &'a [u8],
    /// Its id.
    pub event_id: &'a str,
}

/// The answer kept for an idempotency key, as its row in the log has it.
#[derive(Debug, Clone, Copy)]
pub struct AnswerRow<'a> {
    /// Whose key.
    pub actor: &'a str,
    /// The key.
    pub key: &'a str,
    /// The hash of the request that came with it.
    pub request_hash: &'a [u8],
    /// The answer's status.
    pub status: i64,
    /// The answer.
    pub body: &'a [u8],
    /// The edit that it tells of.
    pub edit_id: &'a str,
}

/// The digest of who asked for what, when and where.
pub fn edit_digest(row: &EditRow<'_>) -> Result<Hash, CoreError> {
    packed_hash(
        &[],
        &(
            "edit.1",
            row.edit_id,
            row.kind,
            row.actor,
            Bytes::new(&hash(row.command)),
            row.rationale,
            row.correlation_id,
            row.causation_id,
            row.answer_key,
            row.request_hash.map(Bytes::new),
            row.stream,
            row.first_position,
            row.first_version,
            row.facts,
            row.time_us,
        ),
        &[],
    )
}

/// The chain hash of one fact, from the one before it and the digest of its edit.
pub fn link(previous: &Hash, edit: &Hash, fact: &FactRow<'_>) -> Result<Hash, CoreError> {
    let header = ("fact.1", fact.position, fact.stream, fact.version, fact.tag, fact.event_id, Bytes::new(edit));
    packed_hash(previous, &header, &hash(fact.payload))
}

/// What a kept answer is checked against before it is given again.
pub fn answer_digest(row: &AnswerRow<'_>) -> Result<Hash, CoreError> {
    let body = hash(row.body);
    let request_hash = Bytes::new(row.request_hash);
    let content = ("answer.1", row.actor, row.key, request_hash, row.status, Bytes::new(&body), row.edit_id);
    packed_hash(&[], &content, &[])
}

fn packed_hash<T: Serialize>(before: &[u8], value: &T, after: &[u8]) -> Result<Hash, CoreError> {
    let mut bytes = Vec::with_capacity(384);
    bytes.extend_from_slice(before);
    rmp_serde::encode::write(&mut bytes, value)
        .map_err(|error| CoreError::new(Code::MalformedFact, error.to_string()))?;
    bytes.extend_from_slice(after);
    Ok(hash(&bytes))
}

fn hash(content: &[u8]) -> Hash {
    let mut bytes = [0; HASH_BYTES];
    let full = Params::new().hash_length(HASH_BYTES).hash(content);
    bytes.iter_mut().zip(full.as_bytes()).for_each(|(byte, found)| *byte = *found);
    bytes
}
