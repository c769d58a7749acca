"""What a member sees and does: points of all programs in one place, quotes, payments."""
