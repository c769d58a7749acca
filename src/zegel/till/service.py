"""The till's service on the shop's device: what cash registers and the till page talk to.

    POST /v1/sales      a sale is asked for: the request as text and as QR code
    POST /v1/answers    the member's phone has answered: accepted, or declined with the reason

It listens on the device's own address alone. `openapi.json` documents every call.
"""

import io
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, FastAPI, Query, Request
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from zegel import __version__, pages
from zegel.admin.inputs import address
from zegel.errors import Declined
from zegel.report.render import render
from zegel.report.sheet import Sheet
from zegel.till.asking import ask, cancel
from zegel.till.bodies import (
    Form,
    Members,
    NewAnswer,
    NewRefund,
    NewSale,
    SaleBody,
    SettlementBody,
    StatusBody,
)
from zegel.till.counter import Counter
from zegel.till.guarding import Guard
from zegel.till.news import News
from zegel.till.opening import Till
from zegel.till.problems import TillProblemBody, problem_of
from zegel.till.receipts import proof, slip, svg
from zegel.till.refunding import refund
from zegel.till.reporting import day, losses, receipt
from zegel.till.sales import Sale
from zegel.till.shown import sale_body, settlement_body, status_body, token_of
from zegel.till.vouchers import answer_of
from zegel.till.wordings import UNKNOWN_PROGRAM
from zegel.web.paging import serve_pages
from zegel.web.problems import Problem, documented, handle_problems

_ABOUT = """A till that takes points with or without a network. Every call but `/health` bears the
token of the till's file: `Authorization: Bearer …`. Amounts are decimal strings of base units,
times are Unix seconds. Errors are problems (RFC 9457): `detail` is one line for the staff that
names the remedy; a payment that is declined also has `member`, the words for the customer."""

_MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}

# Every day there is.
_EVER = 2**40

From = Annotated[int, Query(alias="from", ge=0, description="The first second.")]
Until = Annotated[int, Query(ge=0, description="The second after the last.")]


class _Picture(Response):
    media_type = "image/svg+xml"


class _Stream(StreamingResponse):
    media_type = "text/event-stream"


def create_service(
    counter: Counter, token: str, origins: tuple[str, ...] = (), news: News | None = None
) -> FastAPI:
    """The service of a till. `origins` are web pages elsewhere that may call it."""
    app = FastAPI(
        title="Zegel till",
        version=__version__,
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        # What every call may answer.
        responses=documented(401, 403, 413, 422),
    )
    told = news or News()
    counter.till.listeners.append(told.tell)
    app.state.counter, app.state.news = counter, told
    handle_problems(app, TillProblemBody, problem_of)
    for add in (_add_sales, _add_refunds, _add_chain, _add_reports, _add_rest):
        add(app)
    serve_pages(app, _page)
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["authorization", "content-type"],
        )
    app.add_middleware(Guard, token=token, origins=origins)
    return app


def _counter(request: Request) -> Counter:
    found: Counter = request.app.state.counter
    return found


def _till(request: Request) -> Till:
    return _counter(request).till


Here = Annotated[Counter, Depends(_counter)]
Own = Annotated[Till, Depends(_till)]


def _add_sales(app: FastAPI) -> None:
    @app.post("/v1/sales", status_code=201, tags=["sales"], responses=documented(409))
    def open_sale(new: NewSale, till: Own) -> SaleBody:
        """Asks for a payment. Show `request`, or `…/request.svg`, to the member."""
        token = token_of(till, new.program)
        if token is None:
            known = ", ".join(one.symbol for one in till.books.programs.values()) or "none"
            raise Declined(
                f"the till takes no {new.program!r}: use one of its programs ({known})",
                UNKNOWN_PROGRAM,
            )
        shared = new.purse == "shared"
        asked = ask(till, token, int(new.amount), shared=shared, reference=new.reference)
        return sale_body(till, asked.serial)

    @app.get("/v1/sales", tags=["sales"])
    def list_sales(
        till: Own,
        before: Annotated[int | None, Query(ge=0, description="Only serials below.")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> list[SaleBody]:
        """The last sales, the newest first."""
        with till.lock:
            end = till.sales.next_serial if before is None else min(before, till.sales.next_serial)
            return [sale_body(till, n) for n in range(end - 1, max(-1, end - 1 - limit), -1)]

    @app.get("/v1/sales/{serial}", tags=["sales"], responses=documented(404))
    def one_sale(serial: int, till: Own) -> SaleBody:
        """What has become of a sale."""
        _check_known(till, serial)
        return sale_body(till, serial)

    @app.delete("/v1/sales/{serial}", tags=["sales"], responses=documented(404, 409))
    def cancel_sale(serial: int, till: Own) -> SaleBody:
        """Gives up a sale that nobody has paid."""
        _check_known(till, serial)
        cancel(till, serial)
        return sale_body(till, serial)

    @app.get(
        "/v1/sales/{serial}/request.svg",
        tags=["sales"],
        responses=documented(404, 409),
        response_class=_Picture,
    )
    def request_code(serial: int, till: Own) -> Response:
        """The request as a QR code."""
        _check_known(till, serial)
        wanted = sale_body(till, serial).request
        if wanted is None:
            raise Problem(409, "answered", f"serial {serial} waits for nobody: ask again")
        return _Picture(svg(wanted))

    @app.post("/v1/answers", tags=["sales"], responses=documented(409, 507))
    def take_answer(new: NewAnswer, counter: Here) -> SaleBody:
        """Takes what the member's phone shows. When this answers 200, the sale is accepted and on
        the disk; the same answer again is the same sale."""
        try:
            answer = answer_of(new.text)
        except ValueError as error:
            raise Problem(
                422, "unreadable-code", f"the code {error}: scan the member's phone again"
            ) from None
        sale = counter.take(answer)
        return sale_body(counter.till, sale.serial)

    @app.get(
        "/v1/sales/{serial}/receipt",
        tags=["sales"],
        responses=documented(404),
        response_class=Response,
    )
    def print_receipt(
        serial: int, till: Own, form: Annotated[Form | str, Query(pattern=_RECEIPTS)] = "text"
    ) -> Response:
        """The receipt: `text` for receipt printers, `svg` its proof as a QR code, or a file."""
        sale = _sale(till, serial)
        if form == "text":
            return PlainTextResponse(slip(till, sale))
        if form == "svg":
            return Response(svg(proof(till.place, sale)), media_type="image/svg+xml")
        return _file(receipt(sale), form)


_RECEIPTS = "^(text|svg|json|csv|xlsx|pdf|html)$"


def _add_refunds(app: FastAPI) -> None:
    @app.post(
        "/v1/sales/{serial}/refunds",
        status_code=201,
        tags=["refunds"],
        responses=documented(404, 409),
    )
    def pay_back(serial: int, new: NewRefund, counter: Here) -> SaleBody:
        """Pays a settled sale back, or a part. The transfer is made at once if the till has the
        merchant's account and a network, else by `zegel till refund`."""
        _sale(counter.till, serial)
        refund(counter.till, serial, int(new.amount))
        if not counter.trouble and counter.owes():
            counter.pay_back()
        return sale_body(counter.till, serial)


def _add_chain(app: FastAPI) -> None:
    @app.get("/v1/till", tags=["till"])
    def standing(counter: Here) -> StatusBody:
        """How the till is: limits left, age of what it knows, what waits to be settled."""
        return status_body(counter)

    @app.post("/v1/sync", tags=["till"], responses=documented(400, 503))
    def sync_now(counter: Here, asking: Members | None = None) -> StatusBody:
        """Reads purses, limits and prices now; also of members whom the till has not met."""
        counter.sync([address(one, "members") for one in (asking or Members()).members])
        return status_body(counter)

    @app.post("/v1/settlements", tags=["till"], responses=documented(503))
    def settle_now(counter: Here) -> SettlementBody:
        """Settles all that is open now. What is not done may be asked for again."""
        return settlement_body(counter.till, counter.settle())


def _add_reports(app: FastAPI) -> None:
    def report(path: str, about: str, sheet: Callable[[Till, int, int], Sheet]) -> None:
        @app.get(
            f"/v1/reports/{path}",
            tags=["reports"],
            response_class=Response,
            summary=about,
            operation_id=f"report_{path}",
        )
        def write(
            till: Own, since: From = 0, until: Until = _EVER, form: Form = "json"
        ) -> Response:
            with till.lock:
                found = sheet(till, since, until)
            return _file(found, form)

    report("day", "What was taken, program by program: settled, open, lost, paid back", day)
    report("losses", "Sales whose purse was short, and what was lost", losses)


def _add_rest(app: FastAPI) -> None:
    @app.get("/v1/events", tags=["till"], response_class=_Stream)
    async def events(request: Request) -> StreamingResponse:
        """What happens, as server-sent events: `sale` with its serial, and `till`."""
        news: News = request.app.state.news
        return _Stream(news.read())

    @app.get("/health", tags=["till"])
    def health() -> dict[str, str]:
        """Whether the service runs."""
        return {"status": "ok", "version": __version__}


def _page(path: str) -> Response | None:
    """The till page, and what belongs to it; no other door."""
    door = "/till" if path == "/" else path
    found = None if door in pages.DOORS and door != "/till" else pages.find(door)
    return None if found is None else FileResponse(found, headers=pages.headers_of(found))


def _check_known(till: Till, serial: int) -> None:
    if serial not in till.sales.asked:
        raise Problem(404, "no-such-sale", f"serial {serial} was never asked for here: check it")


def _sale(till: Till, serial: int) -> Sale:
    """A sale that was accepted."""
    _check_known(till, serial)
    sale = till.sales.taken.get(serial)
    if sale is None:
        raise Problem(404, "not-paid", f"serial {serial} was not paid here: see its state")
    return sale


def _file(sheet: Sheet, form: str) -> Response:
    out = io.BytesIO()
    render(sheet, form, out)
    return Response(out.getvalue(), media_type=_MEDIA[form])
