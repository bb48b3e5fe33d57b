"""The settings: environment variables with the prefix ``STOAT_``, parsed once. This model is the full list."""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from domain.errors import Refused

PREFIX = "STOAT_"
CLIENT_NAMES = frozenset({"STOAT_URL", "STOAT_ACTOR"})  # read by the command line's client side


def _folders(value: object) -> object:
    """``os.pathsep``-separated folders. The roots themselves are checked where files are opened."""
    if not isinstance(value, str):
        return value
    names = value.split(os.pathsep)
    if not all(names):
        raise ValueError("an empty folder name would mean every folder")
    return tuple(Path(name) for name in names)


def _default_folder() -> Path:
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "stoat-ferret"


def _on_postgres(value: SecretStr) -> SecretStr:
    """The address holds a password, so no message repeats it."""
    if not value.get_secret_value().startswith(("postgresql://", "postgres://")):
        raise ValueError("must be a postgresql:// address; unset, the log is a file in STOAT_DATA_DIR")
    return value


Address = Annotated[SecretStr, AfterValidator(_on_postgres)]
Folders = Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_folders)]


class Settings(BaseSettings):
    """What a server is told by its surroundings. Times are in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True, case_sensitive=False)

    data_dir: Path = Field(
        default_factory=_default_folder,
        description="Log, views, segment store and renders; ~/.local/share/stoat-ferret if unset, or stoat-ferret in "
        "XDG_DATA_HOME.",
    )
    log: Address | None = Field(
        default=None, description="A postgresql:// address that holds the log, for several servers; a file if unset."
    )
    media_roots: Folders = Field(default=(), description="Folders whose media may be read, with those below them.")
    output_roots: Folders = Field(
        default=(), description="Folders where films may be written; DATA_DIR/renders if unset."
    )
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8765, ge=0, le=65_535, description="Port to listen on; 0 takes a free one.")
    nats_url: str | None = Field(default=None, description="NATS server to use instead of a private one.")
    executors: int = Field(
        default_factory=lambda: os.cpu_count() or 1,
        ge=0,
        le=256,
        description="Executors to run here; one a core if unset.",
    )
    ffmpeg: Path | None = Field(default=None, description="The ffmpeg program; ffprobe is looked for beside it.")
    durability: Literal["full", "normal"] = Field(
        default="full", description="full: an accepted edit survives a power cut; normal: a crash of the process."
    )
    max_queued_renders: int = Field(default=100, ge=1, le=10_000, description="Renders that may be unfinished at once.")
    render_timeout_factor: int = Field(
        default=60, ge=1, le=10_000, description="How many times its own length a part of a film may take to render."
    )
    webhook_allow_private: bool = Field(
        default=False, description="Webhooks may go to private addresses, to any port, and without TLS."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least level that is logged."
    )
    log_format: Literal["json", "console"] = Field(default="json", description="One JSON object a line, or for people.")
    shutdown_grace: float = Field(
        default=30.0,
        gt=0,
        le=3600,
        allow_inf_nan=False,
        description="How long requests under way may take at shutdown.",
    )

    @property
    def log_url(self) -> str | None:
        """The log's address with its password, or None where the log is a file."""
        return self.log.get_secret_value() if self.log else None

    @property
    def film_roots(self) -> tuple[Path, ...]:
        """Where films may be written."""
        return self.output_roots or (self.data_dir / "renders",)


def load(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """The settings of this process; ``overrides`` (from a command's options) win. Refuses ``invalid_setting``."""
    known = {PREFIX + name.upper() for name in Settings.model_fields} | CLIENT_NAMES
    for name in os.environ if environment is None else environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)[0]
            raise Refused("invalid_setting", f"{name} is not a setting; the nearest is {nearest}", name)
    try:
        return Settings(**overrides)
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"]).upper()
        raise Refused("invalid_setting", f"{name}: {first['msg']}", name) from None


def listed() -> list[tuple[str, str, str]]:
    """Name, default and meaning of every setting, for the README and ``stoat doctor``."""
    fields = Settings.model_fields.items()
    return [(PREFIX + name.upper(), _default(field.default), field.description or "") for name, field in fields]


def _default(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
