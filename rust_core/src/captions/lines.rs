//! A file as blocks of lines, with blank lines between them.

/// The blocks, each with the number of its first line, counted from 1.
pub fn blocks(file: &str) -> Vec<(usize, Vec<&str>)> {
    let mut blocks: Vec<(usize, Vec<&str>)> = Vec::new();
    let mut open = false;
    for (at, line) in file.split('\n').enumerate() {
        let blank = line.trim().is_empty();
        match blocks.last_mut() {
            Some((_, block)) if open && !blank => block.push(line),
            _ if !blank => blocks.push((at + 1, vec![line])),
            _ => {}
        }
        open = !blank;
    }
    blocks
}
