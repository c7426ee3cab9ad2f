"""Types and their domains: one object contains everything that depends on a type of values.

:mod:`~neurosynth.values.types` has the types and their printed form, :mod:`~neurosynth.values.domain` the interface of a domain,
:mod:`~neurosynth.values.registry` the way from a type to its domain; the other modules are the domains. Only this package, and the
language that declares a type, name concrete types.
"""
