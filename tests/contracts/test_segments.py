"""The store of finished units: whole or not there, however many write at once and whoever dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from adapters.render.argv import fill, prepare
from adapters.render.durable import sha256
from adapters.render.scratch import scratch, sweep
from adapters.render.segments import SegmentStore, Sidecar, Stored
from domain.errors import Refused
from domain.render.plan import Slot

KEY = "ab" + "0" * 62


@pytest.fixture
def store(tmp_path: Path) -> SegmentStore:
    return SegmentStore(tmp_path / "segments")


def keep(store: SegmentStore, content: bytes = b"film", key: str = KEY) -> Stored:
    with store.workspace() as folder:
        made = folder / "made.mp4"
        made.write_bytes(content)
        return store.keep(made, key, ".mp4", Sidecar(sha256(made), len(content), 5, 30, None))


def test_what_was_kept_is_found_by_its_key(store: SegmentStore) -> None:
    assert store.find(KEY, ".mp4") is None
    kept = keep(store)
    assert store.find(KEY, ".mp4") == kept
    assert kept.path == store.root / "ab" / f"{KEY}.mp4"
    assert kept.path.read_bytes() == b"film"
    assert store.find(KEY, ".wav") is None


def flip(path: Path) -> None:
    path.write_bytes(b"f1lm")


def cut(path: Path) -> None:
    path.write_bytes(b"fil")


def forget(path: Path) -> None:
    path.with_name(f"{KEY}.json").unlink()


def garble(path: Path) -> None:
    path.with_name(f"{KEY}.json").write_bytes(b"{")


def flip_a_bit_of_the_note(path: Path) -> None:
    note = path.with_suffix(".json")
    content = note.read_bytes()
    note.write_bytes(content[:3] + bytes([content[3] ^ 0x80]) + content[4:])  # no UTF-8 any more


@pytest.mark.parametrize("harm", [Path.unlink, flip, cut, forget, garble, flip_a_bit_of_the_note])
def test_what_is_damaged_is_missing_and_can_be_made_again(store: SegmentStore, harm: Callable[[Path], None]) -> None:
    harm(keep(store).path)
    assert store.find(KEY, ".mp4") is None
    assert keep(store).path.read_bytes() == b"film"
    assert store.find(KEY, ".mp4") is not None


def test_the_first_of_two_results_stays(store: SegmentStore) -> None:
    first = keep(store, b"first")
    assert keep(store, b"second") == first
    assert first.path.read_bytes() == b"first"


def test_many_at_once_leave_one_whole_result(store: SegmentStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda number: keep(store, b"film %d" % number), range(24)))
    assert len({stored.sidecar.sha256 for stored in kept}) == 1
    assert store.find(KEY, ".mp4") == kept[0]
    assert list((store.root / ".scratch").iterdir()) == []


@pytest.mark.parametrize(
    ("key", "suffix"), [("../" + KEY[3:], ".mp4"), (KEY.upper(), ".mp4"), (KEY, "/../x"), (KEY, "")]
)
def test_only_keys_are_names(store: SegmentStore, key: str, suffix: str) -> None:
    with pytest.raises(ValueError, match="no unit is called"):
        store.path(key, suffix)


def test_a_dead_process_leaves_no_folder_behind_and_a_living_one_keeps_its_own(tmp_path: Path) -> None:
    root = tmp_path / "scratch"
    script = (
        "import sys, time, pathlib; from adapters.render.scratch import scratch\n"
        "with scratch(pathlib.Path(sys.argv[1])) as folder: print(folder, flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(root)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    theirs = Path(child.stdout.readline().strip())
    with scratch(root) as ours:
        assert sweep(root) == 0
        assert theirs.is_dir()
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        assert sweep(root) == 1
        assert not theirs.exists()
        assert ours.is_dir()
    assert not ours.exists()


def test_paths_come_behind_file_and_literals_stay(tmp_path: Path) -> None:
    tokens = ["-i", Slot(media="m"), Slot(unit=KEY), Slot(file="list.txt"), Slot(out=True)]
    filled = fill(tokens, {"m": "file:/dev/fd/7"}, {KEY: Path("/store/u.mp4")}, Path("/tmp/out.mp4"))
    assert filled == ["-i", "file:/dev/fd/7", "file:/store/u.mp4", "list.txt", "file:/tmp/out.mp4"]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "-y", "a b", "", ".hidden", "a/b", "x\n"])
def test_no_file_of_a_plan_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        prepare(tmp_path, {name: "text"}, {}, {})
    assert refusal.value.code == "malformed_request"
    with pytest.raises(Refused):
        fill([Slot(file=name)], {}, {}, tmp_path)


def test_a_text_is_written_to_the_byte(tmp_path: Path) -> None:
    prepare(tmp_path, {"t.txt": "a\r\nb\n\U0001f9a6"}, {}, {})
    assert (tmp_path / "t.txt").read_bytes() == "a\r\nb\n\U0001f9a6".encode()
