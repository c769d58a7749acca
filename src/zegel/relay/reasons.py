"""Why a relay does not take a message, by name. Contracts' reasons bear their errors' names."""

# The message itself.
MALFORMED = "Malformed"
UNKNOWN_MESSAGE = "UnknownMessage"
WRONG_NETWORK = "WrongNetwork"
UNKNOWN_CONTRACT = "UnknownContract"
NOT_FOR_ANYONE = "NotForAnyone"
ENDED = "Ended"
INVALID_SIGNATURE = "InvalidSignature"

# What it costs.
TOO_MUCH_GAS = "TooMuchGas"
QUOTA_USED_UP = "QuotaUsedUp"
NO_POINTS = "NoPoints"

# What is on its way already.
QUEUE_FULL = "QueueFull"
TOO_MANY_UNDERWAY = "TooManyUnderway"

# A purse that is to come back.
NOT_RELEASED = "NotReleased"
