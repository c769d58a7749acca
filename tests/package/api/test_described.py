"""The API is as it describes itself: Schemathesis finds no answer that its description leaves out
├── with values that it makes up
├── with programs and members that are there
└── and finds one that is planted
"""

import pytest
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from support.calling import sign_in
from support.describing import described
from support.listening import at_an_address

from zegel.api.app import create_app

pytestmark = pytest.mark.deep


@pytest.mark.parametrize("which", ["any", "there"])
def test_what_it_answers_is_what_it_describes(
    relayed, lived, api, issuer, member, suite, tmp_path, which
):
    sign_in(api, issuer)
    cookies = "; ".join(f"{name}={value}" for name, value in api.cookies.items())
    shop, air = (suite.token(name).address for name in ("SHOP", "AIR"))
    there = f"""
[parameters]
"path.token" = "{shop}"
"path.address" = "{member.address}"

[[operations]]
include-name = "GET /v1/quotes"
parameters = {{ "query.from" = "{shop}", "query.to" = "{air}" }}
"""

    with at_an_address(create_app(relayed)) as url:
        calls, told = described(
            url,
            tmp_path,
            # It would sign everybody out.
            *("--exclude-name", "DELETE /v1/session"),
            header=f"Cookie: {cookies}",
            settings=there if which == "there" else "",
        )

    assert not told, told
    assert calls > 1_500


def test_an_answer_that_is_not_described_is_found(tmp_path):
    """The planted bug: an amount as a word."""
    app = FastAPI()

    @app.get("/amount")
    def amount() -> int:
        return JSONResponse("many")

    with at_an_address(app) as url:
        _, told = described(url, tmp_path)

    assert "GET /amount" in told
    assert '"many" is not of type "integer"' in told
