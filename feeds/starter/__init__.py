"""The files a new project begins with: settings, sample records, and configurations for servers.

blanks      the values to fill in, each checked for every place it goes to
files       the templates, filled in

This package must never write a file or ask the system about anything.
"""
