// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IOfflineDesk} from "../../interfaces/IOfflineDesk.sol";
import {MemberSignature} from "../libraries/MemberSignature.sol";

/// @title Vouchers
/// @notice What members sign at tills: whose signature a voucher bears, and that its serial counts once.
abstract contract Vouchers is IOfflineDesk, EIP712 {
    /* CONSTANTS */

    bytes private constant VOUCHER_TYPE =
        "Voucher(address token,address member,address merchant,address till,uint256 serial,uint256 amount,bool shared,uint256 validBefore)";
    bytes32 private constant VOUCHER = keccak256(VOUCHER_TYPE);
    bytes32 private constant SETTLEMENT = keccak256(
        bytes.concat(
            "Settlement(address token,address merchant,Voucher[] vouchers,address to,uint256 minOut)", VOUCHER_TYPE
        )
    );

    /// @dev The most gas that a member's contract, or a passkey where the chain cannot check one, may take.
    uint256 private constant SIGNATURE_GAS = 500_000;

    /* IMMUTABLES */

    /// @inheritdoc IOfflineDesk
    address public immutable passkeys;

    /* STORAGE */

    /// @dev merchant => till => serial / 256 => one bit for each serial
    mapping(address => mapping(address => mapping(uint256 => uint256))) private _settled;

    /* CONSTRUCTOR */

    constructor(address passkeys_) EIP712("Zegel Desk", "1") {
        passkeys = passkeys_;
    }

    /* VIEWS */

    /// @inheritdoc IOfflineDesk
    function isSettled(address merchant, address till, uint256 serial) public view returns (bool) {
        return _settled[merchant][till][serial >> 8] & (1 << (serial & 0xff)) != 0;
    }

    /// @notice Whether a member's contract or passkey signed a digest; for this contract's own use.
    function isSigned(address member, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return MemberSignature.isValid(member, digest, signature, passkeys);
    }

    /* INTERNAL */

    /// @dev Why a voucher is refused; otherwise marks it as settled.
    /// @param message The voucher's hash as EIP-712 says, without the domain.
    function _use(address merchant, Voucher calldata voucher, bytes32 message, bytes calldata signature)
        internal
        returns (Refusal)
    {
        if (block.timestamp >= voucher.validBefore) return Refusal.Ended;

        mapping(uint256 => uint256) storage words = _settled[merchant][voucher.till];
        uint256 index = voucher.serial >> 8;
        uint256 used = words[index];
        uint256 bit = 1 << (voucher.serial & 0xff);
        if (used & bit != 0) return Refusal.Settled;
        if (!_bears(voucher.member, _hashTypedDataV4(message), signature)) return Refusal.Unsigned;

        words[index] = used | bit;
        return Refusal.None;
    }

    function _checkSettlement(
        Settlement calldata settlement,
        bytes32[] memory messages,
        address signer,
        bytes calldata signature
    ) internal view {
        bytes32 vouchers = keccak256(abi.encodePacked(messages));
        bytes32 message = keccak256(
            abi.encode(SETTLEMENT, settlement.token, settlement.merchant, vouchers, settlement.to, settlement.minOut)
        );
        MemberSignature.check(signer, _hashTypedDataV4(message), signature, passkeys);
    }

    function _messageOf(Settlement calldata settlement, Voucher calldata voucher) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                VOUCHER,
                settlement.token,
                voucher.member,
                settlement.merchant,
                voucher.till,
                voucher.serial,
                voucher.amount,
                voucher.shared,
                voucher.validBefore
            )
        );
    }

    /* PRIVATE */

    /// @dev A key's signature is checked here. All others run code of the member's choice, which must not be able to use
    /// up the gas of the vouchers behind it.
    function _bears(address member, bytes32 digest, bytes calldata signature) private view returns (bool) {
        (address signer,,) = ECDSA.tryRecoverCalldata(digest, signature);
        if (signer == member && signer != address(0)) return true;
        if (member.code.length == 0 && signature.length == 65) return false;

        uint256 needed = SIGNATURE_GAS * 64 / 63 + 10_000;
        if (gasleft() < needed) revert GasTooLow(gasleft(), needed);
        try this.isSigned{gas: SIGNATURE_GAS}(member, digest, signature) returns (bool isIt) {
            return isIt;
        } catch {
            return false;
        }
    }
}
