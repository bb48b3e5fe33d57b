//! Marks of style inside a caption's text, which are left out.

/// `text` without its `<tags>` that `known` knows, each handed over without its brackets, and without `{\overrides}`.
/// What is no tag stays as it is.
pub fn strip(text: &str, known: impl Fn(&str) -> bool) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, from) = rest.split_at(at);
        kept.push_str(before);
        if let Some(after) = tag(from, &known) {
            rest = after;
        } else {
            kept.push_str(&from[..1]);
            rest = &from[1..];
        }
    }
    kept + rest
}

/// What follows the tag that `text` begins with.
fn tag<'t>(text: &'t str, known: &impl Fn(&str) -> bool) -> Option<&'t str> {
    if let Some(rest) = text.strip_prefix("{\\") {
        return rest.split_once('}').map(|(_, after)| after);
    }
    let (inside, after) = text.strip_prefix('<')?.split_once('>')?;
    known(inside).then_some(after)
}

/// Whether a tag's inside is one of `names`, opening or closing, with or without attributes.
pub fn is_one_of(inside: &str, names: &[&str]) -> bool {
    let name = inside.strip_prefix('/').unwrap_or(inside);
    let name = name.split([' ', '.', '\t', '\n']).next().unwrap_or_default().to_ascii_lowercase();
    names.contains(&name.as_str())
}
