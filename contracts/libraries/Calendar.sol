// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Calendar
/// @notice Months of the Gregorian calendar, in UTC.
///
/// @dev A *month number* counts calendar months since January of year 0, so `month / 12` is the year and `month % 12`
/// the month from 0. Valid from 1970 for more than a million years.
///
/// The conversion from days is that of Cassio Neri and Lorenz Schneider, "Euclidean affine functions and their
/// application to calendar algorithms", Software: Practice and Experience 53 (2023), 937-970, figure 12. It counts
/// years from 1 March, so that the leap day is the last day of the year.
library Calendar {
    uint256 private constant DAYS_FROM_MARCH_OF_YEAR_0_TO_1970 = 719_468;
    uint256 private constant DAYS_PER_400_YEARS = 146_097;

    /// @notice The month in which a second lies.
    /// @param timestamp Unix seconds.
    function monthOf(uint256 timestamp) internal pure returns (uint256 month) {
        // Nothing can overflow: a block's timestamp is far below 2^64.
        unchecked {
            uint256 n1 = 4 * (timestamp / 1 days + DAYS_FROM_MARCH_OF_YEAR_0_TO_1970) + 3;
            uint256 century = n1 / DAYS_PER_400_YEARS;

            uint256 n2 = (n1 % DAYS_PER_400_YEARS) | 3;
            uint256 p2 = 2_939_745 * n2;
            uint256 yearOfCentury = p2 >> 32;
            uint256 dayOfYear = (p2 & 0xffffffff) / (2_939_745 * 4);

            // 3 for March to 14 for February of the next calendar year.
            uint256 monthOfYear = (2_141 * dayOfYear + 197_913) >> 16;

            month = 12 * (100 * century + yearOfCentury) + monthOfYear - 1;
        }
    }

    /// @notice The first second of a month.
    /// @param month The month number; not before January 1970.
    function startOf(uint256 month) internal pure returns (uint256 timestamp) {
        uint256 monthFromMarch = month - 2;
        uint256 year = monthFromMarch / 12;
        uint256 daysBeforeYear = 365 * year + year / 4 - year / 100 + year / 400;
        uint256 daysBeforeMonth = (153 * (monthFromMarch % 12) + 2) / 5;

        timestamp = (daysBeforeYear + daysBeforeMonth - DAYS_FROM_MARCH_OF_YEAR_0_TO_1970) * 1 days;
    }
}
