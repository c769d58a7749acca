// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IIssuerRegistry} from "../../interfaces/IIssuerRegistry.sol";
import {Names} from "../libraries/Names.sol";
import {Roles} from "../libraries/Roles.sol";
import {Rules} from "./Rules.sol";

/// @title Merchants
/// @notice Who takes points for goods, and with which tills.
///
/// @dev A merchant is the first till of itself, so that no address ever belongs to two.
abstract contract Merchants is Rules {
    /* STORAGE */

    /// @inheritdoc IIssuerRegistry
    mapping(address => string) public merchantName;
    /// @inheritdoc IIssuerRegistry
    mapping(address => Till) public tills;

    /* OPERATOR FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function registerMerchant(address merchant, string calldata name) external onlyRole(Roles.OPERATOR) {
        if (merchant == address(0)) revert ZeroAddress();
        if (!Names.isName(name)) revert InvalidName(name);
        address taken = tills[merchant].merchant;
        if (taken != address(0) && taken != merchant) revert TillTaken(merchant, taken);

        tills[merchant].merchant = merchant;
        merchantName[merchant] = name;

        emit MerchantRegistered(merchant, msg.sender, name);
    }

    /// @inheritdoc IIssuerRegistry
    function removeMerchant(address merchant, bytes32 reason) external onlyRole(Roles.OPERATOR) {
        if (!isMerchant(merchant)) revert NotMerchant(merchant);

        delete merchantName[merchant];

        emit MerchantRemoved(merchant, msg.sender, reason);
    }

    /* MERCHANT FUNCTIONS */

    /// @inheritdoc IIssuerRegistry
    function registerTill(address till) external {
        if (!isMerchant(msg.sender)) revert NotMerchant(msg.sender);
        if (till == address(0)) revert ZeroAddress();
        address taken = tills[till].merchant;
        if (taken != address(0)) revert TillTaken(till, taken);

        tills[till].merchant = msg.sender;

        emit TillRegistered(till, msg.sender);
    }

    /// @inheritdoc IIssuerRegistry
    function revokeTill(address till) external {
        address merchant = tills[till].merchant;
        if (msg.sender != merchant) _checkRole(Roles.OPERATOR);
        if (merchant == address(0)) revert TillUnknown(till);
        if (merchant == till) revert TillIsMerchant(till);

        tills[till].isRevoked = true;

        emit TillRevoked(till, merchant, msg.sender);
    }

    /* VIEWS */

    /// @inheritdoc IIssuerRegistry
    function merchantOf(address till) external view returns (address) {
        Till memory found = tills[till];

        return !found.isRevoked && isMerchant(found.merchant) ? found.merchant : address(0);
    }

    /// @inheritdoc IIssuerRegistry
    function isMerchant(address merchant) public view returns (bool) {
        return bytes(merchantName[merchant]).length != 0;
    }
}
