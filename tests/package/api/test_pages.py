"""The built pages stand at the doors; nothing else of the disk does."""

import pytest
from support.calling import problem

from zegel import pages


@pytest.fixture
def built(tmp_path, monkeypatch):
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "till.html", "console.html"):
        (folder / name).write_text(f"<!doctype html><title>{name}</title>")
    (folder / "assets" / "wallet-1a2b3c4d.js").write_text("export {};")
    (tmp_path / "secret.html").write_text("secret")
    monkeypatch.setattr(pages, "FOLDER", folder)
    return folder


@pytest.mark.parametrize(
    ("path", "name"), [("/", "index.html"), ("/till", "till.html"), ("/console/", "console.html")]
)
def test_each_door_has_its_page(built, api, path, name):
    answer = api.get(path)

    assert name in answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


def test_files_with_a_hash_in_their_name_are_kept_for_ever(built, api):
    answer = api.get("/assets/wallet-1a2b3c4d.js")

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/assets/..%2f..%2fsecret.html",
        "/%00",
        "/index.html%00",
        "/" + 5_000 * "a",
        "/assets",
        "/v1/nothing",
    ],
)
def test_nothing_else_of_the_disk_is_shown(built, api, path):
    assert problem(api.get(path), 404, "not-found").startswith("nothing is at /")


def test_a_call_by_another_method_is_no_missing_page(built, api):
    answer = api.get("/v1/messages")

    assert problem(answer, 405, "no-such-method") == "GET is not possible at /v1/messages"
    assert answer.headers["allow"] == "POST"
    problem(api.post("/till"), 404, "not-found")
    problem(api.get("/v1/programs/"), 404, "not-found")


def test_pages_that_are_not_built_say_how(tmp_path, monkeypatch, api):
    monkeypatch.setattr(pages, "FOLDER", tmp_path)

    assert api.get("/till").text == ("The pages are not built: run `make build`, then reload.\n")
