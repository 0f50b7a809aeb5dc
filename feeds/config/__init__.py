"""Turn YAML files, the environment and flags into one frozen `Settings`, every fault with its place and its cure.

This package must never decide what is published: it says what was asked for, and where that was asked.
"""
