// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20TransferAuthorization} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20TransferAuthorization.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// @title AuthorizationToken
/// @notice OpenZeppelin's token with transfers that members sign (ERC-3009), their nonces counted in order by key.
contract AuthorizationToken is ERC20TransferAuthorization {
    constructor(address holder, uint256 supply) ERC20("Points", "PTS") EIP712("Points", "1") {
        _mint(holder, supply);
    }

    function decimals() public pure override returns (uint8) {
        return 2;
    }
}

/// @title AuthorizationLoop
/// @notice A merchant's contract that collects what members have signed, one after the other.
contract AuthorizationLoop {
    struct Authorization {
        address from;
        uint256 value;
        uint256 validBefore;
        bytes32 nonce;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    function collect(AuthorizationToken token, Authorization[] calldata authorizations) external {
        for (uint256 i; i < authorizations.length; ++i) {
            Authorization calldata each = authorizations[i];
            token.receiveWithAuthorization(
                each.from, address(this), each.value, 0, each.validBefore, each.nonce, each.v, each.r, each.s
            );
        }
    }
}
