"""The core of the engine: computing, dependence, lists."""
