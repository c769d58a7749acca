"""Merkle trees are those of OpenZeppelin's StandardMerkleTree."""

import pytest
from eth_abi import encode
from eth_utils import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from zegel.award.merkle import MerkleTree, leaf, verify
from zegel.award.rows import Award, packed_text

AWARD = Award(bytes.fromhex("11" * 20), 1250, packed_text("receipt-1"), packed_text("purchase"))


def test_a_leaf_is_the_double_hash_of_the_encoded_row():
    types = ["address", "uint256", "bytes32", "bytes32"]
    encoded = encode(types, ["0x" + "11" * 20, 1250, AWARD.ref, AWARD.reason])

    assert leaf(AWARD) == keccak(keccak(encoded))


@pytest.mark.parametrize(
    ("letters", "root"),
    [
        # Roots that @openzeppelin/merkle-tree gives for single-value leaves; its own test vector
        # is that of the letters a to f.
        ("abcdef", "6deb52b5da8fd108f79fab00341f38d2587896634c646ee52e49f845680a70c8"),
    ],
)
def test_a_root_is_that_of_openzeppelin(letters, root):
    leaves = [keccak(keccak(encode(["string"], [letter]))) for letter in letters]

    assert MerkleTree(leaves).root.hex() == root


def test_the_root_of_one_leaf_is_the_leaf():
    tree = MerkleTree([leaf(AWARD)])

    assert tree.root == leaf(AWARD)
    assert tree.proof(leaf(AWARD)) == ()


def test_the_order_of_leaves_does_not_matter():
    leaves = [keccak(bytes([n])) for n in range(7)]

    assert MerkleTree(leaves).root == MerkleTree(leaves[::-1]).root


@settings(max_examples=40, derandomize=True)
@given(st.sets(st.binary(min_size=32, max_size=32), min_size=1, max_size=40), st.data())
def test_every_leaf_is_proved_and_no_other(leaves, data):
    tree = MerkleTree(leaves)
    chosen = data.draw(st.sampled_from(sorted(leaves)))
    stranger = keccak(chosen)

    assert verify(tree.root, chosen, tree.proof(chosen))
    assert not verify(tree.root, stranger, tree.proof(chosen))


def test_equal_leaves_are_both_in_the_tree():
    twice = MerkleTree([leaf(AWARD), leaf(AWARD)])

    assert twice.root == keccak(leaf(AWARD) + leaf(AWARD))
    assert verify(twice.root, leaf(AWARD), twice.proof(leaf(AWARD)))


def test_a_tree_needs_leaves():
    with pytest.raises(ValueError, match="a tree needs leaves"):
        MerkleTree([])
