"""Whether a service is as it describes itself, by Schemathesis' word.

It makes calls from `/openapi.json`, right ones and wrong ones, in every place that an operation
has, and looks at status, headers, media type and body of each answer.
"""

import re
import subprocess
from pathlib import Path

from zegel_env import SCHEMATHESIS

_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
)

_OPTIONS = [
    "--checks", ",".join(_CHECKS),
    "--phases", "examples,coverage,fuzzing",
    "--max-examples", "50",
    "--seed", "1",
    "--generation-database", "none",
    "--continue-on-failure", "--no-color",
    # Both services have a stream, which never ends.
    "--exclude-path", "/v1/events",
]  # fmt: skip

_CASES = re.compile(r"^  ([0-9,]+) generated", re.MULTILINE)


def described(
    url: str, folder: Path, *options: str, header: str = "Accept: */*", settings: str = ""
) -> tuple[int, str]:
    """How many calls were made, and what Schemathesis has to say if it found anything.

    `settings` is what its own file of settings says.
    """
    (folder / "schemathesis.toml").write_text(settings)
    where = [str(SCHEMATHESIS), "run", f"{url}/openapi.json", "--header", header]
    done = subprocess.run([*where, *_OPTIONS, *options], cwd=folder, capture_output=True, text=True)
    told = done.stdout + done.stderr
    cases = _CASES.search(told)
    assert cases, told
    return int(cases[1].replace(",", "")), told if done.returncode else ""
