"""Settings of all tests."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Machines differ in speed and the first draw loads tables: time is no reason to fail a law.
settings.register_profile("neurosynth", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("neurosynth")
