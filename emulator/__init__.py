"""An imitation of the EmailArray admin API, for demos, tests and benchmarks.

A program of its own: it shares no line with the service and needs nothing but the
standard library. ``python -m emulator --help`` runs it by itself.
"""

from emulator.clock import Clock
from emulator.emulator import Emulator

__all__ = ["Clock", "Emulator"]
