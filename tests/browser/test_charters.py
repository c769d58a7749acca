"""A charter in the wallet of somebody whom it names.

a charter that names the member as a party
  says what is rewarded, and whether a file is the document that all sign
  is signed without a fee, and is in force when the others have signed
"""

from browser.conftest import PHONE
from browser.visitors import visiting
from eth_utils.crypto import keccak
from playwright.sync_api import expect

from zegel.admin.charters import Agreement, Charter, Rule

DOCUMENT = b"# What we reward\n"


def test_a_party_reads_a_charter_and_signs_it(browser, doorway, town, shots, tmp_path):
    (tmp_path / "charter.md").write_bytes(DOCUMENT)
    (tmp_path / "other.md").write_bytes(DOCUMENT + b" ")
    issuer = town.sender("issuer")
    with visiting(browser, doorway, PHONE) as party:
        address = party.join()
        rule = Rule(b"bring a colleague".ljust(32, b"\0"), "5.00", 3, 12, issuer.address)
        parties = (address, issuer.address)
        agreement = Agreement(town.suite, Charter("VINYL", keccak(DOCUMENT), parties, (rule,)))
        agreement.propose(issuer).apply()

        party.go("charters")
        expect(party.page.get_by_text("2 of 2 have yet to sign")).to_be_visible()
        expect(party.page.get_by_text("bring a colleague")).to_be_visible()
        words = "5 points, at most 3 in 12 months · attested by "
        expect(party.page.get_by_text(words)).to_be_visible()
        file = party.page.locator("input[type=file]")
        file.set_input_files(tmp_path / "other.md")
        expect(party.page.get_by_text("This is another document.")).to_be_visible()
        file.set_input_files(tmp_path / "charter.md")
        expect(party.page.get_by_text("This is the document that all parties")).to_be_visible()
        party.shoot(shots / "charter-phone.png")
        party.check_accessible()
        party.press("Sign")
        dialog = party.page.get_by_role("dialog")
        expect(dialog.locator("[data-line='field.document']")).to_contain_text(
            keccak(DOCUMENT).hex()
        )
        party.confirm()
        expect(party.page.get_by_text("You have signed")).to_be_visible()
        expect(party.page.get_by_text("1 of 2 have yet to sign")).to_be_visible()
        agreement.sign(issuer).apply()
        expect(party.page.get_by_text("In force")).to_be_visible()
        assert party.complaints == []
    assert town.suite.charter.functions.charterOf(agreement.id).call()[1] == 2
