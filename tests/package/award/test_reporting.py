"""The report of an award file
├── has every row with its status, its batch, its transaction and its block
├── names the row of an earlier file that a row repeats
└── starts no formula, whatever a file was called
"""

import csv
import io
import json

import pytest

from zegel.award import awarding
from zegel.errors import ConfigError

MEMBER = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045"
WAITING = "member,amount,ref,reason,pending_until"


def told(office, form="csv", **settings):
    stream = io.StringIO()
    awarding.report(office.journal, office.token, stream, form, **settings)
    stream.seek(0)
    if form == "json":
        return [json.loads(line) for line in stream]
    return list(csv.DictReader(stream))


@pytest.mark.parametrize("form", ["csv", "json"])
def test_every_row_is_told(office, award_file, form):
    path = award_file(f"{MEMBER},1.5,a,x,", f"{MEMBER},2,b,x,2099-01-01", header=WAITING)
    awarding.run(office, path)

    done, waiting = told(office, form)

    assert (done["file"], int(done["line"]), done["member"]) == ("awards.csv", 2, MEMBER)
    assert (done["amount"], done["ref"], done["reason"]) == ("1.50", "a", "x")
    assert done["status"] == "final"
    receipt = office.node.ask("eth_getTransactionReceipt", done["transaction"])
    assert int(done["block"]) == int(receipt["blockNumber"], 16)
    assert office.contract.functions.isAwarded(done["batch"]).call()
    assert (waiting["status"], waiting["batch"] or None) == ("waiting", None)


def test_a_repeated_row_names_the_first_one(office, award_file):
    awarding.run(office, award_file(f"{MEMBER},1,a,x", name="monday.csv"))
    awarding.run(office, award_file(f"{MEMBER},2,b,x", f"{MEMBER},1,a,x", name="tuesday.csv"))
    number = awarding.file_number(office.journal, office.token, "tuesday.csv")

    new, again = told(office, "json", file=number)

    assert (new["line"], new["status"], new["repeats_file"]) == (2, "final", None)
    assert (again["line"], again["status"]) == (3, "final")
    assert (again["repeats_file"], again["repeats_line"]) == ("monday.csv", 2)


def test_no_cell_starts_a_formula(office, award_file):
    awarding.run(office, award_file(f"{MEMBER},1,a,x", name="=1+1.csv"))

    assert told(office)[0]["file"] == "'=1+1.csv"
    assert told(office, "json")[0]["file"] == "=1+1.csv"


def test_another_form_and_another_file_are_refused(office):
    with pytest.raises(ConfigError, match="form: 'pdf' is neither csv nor json"):
        told(office, "pdf")
    with pytest.raises(ConfigError, match=r"no file none\.csv in the journal: run it first"):
        awarding.file_number(office.journal, office.token, "none.csv")
