"""The thread that runs labs: run, mailbox, claims."""

from tutor.engine.run import LabRun
from tutor.engine.snapshot import ArmStatus, ClaimResult, Metrics, Outcome, Phase, Snapshot

__all__ = ["ArmStatus", "ClaimResult", "LabRun", "Metrics", "Outcome", "Phase", "Snapshot"]
