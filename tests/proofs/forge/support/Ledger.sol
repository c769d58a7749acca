// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IOfflineDesk} from "../../../../interfaces/IOfflineDesk.sol";
import {IPointExchange} from "../../../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../../../interfaces/IPointToken.sol";
import {Cheats} from "./Cheats.sol";
import {Wallet} from "./Wallet.sol";

/// @title Ledger
/// @notice A second set of books, kept from events alone: points by member and generation, and the issuers' money.
/// Where it differs from the contracts, an event is missing, too many, or wrong.
///
/// @dev It shares no code with the contracts. Points leave the oldest generation first, also those that are announced
/// as expired, and points that are sent keep their generations.
contract Ledger {
    /* TYPES */

    /// @dev Points of one generation.
    struct Lot {
        uint256 generation;
        uint256 amount;
    }

    /* STORAGE */

    address public immutable exchange;
    address public immutable desk;

    /// @notice What an actor saw that must never be, in its own words.
    string[] public accusations;
    /// @notice Whose events are points; other contracts announce transfers of their own.
    mapping(address => bool) public isToken;
    /// @notice The issuers' money.
    mapping(address token => uint256) public accounts;
    /// @notice The network's fees.
    uint256 public fees;
    mapping(address token => address[]) private _holders;
    /// @dev Purses, each under a name like a member's, since the desk pays from each what is in it.
    mapping(address token => address[]) private _purses;
    mapping(address token => mapping(address holder => bool)) private _isHolder;
    mapping(address token => mapping(address holder => Lot[])) private _lots;

    /* CONSTRUCTOR */

    constructor(address exchange_, address desk_, address[] memory tokens) {
        (exchange, desk) = (exchange_, desk_);
        for (uint256 i; i < tokens.length; ++i) {
            isToken[tokens[i]] = true;
        }
    }

    /* BOOK-KEEPING */

    /// @notice Writes down that something must never be.
    function accuse(string calldata what) external {
        accusations.push(what);
    }

    /// @notice Enters what happened.
    function enter(Cheats.Log[] calldata logs) external {
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == Wallet.Attempted.selector) i = _skipIfFailed(logs, i);
            else if (logs[i].emitter == exchange) _enterMoney(logs[i]);
            else if (logs[i].emitter == desk) _enterPurses(logs[i]);
            else if (isToken[logs[i].emitter]) _enterPoints(logs[i]);
        }
    }

    /* VIEWS */

    function accusationCount() external view returns (uint256) {
        return accusations.length;
    }

    function holders(address token) external view returns (address[] memory) {
        return _holders[token];
    }

    /// @notice The points of a holder that are alive.
    function balanceOf(address token, address holder) public view returns (uint256 balance) {
        (uint256 epoch, uint256 lifetime) = (IPointToken(token).currentEpoch(), IPointToken(token).lifetime());
        Lot[] storage lots = _lots[token][holder];
        for (uint256 i; i < lots.length; ++i) {
            if (lots[i].generation + lifetime > epoch) balance += lots[i].amount;
        }
    }

    /// @notice What the desk holds in purses, alive.
    function heldOf(address token) public view returns (uint256 held) {
        address[] storage all = _purses[token];
        for (uint256 i; i < all.length; ++i) {
            held += balanceOf(token, all[i]);
        }
    }

    function purseOf(address member, address merchant) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encode(member, merchant)))));
    }

    function supplyOf(address token) external view returns (uint256 supply) {
        address[] storage everyone = _holders[token];
        for (uint256 i; i < everyone.length; ++i) {
            supply += balanceOf(token, everyone[i]);
        }
        supply += heldOf(token);
    }

    /// @dev Forge records the events of calls that failed, too.
    function _skipIfFailed(Cheats.Log[] calldata logs, uint256 begin) private pure returns (uint256) {
        uint256 end = begin;
        while (logs[end].topics[0] != Wallet.Ended.selector) ++end;

        return abi.decode(logs[end].data, (bool)) ? begin : end;
    }

    /* PRIVATE: MONEY */

    /// @dev Unchecked: the fee is announced before the conversion, and the settlement token has no account.
    function _enterMoney(Cheats.Log calldata log) private {
        unchecked {
            bytes32 topic = log.topics[0];
            if (topic == IPointExchange.Funded.selector) {
                accounts[_address(log.topics[1])] += abi.decode(log.data, (uint256));
            } else if (topic == IPointExchange.Withdrawn.selector) {
                accounts[_address(log.topics[1])] -= abi.decode(log.data, (uint256));
            } else if (topic == IPointExchange.FeeTaken.selector) {
                uint256 fee = abi.decode(log.data, (uint256));
                fees += fee;
                accounts[_address(log.topics[2])] -= fee;
            } else if (topic == IPointExchange.FeesWithdrawn.selector) {
                fees -= abi.decode(log.data, (uint256));
            } else if (topic == IPointExchange.Converted.selector) {
                (,,, uint256 value,,) = abi.decode(log.data, (address, uint256, uint256, uint256, uint24, uint24));
                accounts[_address(log.topics[2])] -= value;
                accounts[_address(log.topics[3])] += value;
            }
        }
    }

    /* PRIVATE: PURSES */

    /// @dev Points pass through the desk's own lots: into a purse after they came, out of it before they go.
    function _enterPurses(Cheats.Log calldata log) private {
        bytes32 topic = log.topics[0];
        if (topic == IOfflineDesk.SettlementMade.selector || log.topics.length != 4) return;
        address token = _address(log.topics[1]);
        address purse = purseOf(_address(log.topics[2]), _address(log.topics[3]));
        if (topic == IOfflineDesk.Held.selector) {
            _addPurse(token, purse);
            _move(token, desk, purse, _total(abi.decode(log.data, (uint256))));
        } else if (topic == IOfflineDesk.PurseExpired.selector) {
            _move(token, purse, address(0), abi.decode(log.data, (uint256)));
        } else if (topic == IOfflineDesk.Released.selector) {
            (, uint256 lots) = abi.decode(log.data, (address, uint256));
            _move(token, purse, desk, _total(lots));
        } else if (topic == IOfflineDesk.VoucherSettled.selector) {
            (,, uint256 amount, bool shared) = abi.decode(log.data, (address, uint256, uint256, bool));
            if (shared) purse = purseOf(_address(log.topics[2]), address(0));
            uint256 held = balanceOf(token, purse);
            _move(token, purse, desk, amount < held ? amount : held);
        }
    }

    function _addPurse(address token, address purse) private {
        address[] storage all = _purses[token];
        for (uint256 i; i < all.length; ++i) {
            if (all[i] == purse) return;
        }
        all.push(purse);
        _isHolder[token][purse] = true;
    }

    function _total(uint256 lots) private pure returns (uint256) {
        return uint256(uint48(lots)) + uint48(lots >> 48) + uint48(lots >> 96) + uint48(lots >> 144);
    }

    /* PRIVATE: POINTS */

    function _enterPoints(Cheats.Log calldata log) private {
        if (log.topics[0] == IERC20.Transfer.selector) {
            (address from, address to) = (_address(log.topics[1]), _address(log.topics[2]));
            uint256 amount = abi.decode(log.data, (uint256));
            if (from == address(0)) _add(log.emitter, to, Lot(IPointToken(log.emitter).currentEpoch(), amount));
            // What expires in the desk's account expires in the purses too, which say so in their own time.
            else if (from != desk || to != address(0)) _move(log.emitter, from, to, amount);
        } else if (log.topics[0] == IPointToken.Refunded.selector) {
            _regroup(log.emitter, _address(log.topics[2]), log.data);
        }
    }

    /// @dev Takes the oldest points, and adds them to the receiver's if there is one.
    function _move(address token, address from, address to, uint256 amount) private {
        Lot[] storage lots = _lots[token][from];
        while (amount > 0) {
            uint256 oldest = _oldest(lots);
            if (oldest == lots.length || lots[oldest].amount == 0) {
                accusations.push("more points left an account than it ever held");
                return;
            }
            uint256 taken = lots[oldest].amount < amount ? lots[oldest].amount : amount;
            lots[oldest].amount -= taken;
            if (to != address(0)) _add(token, to, Lot(lots[oldest].generation, taken));
            amount -= taken;
        }
    }

    /// @dev A refund came as new points: they belong to the generations that it names.
    function _regroup(address token, address member, bytes calldata data) private {
        (uint256 amount, uint256 words) = abi.decode(data, (uint256, uint256));
        uint256 epoch = IPointToken(token).currentEpoch();
        Lot[] storage lots = _lots[token][member];
        for (uint256 i; i < lots.length; ++i) {
            if (lots[i].generation == epoch) lots[i].amount -= amount;
        }
        uint256 newest = uint16(words >> 192);
        for (uint256 age; age < 4; ++age) {
            uint256 part = uint48(words >> (48 * age));
            if (part != 0 && newest - age + IPointToken(token).lifetime() > epoch) {
                _add(token, member, Lot(newest - age, part));
            }
        }
    }

    function _add(address token, address holder, Lot memory lot) private {
        if (!_isHolder[token][holder]) {
            _isHolder[token][holder] = true;
            _holders[token].push(holder);
        }
        Lot[] storage lots = _lots[token][holder];
        for (uint256 i; i < lots.length; ++i) {
            if (lots[i].generation == lot.generation) {
                lots[i].amount += lot.amount;
                return;
            }
        }
        lots.push(lot);
    }

    function _oldest(Lot[] storage lots) private view returns (uint256 oldest) {
        for (uint256 i; i < lots.length; ++i) {
            if (lots[i].amount == 0) continue;
            if (lots[oldest].amount == 0 || lots[i].generation < lots[oldest].generation) oldest = i;
        }
    }

    function _address(bytes32 topic) private pure returns (address) {
        return address(uint160(uint256(topic)));
    }
}
