"""Use more machines than one: Dask distributed, behind the same two calls as the engine that is built in."""


class ClusterError(ValueError):
    """The cluster cannot be used; the message says which, why, and what to do."""
