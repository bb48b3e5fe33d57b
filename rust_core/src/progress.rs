//! What FFmpeg says of its progress (`-progress`): lines of `key=value`, in pieces that end anywhere.

/// A longer line is none of FFmpeg's; it is dropped.
const LONGEST_LINE: usize = 256;

/// How far one FFmpeg process is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Progress {
    line: Vec<u8>,
    frames: u64,
    micros: u64,
}

impl Progress {
    /// Takes the next piece of what FFmpeg printed. What is no report is passed over.
    pub fn feed(&mut self, piece: &[u8]) {
        for &byte in piece {
            if byte == b'\n' {
                self.take_line();
                self.line.clear();
            } else if self.line.len() <= LONGEST_LINE {
                self.line.push(byte);
            }
        }
    }

    /// Frames written so far.
    pub const fn frames(&self) -> u64 {
        self.frames
    }

    /// How much of the result is written, in microseconds of its own time.
    pub const fn micros(&self) -> u64 {
        self.micros
    }

    fn take_line(&mut self) {
        let Some((key, value)) = std::str::from_utf8(&self.line).ok().and_then(|line| line.split_once('=')) else {
            return;
        };
        // before the first packet the time is "N/A" or negative
        let Ok(value) = value.trim().parse::<u64>() else {
            return;
        };
        match key {
            "frame" => self.frames = self.frames.max(value),
            "out_time_us" => self.micros = self.micros.max(value),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Progress;

    const REPORT: &[u8] =
        b"frame=12\nfps=30.1\nout_time_us=N/A\nprogress=continue\nframe=  48\nout_time_us=1600000\nspeed=2x\n";

    fn fed(pieces: &[&[u8]]) -> (u64, u64) {
        let mut progress = Progress::default();
        for piece in pieces {
            progress.feed(piece);
        }
        (progress.frames(), progress.micros())
    }

    #[test]
    fn a_report_is_read_whichever_way_it_is_cut() {
        for cut in 0..=REPORT.len() {
            let (head, tail) = REPORT.split_at(cut);
            assert_eq!(fed(&[head, tail]), (48, 1_600_000));
        }
    }

    #[test]
    fn a_number_counts_once_its_line_has_ended() {
        assert_eq!(fed(&[b"frame=9"]), (0, 0));
        assert_eq!(fed(&[b"frame=9", b"1\n"]), (91, 0));
    }

    #[test]
    fn what_is_no_report_is_passed_over() {
        let long = [vec![b'x'; 100_000].as_slice(), b"\nframe=3\n"].concat();
        assert_eq!(fed(&[&long]), (3, 0));
        assert_eq!(
            fed(&[b"frame=-1\n\xff\xfe\nout_time_us=-5\nframe=99999999999999999999999\n===\nframe=2\n"]),
            (2, 0)
        );
    }

    #[test]
    fn it_never_goes_back() {
        assert_eq!(fed(&[b"frame=5\nframe=3\n"]), (5, 0));
    }
}
