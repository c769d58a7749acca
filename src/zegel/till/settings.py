"""What a till is told when it is set up, in a file beside its queue: whose it is, what it may take.

It begins its day without a network, so all of that stands here.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import orjson

from zegel.admin.inputs import address
from zegel.errors import ConfigError, FileError
from zegel.files import replace_text
from zegel.till.opening import Rules
from zegel.till.sales import Place

SETTINGS = "till.json"


@dataclass(frozen=True)
class Settings:
    """`depth` is how many blocks must stand on a settlement before the till counts on it; `relay`
    the URL of whoever sends settlements, nobody's if the till sends them itself."""

    place: Place
    rules: Rules
    depth: int = 0
    relay: str = ""


def save(folder: Path, settings: Settings) -> None:
    """Writes them into the till's folder, in place of what was there."""
    rules = settings.rules
    values = {
        "place": asdict(settings.place),
        "floor_limits": {token: str(most) for token, most in rules.floor_limits.items()},
        "total_limits": {token: str(most) for token, most in rules.total_limits.items()},
        "share": str(rules.share),
        "max_age": rules.max_age,
        "depth": settings.depth,
        "relay": settings.relay,
    }
    replace_text(
        folder / SETTINGS, orjson.dumps(values, option=orjson.OPT_INDENT_2).decode() + "\n"
    )


def load(folder: Path) -> Settings:
    """Those of the till in a folder."""
    path = folder / SETTINGS
    try:
        values: dict[str, Any] = orjson.loads(path.read_bytes())
        place = values["place"]
        return Settings(
            Place(place["chain_id"], *(address(place[name]) for name in ("desk", *_PEOPLE))),
            Rules(
                _limits(values["floor_limits"]),
                _limits(values["total_limits"]),
                Fraction(values["share"]),
                values["max_age"],
            ),
            int(values["depth"]),
            values["relay"],
        )
    except FileNotFoundError:
        raise ConfigError(f"no till in {folder}: open one, or name its folder") from None
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror}): mend that") from None
    except (ValueError, KeyError, TypeError, ConfigError) as error:
        raise FileError(path, f"{error}: open the till anew, its queue stays") from None


_PEOPLE = ("merchant", "till")


def _limits(values: Mapping[str, str]) -> dict[Any, int]:
    return {address(token): int(most) for token, most in values.items()}
