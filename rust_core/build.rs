//! Gives the crate `FOLD_FINGERPRINT`, a hash of the sources that decide what a fold comes to.

use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders whose code decides what a state is and how a snapshot is read.
const SOURCES: [&str; 12] = [
    "src/colour.rs",
    "src/effect",
    "src/fact.rs",
    "src/fold",
    "src/joints.rs",
    "src/limits.rs",
    "src/model.rs",
    "src/snapshot.rs",
    "src/state.rs",
    "src/time.rs",
    "src/transition",
    "src/wire.rs",
];

fn main() -> std::io::Result<()> {
    let mut files = Vec::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        collect(Path::new(source), &mut files)?;
    }
    files.sort();
    let mut hash = Fnv::new();
    for file in files {
        hash.update(file.to_string_lossy().as_bytes());
        hash.update(&fs::read(&file)?);
    }
    println!("cargo::rustc-env=FOLD_FINGERPRINT={:032x}", hash.0);
    Ok(())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), files)?;
        }
    } else {
        files.push(path.to_owned());
    }
    Ok(())
}

/// FNV-1a, 128 bits: it tells versions of the code apart, it does not defend against anybody.
struct Fnv(u128);

impl Fnv {
    const fn new() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn update(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }
}
