"""The few ways in which a run can fail, each named for the user's situation.

Every message says which file, which row, what is wrong and what to do. The command line turns them into one line on
stderr and the exit code of the contract: 1 for work that failed, 2 for input that cannot be read and wrong usage.
"""


class LeadlightError(Exception):
    """Any failure that a user can act on; `exit_code` is what the command ends with."""

    exit_code = 1


class UnreadableInput(LeadlightError):
    """A named file or folder cannot be read at all, or holds nothing that could be read."""

    exit_code = 2


class WrongUsage(LeadlightError):
    """The command was called with options or files that cannot go together."""

    exit_code = 2


class UnusableModel(LeadlightError):
    """A model folder that is missing, damaged, tampered with, or of another major version."""

    exit_code = 2


class InvalidFramework(LeadlightError):
    """A framework file that breaks the format; the message lists every fault with its place."""

    exit_code = 2


class InvalidCorpus(LeadlightError):
    """A labelled corpus whose lines, offsets or labels are wrong; the message says where."""

    exit_code = 2
