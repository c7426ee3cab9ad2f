"""Types and their domains: all that is asked of a type of values is asked of one object.

:mod:`~neurosynth.values.types` has the types and their printed form, :mod:`~neurosynth.values.domain` what a domain
answers, :mod:`~neurosynth.values.registry` the way from a type to its domain; the other modules are the domains.  No
module outside this package and the language that brings a type needs to name a concrete one.
"""
