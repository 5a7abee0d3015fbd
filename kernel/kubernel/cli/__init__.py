"""The command line: thin over the same public API that every client has.

A command reads its arguments, makes a few requests, and prints. The rooms: ``commands/`` holds one file a command,
``access/`` reaches an API server and knows its resources, ``show/`` turns answers into text. Starting quickly is a
feature, so a command's module is imported when the command runs, and ``access`` speaks HTTP with the standard library
alone: the SDK's client with its typed models takes three times as long to import as ``kubernel get`` takes to answer.
"""
