"""Open a path below a folder so that no link on the way can lead anywhere else (openat2, or one step at a time)."""

import ctypes
import errno
import os

_OPENAT2 = 437  # the same number on every architecture
_NO_MAGICLINKS, _NO_SYMLINKS, _BENEATH = 0x02, 0x04, 0x08
_libc = ctypes.CDLL(None, use_errno=True)


class _OpenHow(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


def open_beneath(folder: int, parts: tuple[str, ...], flags: int, mode: int = 0) -> int:
    """A descriptor of what lies at ``parts`` below the open folder ``folder``, close-on-exec.

    OSError as ``open`` raises it; ELOOP or ENOTDIR where any part is a symbolic link, EXDEV where a part leads up.
    """
    if any(part in ("", ".", "..") or "/" in part or "\0" in part for part in parts):
        raise OSError(errno.EXDEV, "a path below a folder names one thing a step")
    flags |= os.O_CLOEXEC | os.O_NOFOLLOW
    if not parts:
        return os.open(".", flags, dir_fd=folder)
    try:
        return _openat2(folder, os.fsencode("/".join(parts)), flags, mode)
    except OSError as failure:
        # an old kernel has no such call, and an old container runtime forbids what it does not know
        if failure.errno not in (errno.ENOSYS, errno.EPERM):
            raise
    return step_by_step(folder, parts, flags, mode)


def _openat2(folder: int, path: bytes, flags: int, mode: int) -> int:
    how = _OpenHow(flags, mode, _BENEATH | _NO_SYMLINKS | _NO_MAGICLINKS)
    for _ in range(8):
        found = int(_libc.syscall(_OPENAT2, folder, path, ctypes.byref(how), ctypes.sizeof(how)))
        if found >= 0:
            return found
        # EAGAIN: something was renamed meanwhile and the kernel could not be sure
        if ctypes.get_errno() not in (errno.EAGAIN, errno.EINTR):
            break
    code = ctypes.get_errno()
    raise OSError(code, os.strerror(code))


def step_by_step(folder: int, parts: tuple[str, ...], flags: int, mode: int = 0) -> int:
    """The same without openat2: every folder on the way is opened by name in the one before, links refused."""
    here = os.dup(folder)
    try:
        for part in parts[:-1]:
            below = os.open(part, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=here)
            os.close(here)
            here = below
        return os.open(parts[-1], flags | os.O_NOFOLLOW | os.O_CLOEXEC, mode, dir_fd=here)
    finally:
        os.close(here)
