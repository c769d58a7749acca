// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IPointExchange} from "../../interfaces/IPointExchange.sol";
import {IPointToken} from "../../interfaces/IPointToken.sol";
import {ProgramWords} from "../libraries/ProgramWords.sol";

/// @title Programs
/// @notice Which programs take part in the exchange, and who may act for them.
///
/// @dev Only tokens that the registry created are listed, so a listed token's code is known. Who may do what for a
/// program is asked of its token: an issuer keeps its roles in one place.
abstract contract Programs is IPointExchange, ReentrancyGuardTransient {
    /* TYPES */

    /// @dev A program, see {ProgramWords}; in a struct so that its place is computed once for reading and writing.
    struct Slot {
        uint256 word;
    }

    /* IMMUTABLES */

    /// @inheritdoc IPointExchange
    address public immutable settlementToken;
    /// @inheritdoc IPointExchange
    address public immutable registry;

    /// @dev One settlement token, in base units.
    uint256 internal immutable _unit;

    /* STORAGE */

    /// @dev token => program
    mapping(address => Slot) internal _programs;

    /* CONSTRUCTOR */

    constructor(address settlementToken_, address registry_) {
        if (registry_ == address(0)) revert ZeroAddress();

        uint8 decimals = IERC20Metadata(settlementToken_).decimals();
        if (decimals < 2 || decimals > 18) revert UnsupportedDecimals(decimals);

        settlementToken = settlementToken_;
        registry = registry_;
        _unit = 10 ** decimals;

        _programs[settlementToken_].word = ProgramWords.PAR;
    }

    /* MODIFIERS */

    modifier onlyRegistry() {
        if (msg.sender != registry) revert NotRegistry(msg.sender);
        _;
    }

    modifier onlyProgramRole(address program, bytes32 role) {
        _checkListed(program);
        if (!_hasRole(program, role)) revert MissingRole(msg.sender, program, role);
        _;
    }

    /* REGISTRY FUNCTIONS */

    /// @inheritdoc IPointExchange
    function list(address program) external onlyRegistry {
        if (_programs[program].word != 0) revert ProgramAlreadyListed(program);

        uint8 decimals = IPointToken(program).decimals();

        _programs[program].word = uint256(decimals + 1) << 248;

        emit ProgramListed(program, decimals);
    }

    /// @inheritdoc IPointExchange
    function setSuspension(address program, bool suspended) external onlyRegistry {
        _checkListed(program);

        _setFlag(program, ProgramWords.SUSPENDED, suspended);

        emit SuspensionSet(program, suspended);
    }

    /* VIEWS */

    /// @inheritdoc IPointExchange
    function carriesExpiry(address program) external view returns (bool) {
        return _programs[program].word & ProgramWords.CARRIES_EXPIRY != 0;
    }

    /* INTERNAL */

    function _checkListed(address program) internal view {
        uint256 word = _programs[program].word;
        if (word == 0 || word & ProgramWords.MONEY != 0) revert ProgramNotListed(program);
    }

    function _setFlag(address program, uint256 flag, bool on) internal {
        uint256 word = _programs[program].word;
        _programs[program].word = on ? word | flag : word & ~flag;
    }

    /// @dev Whether the caller has a role in the program's token. The token's code is known once it is listed.
    function _hasRole(address program, bytes32 role) internal view returns (bool) {
        return IAccessControl(program).hasRole(role, msg.sender);
    }

    function _today() internal view returns (uint32) {
        return uint32(block.timestamp / 1 days);
    }
}
