// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Calendar} from "../libraries/Calendar.sol";
import {Generations} from "../libraries/Generations.sol";
import {Lei} from "../libraries/Lei.sol";
import {Names} from "../libraries/Names.sol";
import {Pricing} from "../libraries/Pricing.sol";

/// @title LibraryHarness
/// @notice Opens the libraries to tests, many cases in one call.
contract LibraryHarness {
    function monthsOf(uint256[] calldata timestamps) external pure returns (uint256[] memory months) {
        months = new uint256[](timestamps.length);
        for (uint256 i; i < timestamps.length; ++i) {
            months[i] = Calendar.monthOf(timestamps[i]);
        }
    }

    function startsOf(uint256[] calldata months) external pure returns (uint256[] memory timestamps) {
        timestamps = new uint256[](months.length);
        for (uint256 i; i < months.length; ++i) {
            timestamps[i] = Calendar.startOf(months[i]);
        }
    }

    function totals(uint256[] calldata words) external pure returns (uint256[] memory sums) {
        sums = new uint256[](words.length);
        for (uint256 i; i < words.length; ++i) {
            sums[i] = Generations.total(words[i]);
        }
    }

    function agedAll(uint256[] calldata words, uint256[] calldata epochs, uint256[] calldata lifetimes)
        external
        pure
        returns (uint256[] memory aged, uint256[] memory expired)
    {
        aged = new uint256[](words.length);
        expired = new uint256[](words.length);
        for (uint256 i; i < words.length; ++i) {
            (aged[i], expired[i]) = Generations.age(words[i], epochs[i], lifetimes[i]);
        }
    }

    function oldestOf(uint256[] calldata words, uint256[] calldata amounts)
        external
        pure
        returns (uint256[] memory lots, uint256[] memory missing)
    {
        lots = new uint256[](words.length);
        missing = new uint256[](words.length);
        for (uint256 i; i < words.length; ++i) {
            (lots[i], missing[i]) = Generations.oldest(words[i], amounts[i]);
        }
    }

    function overflowingLanes(uint256[] calldata words, uint256[] calldata lots)
        external
        pure
        returns (uint256[] memory lanes)
    {
        lanes = new uint256[](words.length);
        for (uint256 i; i < words.length; ++i) {
            lanes[i] = Generations.overflowing(words[i], lots[i]);
        }
    }

    function valuesDown(uint256[4][] calldata cases) external pure returns (uint256[] memory values) {
        values = new uint256[](cases.length);
        for (uint256 i; i < cases.length; ++i) {
            uint256[4] calldata c = cases[i];
            values[i] = Pricing.valueDown(c[0], c[1], c[2], c[3]);
        }
    }

    function valuesUp(uint256[4][] calldata cases) external pure returns (uint256[] memory values) {
        values = new uint256[](cases.length);
        for (uint256 i; i < cases.length; ++i) {
            uint256[4] calldata c = cases[i];
            values[i] = Pricing.valueUp(c[0], c[1], c[2], c[3]);
        }
    }

    function pointsDown(uint256[4][] calldata cases) external pure returns (uint256[] memory points) {
        points = new uint256[](cases.length);
        for (uint256 i; i < cases.length; ++i) {
            uint256[4] calldata c = cases[i];
            points[i] = Pricing.pointsDown(c[0], c[1], c[2], c[3]);
        }
    }

    function pointsUp(uint256[4][] calldata cases) external pure returns (uint256[] memory points) {
        points = new uint256[](cases.length);
        for (uint256 i; i < cases.length; ++i) {
            uint256[4] calldata c = cases[i];
            points[i] = Pricing.pointsUp(c[0], c[1], c[2], c[3]);
        }
    }

    function areLeis(string[] calldata texts) external pure returns (bool[] memory answers) {
        answers = new bool[](texts.length);
        for (uint256 i; i < texts.length; ++i) {
            answers[i] = Lei.isValid(texts[i]);
        }
    }

    function areSymbols(string[] calldata texts) external pure returns (bool[] memory answers) {
        answers = new bool[](texts.length);
        for (uint256 i; i < texts.length; ++i) {
            answers[i] = Names.isSymbol(texts[i]);
        }
    }

    function areNames(string[] calldata texts) external pure returns (bool[] memory answers) {
        answers = new bool[](texts.length);
        for (uint256 i; i < texts.length; ++i) {
            answers[i] = Names.isName(texts[i]);
        }
    }

    function areDomains(string[] calldata texts) external pure returns (bool[] memory answers) {
        answers = new bool[](texts.length);
        for (uint256 i; i < texts.length; ++i) {
            answers[i] = Names.isDomain(texts[i]);
        }
    }
}
