"""Tasks: examples of what a program should do, and the files they come from and go to."""

from neurosynth.tasks.json_files import write_jsonl
from neurosynth.tasks.json_io import task_from_json, task_to_json
from neurosynth.tasks.load import load_task, load_tasks
from neurosynth.tasks.sygus_reader import read_sygus
from neurosynth.tasks.sygus_writer import define_fun, to_sygus
from neurosynth.tasks.task import Example, Task, example

__all__ = [
    "Example",
    "Task",
    "define_fun",
    "example",
    "load_task",
    "load_tasks",
    "read_sygus",
    "task_from_json",
    "task_to_json",
    "to_sygus",
    "write_jsonl",
]
