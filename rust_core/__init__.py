"""The fold and everything computed from it. See ``_native.pyi`` for what there is."""

from rust_core._native import *  # noqa: F403
