// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IOfflineDesk} from "../../interfaces/IOfflineDesk.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {Generations} from "../libraries/Generations.sol";
import {Roles} from "../libraries/Roles.sol";
import {Guarantees} from "./Guarantees.sol";

/// @title Purses
/// @notice Points that members set aside for payments without a network.
///
/// @dev Each purse is a word like a member's account, and the desk's account in the token is their sum, generation by
/// generation: both age by the same calendar.
abstract contract Purses is Guarantees {
    using Generations for uint256;

    /* CONSTANTS */

    bytes32 private constant HOLD = keccak256(
        "HoldWithAuthorization(address desk,address member,address merchant,uint256 amount,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant RELEASE = keccak256(
        "ReleaseWithAuthorization(address desk,address member,address merchant,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    /// @dev The flag of a shared purse that counts against the guarantee.
    uint256 internal constant GUARANTEED = 1 << Generations.FLAGS_SHIFT;
    uint256 private constant RELEASE_SHIFT = 216;

    /* TYPES */

    /// @dev A purse, in a struct so that its place is computed once for reading and writing.
    struct Purse {
        uint256 word;
    }

    /* STORAGE */

    /// @dev token => member => merchant, or zero for the shared purse => purse
    mapping(address => mapping(address => mapping(address => Purse))) internal _purses;

    /* MEMBER FUNCTIONS */

    /// @inheritdoc IOfflineDesk
    function hold(address token, address merchant, uint256 amount) external {
        _checkProgram(token);
        _hold(token, msg.sender, merchant, amount);
    }

    /// @inheritdoc IOfflineDesk
    function holdWithAuthorization(address token, HoldOrder calldata order, bytes calldata signature) external {
        _checkProgram(token);

        bytes32 message = keccak256(abi.encode(HOLD, address(this), order));
        IPointToken(token)
            .useAuthorization(order.member, message, order.validAfter, order.validBefore, order.nonce, signature);
        _hold(token, order.member, order.merchant, order.amount);
    }

    /// @inheritdoc IOfflineDesk
    function release(address token, address merchant) external {
        _release(token, msg.sender, merchant);
    }

    /// @inheritdoc IOfflineDesk
    function releaseWithAuthorization(address token, ReleaseOrder calldata order, bytes calldata signature) external {
        _checkProgram(token);

        bytes32 message = keccak256(abi.encode(RELEASE, address(this), order));
        IPointToken(token)
            .useAuthorization(order.member, message, order.validAfter, order.validBefore, order.nonce, signature);
        _release(token, order.member, order.merchant);
    }

    /* ANYONE'S FUNCTIONS */

    /// @inheritdoc IOfflineDesk
    function returnPurse(address token, address member, address merchant) external {
        _return(token, member, merchant, member);
    }

    /* RECOVERER FUNCTIONS */

    /// @inheritdoc IOfflineDesk
    function recoverPurse(address token, address member, address merchant, address newMember) external {
        _checkProgram(token);
        if (!IAccessControl(token).hasRole(Roles.RECOVERER, msg.sender)) revert NotRecoverer(msg.sender, token);
        if (!IPointToken(token).isFrozen(member)) revert IPointToken.MemberNotFrozen(member);
        if (newMember == address(0)) revert ZeroAddress();

        if (_purses[token][member][merchant].word >> RELEASE_SHIFT == 0) _release(token, member, merchant);
        else _return(token, member, merchant, newMember);
    }

    /* VIEWS */

    /// @inheritdoc IOfflineDesk
    function spendable(address token, address member, address merchant, uint256 until)
        external
        view
        returns (uint256 amount)
    {
        uint256 word = _purses[token][member][merchant].word;
        if (word >> RELEASE_SHIFT != 0) return 0;

        uint256 lifetime = IPointToken(token).lifetime();
        (word,) = word.age(IPointToken(token).currentEpoch(), lifetime);
        for (uint256 age; age < lifetime; ++age) {
            uint256 lot = (word >> (Generations.LANE_BITS * age)) & Generations.LANE_MAX;
            if (lot != 0 && IPointToken(token).expiryOf(age) > until) amount += lot;
        }
    }

    /// @inheritdoc IOfflineDesk
    function purseWord(address token, address member, address merchant) external view returns (uint256) {
        return _purses[token][member][merchant].word;
    }

    /* INTERNAL */

    /// @dev A purse's word at an epoch. Announces expired points; the caller writes the word.
    function _agedAt(
        address token,
        address member,
        address merchant,
        uint256 word,
        uint256 epoch,
        uint256 lifetime
    ) internal returns (uint256 aged) {
        uint256 expired;
        (aged, expired) = word.age(epoch, lifetime);
        if (expired != 0) emit PurseExpired(token, member, merchant, expired);
    }

    /* PRIVATE */

    /// @dev The caller checks the token, and that the member calls or signed.
    function _hold(address token, address member, address merchant, uint256 amount) private {
        if (amount == 0) revert ZeroAmount();

        Purse storage purse = _purses[token][member][merchant];
        uint256 word = _aged(token, member, merchant, purse.word);
        if (word >> RELEASE_SHIFT != 0) revert PurseClosing(token, member, merchant, word >> RELEASE_SHIFT);
        if (merchant == address(0)) {
            _checkNoDebt(token, member);
            _beginRound(token, member);
            if (word & GUARANTEED == 0) _reserve(token);
            word |= GUARANTEED;
        }

        // A program's token is known, and calls nobody.
        uint256 lots = IPointToken(token).hold(member, amount);
        purse.word = word + lots;

        emit Held(token, member, merchant, lots);
    }

    function _release(address token, address member, address merchant) private {
        Purse storage purse = _purses[token][member][merchant];
        uint256 word = purse.word;
        if (word == 0) revert PurseEmpty(token, member, merchant);
        if (word >> RELEASE_SHIFT != 0) revert PurseClosing(token, member, merchant, word >> RELEASE_SHIFT);

        uint256 releasableAt = block.timestamp + 2 * offlineWindow;
        purse.word = word | (releasableAt << RELEASE_SHIFT);

        emit ReleaseRequested(token, member, merchant, releasableAt);
    }

    /// @param receiver The member, or the member's new account.
    function _return(address token, address member, address merchant, address receiver) private {
        Purse storage purse = _purses[token][member][merchant];
        uint256 releasableAt = purse.word >> RELEASE_SHIFT;
        if (releasableAt == 0 || block.timestamp < releasableAt) {
            revert NotReleasable(token, member, merchant, releasableAt);
        }
        if (merchant == address(0)) _checkNoDebt(token, member);

        uint256 lots = _aged(token, member, merchant, purse.word) & Generations.LANES_MASK;

        if (merchant == address(0)) _unreserve(token);
        purse.word = 0;

        emit Released(token, member, merchant, receiver, lots);

        IPointToken(token).payHeld(receiver, lots);
    }

    /// @dev A purse's word at the token's current epoch.
    function _aged(address token, address member, address merchant, uint256 word) private returns (uint256) {
        (uint256 epoch, uint256 lifetime) = (IPointToken(token).currentEpoch(), IPointToken(token).lifetime());

        return _agedAt(token, member, merchant, word, epoch, lifetime);
    }
}
