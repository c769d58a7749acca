// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    AccessControlDefaultAdminRules
} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IPointToken} from "../interfaces/IPointToken.sol";
import {Roles} from "./libraries/Roles.sol";
import {Authorizing} from "./token/Authorizing.sol";
import {Converting} from "./token/Converting.sol";
import {Holding} from "./token/Holding.sol";
import {PointLedger} from "./token/PointLedger.sol";
import {Redeeming} from "./token/Redeeming.sol";
import {Safety} from "./token/Safety.sol";
import {Sending} from "./token/Sending.sol";

/// @title PointToken
/// @notice The points of one loyalty program. See {IPointToken} for what it does, and `token/` for how.
///
/// @custom:kill Guardians stop awarding, redeeming and converting with {pause}. Nothing stops members sending points.
contract PointToken is Redeeming, Converting, Safety, Sending, Holding {
    /* STORAGE */

    /// @inheritdoc IPointToken
    string public contractURI;

    /* CONSTRUCTOR */

    /// @param settings What the program is created with.
    /// @param exchange_ The exchange that may convert its points.
    /// @param desk_ The desk that may hold its points for offline payments.
    /// @param passkeys_ The verifier of passkeys' signatures.
    constructor(Settings memory settings, address exchange_, address desk_, address passkeys_)
        PointLedger(settings)
        Authorizing(exchange_, desk_, passkeys_)
        EIP712(settings.name, "1")
        AccessControlDefaultAdminRules(settings.adminDelay, settings.admin)
    {
        contractURI = settings.contractURI;
    }

    /* ISSUER FUNCTIONS */

    /// @inheritdoc IPointToken
    function setContractURI(string calldata newURI) external onlyRole(Roles.DEFAULT_ADMIN) {
        contractURI = newURI;

        emit ContractURIUpdated();
    }
}
