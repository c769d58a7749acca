"""The description of the API as a page: made from OpenAPI here, since viewers of it load scripts
from elsewhere."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

router = APIRouter(include_in_schema=False)

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --quiet: #777; --accent: #17548c; }
@media (prefers-color-scheme: dark) { :root { --accent: #8fc1ef; --quiet: #999; } }
body { font: 16px/1.55 system-ui, sans-serif; margin: 2.5rem auto; padding: 0 1rem; }
body { max-width: 52rem; }
h1 { font-size: 1.8rem; } h2 { margin-top: 2.8rem; text-transform: capitalize; }
article { border-top: 1px solid var(--line); padding: .4rem 0 1rem; }
h3 { font: 600 1rem/1.5 ui-monospace, monospace; margin: .9rem 0 .3rem; }
h3 b { color: var(--accent); display: inline-block; min-width: 4.2rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
dt { font-family: ui-monospace, monospace; } dd { margin: 0; color: var(--quiet); }
p { margin: .3rem 0; } code { font-family: ui-monospace, monospace; }
"""


@router.get("/docs")
def page(request: Request) -> Response:
    """The calls of the API, for people."""
    return HTMLResponse("".join(_page(request.app.openapi())))


@router.get("/docs.css")
def style() -> Response:
    return Response(_STYLE, media_type="text/css")


def _page(openapi: Mapping[str, Any]) -> Iterator[str]:
    about = openapi["info"]
    yield (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        '<title>Zegel API</title><link rel="stylesheet" href="/docs.css"></head><body>'
        f"<h1>Zegel API {escape(about['version'])}</h1><p>{escape(about['description'])}</p>"
        '<p>As <a href="/openapi.json">OpenAPI</a>.</p>'
    )
    schemas = openapi["components"]["schemas"]
    last = ""
    for path, methods in openapi["paths"].items():
        for method, operation in methods.items():
            (tag, *_) = operation["tags"]
            if tag != last:
                yield f"<h2>{escape(tag)}</h2>"
                last = tag
            yield from _operation(method, path, operation, schemas)
    yield "</body></html>"


def _operation(
    method: str, path: str, operation: Mapping[str, Any], schemas: Mapping[str, Any]
) -> Iterator[str]:
    yield f"<article><h3><b>{method.upper()}</b> {escape(path)}</h3>"
    yield f"<p>{escape(operation.get('description', ''))}</p>"
    takes = [
        (f"{one['name']}{'' if one.get('required') else '?'}", one.get("description", one["in"]))
        for one in operation.get("parameters", ())
    ]
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        takes.append((kind, _says(content["schema"], schemas)))
    if takes:
        yield _list(takes)
    for status, answer in sorted(operation["responses"].items()):
        for kind, content in answer.get("content", {}).items():
            if "problem" not in kind:
                yield _list([(f"{status}", _says(content["schema"], schemas) or kind)])
    yield "</article>"


def _list(entries: list[tuple[str, str]]) -> str:
    rows = (f"<dt>{escape(name)}</dt><dd>{escape(says)}</dd>" for name, says in entries)
    return f"<dl>{''.join(rows)}</dl>"


def _says(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    """What a schema is: the names of its fields, and what it says of itself."""
    if schema.get("type") == "array":
        return "a list: " + _says(schema.get("items", {}), schemas)
    if "$ref" not in schema:
        return ", ".join(schema.get("properties", ())) or str(schema.get("type", ""))
    found = schemas[schema["$ref"].rsplit("/")[-1]]
    fields = ", ".join(found.get("properties", ()))
    return f"{{{fields}}}: {found['description']}" if found.get("description") else f"{{{fields}}}"
