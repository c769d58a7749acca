"""A member scans the till's code through a camera, which shows a film of it."""

import segno
from browser.conftest import PHONE
from browser.test_wallet import set_aside
from browser.town import till_of
from browser.visitors import visiting
from playwright.sync_api import expect
from support.browser import chromium

from zegel.till.asking import ask
from zegel.till.syncing import sync
from zegel.till.vouchers import answer_of, check_signature

_SIZE = 480
_LIGHT, _DARK, _GREY = b"\xeb", b"\x10", b"\x80"


def test_a_member_pays_by_the_camera(playwright, doorway, town, tmp_path, shots):
    token = town.token("VINYL")
    with till_of(town, tmp_path) as till:
        sync(till, town.suite)
        request = ask(till, token, 1_550, shared=True)
    film(request.text(), tmp_path / "code.y4m")
    with (
        chromium(playwright, tmp_path / "code.y4m") as browser,
        visiting(browser, doorway, PHONE, permissions=["camera"]) as member,
    ):
        town.award("VINYL", member.join(), 100_000)
        member.sees_balance("VINYL", "1,000.00")
        set_aside(member, token, "60", None)
        member.go("pay")
        member.press("Use the camera")
        dialog = member.page.get_by_role("dialog")
        expect(dialog.locator("[data-line='field.youPay']")).to_contain_text("15.50 VINYL")
        member.shoot(shots / "scanned-phone.png")
        member.press("Confirm with passkey")
        code = member.page.get_by_role("img", name="Show this to the till")
        check_signature(request, answer_of(code.get_attribute("data-code")))
        assert member.complaints == []


def film(text, path):
    """A code as a film (Y4M), on which nothing moves and nothing has a colour."""
    rows = [list(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    scale = _SIZE // len(rows)
    margin = (_SIZE - scale * len(rows)) // 2
    picture = bytearray(_LIGHT * (_SIZE * _SIZE))
    for y, row in enumerate(rows):
        line = b"".join((_DARK if dark else _LIGHT) * scale for dark in row)
        for step in range(scale):
            start = (margin + y * scale + step) * _SIZE + margin
            picture[start : start + len(line)] = line
    head = f"YUV4MPEG2 W{_SIZE} H{_SIZE} F5:1 Ip A1:1 C420jpeg\n".encode()
    frame = b"FRAME\n" + bytes(picture) + _GREY * (_SIZE * _SIZE // 2)
    path.write_bytes(head + frame * 3)
