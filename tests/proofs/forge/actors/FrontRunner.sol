// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PointToken} from "../../../../contracts/PointToken.sol";
import {IPointExchange} from "../../../../interfaces/IPointExchange.sol";
import {cheats} from "../support/Cheats.sol";
import {World} from "../support/World.sol";
import {Actor} from "./Actor.sol";

/// @title FrontRunner
/// @notice Sees what others are about to do and comes first: uses their signatures, moves prices under their orders.
contract FrontRunner is Actor {
    bytes32 private constant PERMIT =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    bytes32 private constant TRANSFER = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant CONVERT = keccak256(
        "ConvertWithAuthorization(address exchange,address member,address from,address to,uint256 amount,uint256 minOut,address recipient,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    uint256 private _nonce;

    constructor(World world) Actor(world) {}

    /// @dev Property: P3, P6. A payment by signature happens once, whoever sends it in, and another signature does not carry it.
    function useTransfer(uint256 program, uint256 from, uint256 to, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        (address sender, address receiver) = (_world.memberAt(from), _world.memberAt(to));
        amount = _some(amount, token.balanceOf(sender));
        bytes32 nonce = _nextNonce(token, sender, amount % 2 == 0);
        bytes32 message =
            keccak256(abi.encode(TRANSFER, sender, receiver, amount, 0, block.timestamp + 1, nonce));
        uint256 both = token.balanceOf(sender) + token.balanceOf(receiver);

        bytes memory foreign = _transferCall(sender, receiver, amount, nonce, _sign(token, address(0), message));
        _never(!_isRefused(address(this), address(token), foreign), "a foreign signature counted");
        bytes memory call = _transferCall(sender, receiver, amount, nonce, _sign(token, sender, message));
        (bool done,) = _try(address(this), address(token), call);
        cheats.assume(done);
        _never(!_isRefused(sender, address(token), call), "an authorisation was used twice");
        _never(token.balanceOf(sender) + token.balanceOf(receiver) < both, "a transfer lost points");
        _never(!token.authorizationState(sender, nonce), "a used nonce does not say so");
    }

    /// @dev Property: P6. A permit that someone else sent in does what it says, once.
    function usePermit(uint256 program, uint256 member, uint256 amount) external seen {
        PointToken token = _world.tokenAt(program);
        address owner = _world.memberAt(member);
        uint256 nonce = token.nonces(owner);
        bytes32 message = keccak256(abi.encode(PERMIT, owner, _world.merchant(), amount, nonce, block.timestamp));
        bytes memory call = abi.encodeWithSignature(
            "permit(address,address,uint256,uint256,bytes)",
            owner,
            _world.merchant(),
            amount,
            block.timestamp,
            _sign(token, owner, message)
        );
        (bool done,) = _try(address(this), address(token), call);
        cheats.assume(done);

        _never(token.allowance(owner, _world.merchant()) != amount, "a permit allowed something else");
        _never(token.nonces(owner) != nonce + 1, "a permit did not take the next nonce");
        _never(!_isRefused(owner, address(token), call), "a permit was used twice");
    }

    /// @dev Property: P23. The price goes up between the quote and the conversion: it gives what was promised, or nothing happens.
    function raisePrice(uint256 from, uint256 to, uint256 member, uint256 amount) external seen {
        (PointToken source, PointToken target) = (_world.tokenAt(from), _world.partnerAt(from, to));
        address holder = _world.memberAt(member);
        amount = _some(amount, source.balanceOf(holder));
        (uint256 promised,) = _exchange.quote(address(source), address(target), amount, holder, holder);
        cheats.assume(promised != 0);

        IPointExchange.Program memory prices = _exchange.programOf(address(target));
        cheats.prank(_world.pricer());
        _exchange.setPrices(address(target), prices.bid, prices.ask + prices.ask / 100 + 1);
        uint256 before = source.balanceOf(holder);
        bytes memory call = abi.encodeCall(
            _exchange.convert, (address(source), address(target), amount, promised, holder, block.timestamp)
        );
        (bool done, bytes memory answer) = _try(holder, address(_exchange), call);
        if (done) _never(abi.decode(answer, (uint256)) < promised, "a conversion gave less than it was to give");
        else _never(source.balanceOf(holder) != before, "a refused conversion took points");
    }

    /// @dev Property: P6, P23. A signed conversion happens once, for the one who signed, and gives at least what the order says.
    function useOrder(uint256 from, uint256 to, uint256 member, uint256 amount) external seen {
        (PointToken source, PointToken target) = (_world.tokenAt(from), _world.partnerAt(from, to));
        IPointExchange.ConversionOrder memory order;
        order.member = _world.memberAt(member);
        (order.from, order.to, order.recipient) = (address(source), address(target), order.member);
        order.amount = _some(amount, source.balanceOf(order.member));
        (order.minOut,) = _exchange.quote(order.from, order.to, order.amount, order.member, order.member);
        order.validBefore = block.timestamp + 1;
        order.nonce = _nextNonce(source, order.member, amount % 2 == 0);

        bytes memory signature =
            _sign(source, order.member, keccak256(abi.encode(CONVERT, address(_exchange), order)));
        uint256 out = _exchange.convertWithAuthorization(order, signature);
        _never(out < order.minOut, "an order gave less than it says");
        bytes memory again = abi.encodeCall(_exchange.convertWithAuthorization, (order, signature));
        _never(!_isRefused(order.member, address(_exchange), again), "an order was used twice");
    }

    function _transferCall(address sender, address receiver, uint256 amount, bytes32 nonce, bytes memory signature)
        private
        view
        returns (bytes memory)
    {
        return abi.encodeWithSignature(
            "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,bytes)",
            sender,
            receiver,
            amount,
            0,
            block.timestamp + 1,
            nonce,
            signature
        );
    }

    /// @dev A nonce of the signer's choice, or the next one in order.
    function _nextNonce(PointToken token, address signer, bool inOrder) private returns (bytes32) {
        if (inOrder) return bytes32((type(uint256).max << 40) | token.nonces(signer));

        return keccak256(abi.encode(++_nonce));
    }

    /// @dev A member's signature; that of the zero address is a stranger's.
    function _sign(PointToken token, address signer, bytes32 message) private view returns (bytes memory) {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message));
        if (signer != address(0)) return _world.signed(signer, digest);

        (uint8 v, bytes32 r, bytes32 s) = cheats.sign(uint256(keccak256("stranger")), digest);

        return abi.encodePacked(r, s, v);
    }
}
