"""What a file is by its first bytes: our own judgement, so that FFmpeg is never asked to guess."""

from dataclasses import dataclass

HEAD_BYTES = 65_536


@dataclass(frozen=True)
class Format:
    """A container: FFmpeg's name of its demuxer, whether seeking in it is exact, whether it holds one still."""

    demuxer: str
    exact_seek: bool
    still: bool = False


class NotMediaError(Exception):
    """The bytes are none of the formats that are read; the text says what they look like instead."""


MOV = Format("mov", exact_seek=True)
MP3 = Format("mp3", exact_seek=False)
AAC = Format("aac", exact_seek=False)
MPEG_TS = Format("mpegts", exact_seek=False)
PNG = Format("png_pipe", exact_seek=False, still=True)
APNG = Format("apng", exact_seek=False)
JPEG = Format("jpeg_pipe", exact_seek=False, still=True)
WEBP = Format("webp_pipe", exact_seek=False, still=True)
TIFF = Format("tiff_pipe", exact_seek=False, still=True)
BMP = Format("bmp_pipe", exact_seek=False, still=True)

_MAGIC: tuple[tuple[int, bytes, Format], ...] = (
    (0, b"\x1a\x45\xdf\xa3", Format("matroska", exact_seek=True)),
    (0, b"fLaC", Format("flac", exact_seek=True)),
    (0, b"OggS", Format("ogg", exact_seek=False)),
    (0, b"FLV\x01", Format("flv", exact_seek=False)),
    (0, b"\x00\x00\x01\xba", Format("mpeg", exact_seek=False)),
    (0, b"GIF87a", Format("gif", exact_seek=False)),
    (0, b"GIF89a", Format("gif", exact_seek=False)),
    (0, b"\xff\xd8\xff", JPEG),
    (0, b"II*\x00", TIFF),
    (0, b"MM\x00*", TIFF),
    (0, b"caff\x00\x01", Format("caf", exact_seek=True)),
    (0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), Format("asf", exact_seek=False)),
    (0, bytes.fromhex("060e2b34020501010d0102"), Format("mxf", exact_seek=False)),
)
_RIFF = {b"WAVE": Format("wav", exact_seek=True), b"AVI ": Format("avi", exact_seek=False)}
_MOV_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PLAYLISTS = (b"#EXTM3U", b"ffconcat", b"[playlist]", b"[Reference]", b"<ASX", b"<asx", b"RTSPtext")


def sniff(head: bytes) -> Format:
    """The format that a file with this beginning (``HEAD_BYTES`` of it, or all) has; raises NotMediaError."""
    for at, magic, found in _MAGIC:
        if head.startswith(magic, at):
            return found
    found_by_structure = _riff(head) or _mov(head) or _png(head) or _aiff(head) or _bmp(head) or _streamed(head)
    if found_by_structure:
        return found_by_structure
    raise NotMediaError(_looks_like(head))


def _riff(head: bytes) -> Format | None:
    if head[:4] not in (b"RIFF", b"RF64", b"BW64"):
        return None
    if head[8:12] == b"WEBP":
        # the flags of the extended header; FFmpeg does not play animations
        if head[12:16] == b"VP8X" and head[20:21] and head[20] & 0x02:
            raise NotMediaError("an animated WebP, which can't be read")
        return WEBP
    return _RIFF.get(head[8:12])


def _mov(head: bytes) -> Format | None:
    if head[4:8] not in _MOV_BOXES:
        return None
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        raise NotMediaError("an HEIF picture, which can't be read")
    return MOV


def _png(head: bytes) -> Format | None:
    if not head.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    pixels = head.find(b"IDAT")
    return APNG if 0 <= head.find(b"acTL") < pixels else PNG


def _aiff(head: bytes) -> Format | None:
    return Format("aiff", exact_seek=True) if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC") else None


def _bmp(head: bytes) -> Format | None:
    # two letters are too little to go by: the reserved fields are zero and the header's size is one that exists
    sizes = (12, 40, 52, 56, 64, 108, 124)
    return (
        BMP if head[:2] == b"BM" and head[6:10] == bytes(4) and int.from_bytes(head[14:18], "little") in sizes else None
    )


def _streamed(head: bytes) -> Format | None:
    """Formats without a file header: their sync marks have to repeat where they say the next one is."""
    for packet, start in ((188, 0), (192, 4), (204, 0)):
        if len(head) > start + 4 * packet and all(head[start + n * packet] == 0x47 for n in range(5)):
            return MPEG_TS
    at = _after_id3(head)
    if 0 < at >= len(head):
        return MP3  # a cover picture longer than what was read: only MP3 files have these
    if head[at : at + 4] == b"fLaC":
        return Format("flac", exact_seek=True)
    if (length := _adts_length(head, at)) and _adts_length(head, at + length):
        return AAC
    if (length := _mpeg_audio_length(head, at)) and _mpeg_audio_length(head, at + length):
        return MP3
    return None


def _after_id3(head: bytes) -> int:
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    length = 0
    for byte in head[6:10]:
        length = length << 7 | byte & 0x7F
    return 10 + length + (10 if head[5] & 0x10 else 0)


def _adts_length(head: bytes, at: int) -> int:
    frame = head[at : at + 7]
    if len(frame) < 7 or frame[0] != 0xFF or frame[1] & 0xF6 != 0xF0 or frame[2] >> 2 & 15 > 12:
        return 0
    length = (frame[3] & 3) << 11 | frame[4] << 3 | frame[5] >> 5
    return length if length >= 7 else 0


_KBITS = {
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (2, 1): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_RATES = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}


def _mpeg_audio_length(head: bytes, at: int) -> int:
    """Bytes of the MPEG audio frame (layers 2 and 3) that starts here, 0 where none does."""
    frame = head[at : at + 4]
    if len(frame) < 4 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return 0
    version, layer, bits, rate = frame[1] >> 3 & 3, frame[1] >> 1 & 3, frame[2] >> 4, frame[2] >> 2 & 3
    if version == 1 or layer not in (1, 2) or bits in (0, 15) or rate == 3:
        return 0
    kbits = _KBITS[(3, layer) if version == 3 else (2, 1)][bits - 1]
    factor = 144 if version == 3 or layer == 2 else 72
    return factor * kbits * 1000 // _RATES[version][rate] + (frame[2] >> 1 & 1)


def _looks_like(head: bytes) -> str:
    if not head:
        return "an empty file"
    start = head[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(_PLAYLISTS) or (start.startswith(b"<") and b"<MPD" in head[:4096]):
        return "a playlist, which is never followed"
    if not any(byte < 9 or 14 <= byte < 32 for byte in head[:4096]):
        return "text"
    return "no format that is known here"
