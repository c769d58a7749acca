"""What the library's errors are to a cash register."""

from zegel.errors import Declined, FileError
from zegel.till.wordings import for_member
from zegel.web.problems import Problem, ProblemBody


class TillProblemBody(ProblemBody):
    """A problem (RFC 9457). `member` is what to tell the member whose payment is declined."""

    member: str | None = None


def problem_of(error: Exception) -> Problem | None:
    """What an error is here and nowhere else."""
    if isinstance(error, Declined):
        return Problem(409, error.name, str(error), member=for_member(error.name))
    if isinstance(error, FileError):
        return Problem(507, "till-cannot-write", str(error))
    return None
