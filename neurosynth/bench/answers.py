"""Answers of other tools: programs as text, which are parsed and verified here, never trusted."""

from __future__ import annotations

from neurosynth.bench.jobs import WrongAnswer
from neurosynth.errors import InputError, ParseError
from neurosynth.guides.derivations import derivation_logprob
from neurosynth.guides.uniform import uniform
from neurosynth.language.language import Language
from neurosynth.language.load import load_language
from neurosynth.language.primitive import Primitive
from neurosynth.language.program import Apply, Input, Program
from neurosynth.language.syntax import parse_program
from neurosynth.search.base import Stats, StopReason
from neurosynth.synthesize import Result, Solution
from neurosynth.tasks.checking import share_right
from neurosynth.tasks.grammar import task_grammar
from neurosynth.tasks.sygus_grammar import Sorts, Terms
from neurosynth.tasks.sygus_syntax import Form, Sexp, SygusText, symbol_name
from neurosynth.tasks.task import Task

__all__ = ["checked", "no_program", "read_answer"]


def read_answer(text: str, task: Task, language: Language) -> Program:
    """The program of an answer: a ``(define-fun f ((x String)) String …)``, alone or in a list, or else a program in this project's
    syntax.

    Raises:
        InputError: for anything else, with the text found.
    """
    if "define-fun" not in text:
        return parse_program(text, language, request=task.type, inputs=task.inputs, constants=task.constants)
    source = SygusText(text, "answer")
    definition = next((f for f in _forms(source) if f.items and symbol_name(f.items[0]) == "define-fun"), None)
    match definition.items if definition is not None else []:
        case [_, _, Form(items=parameters), _, body]:
            return _term(source, parameters, body, task, language)
    raise InputError(
        f"the answer has no define-fun of the form (define-fun name ((parameter sort) …) sort term): {_short(text)}"
    )


def _forms(source: SygusText) -> list[Form]:
    """The parenthesised lists of the text and those directly in them."""
    outer = [f for f in source.read() if isinstance(f, Form)]
    return [*outer, *(i for f in outer for i in f.items if isinstance(i, Form))]


def _term(source: SygusText, parameters: list[Sexp], body: Sexp, task: Task, language: Language) -> Program:
    sorts, scope = Sorts(source), {}
    for i, parameter in enumerate(parameters):
        match parameter:
            case Form(items=[name, sort]) if symbol_name(name) is not None:
                shown = task.input_names[i] if i < len(task.input_names) else ""
                scope[symbol_name(name) or ""] = Input(i, sorts.read(sort), shown)
    given = tuple(i.type for i in scope.values())
    if given != task.parameters:
        wanted = ", ".join(map(str, task.parameters)) or "none"
        raise InputError(f"the answer's parameters are {', '.join(map(str, given)) or 'none'}; the task's are {wanted}")
    terms = Terms(source, language, dict(_macros(task)))
    return terms.program(body, scope)


def _macros(task: Task) -> dict[str, Primitive]:
    """The task's own ``define-fun``s by name, and those that they call."""
    found: dict[str, Primitive] = {}
    stack = [p.head for p in task.grammar.productions] if task.grammar is not None else []
    while stack:
        head = stack.pop()
        if isinstance(head, Primitive) and head.macro is not None and head.name not in found:
            found[head.name] = head
            stack += [p.primitive for p in head.macro.subprograms() if isinstance(p, Apply)]
    return found


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 120 else words[:117] + "..."


def checked(text: str, task: Task, language: str, solver: str, stats: Stats) -> Result:
    """The result of an answer that is right on every example.

    Raises:
        WrongAnswer: if it is not, with the number of examples and the program.
        InputError: if it cannot be read.
    """
    spoken = load_language(language)
    try:
        program = read_answer(text, task, spoken)
    except InputError as error:
        detail = error.detail if isinstance(error, ParseError) else error
        raise InputError(f"the answer of {solver} cannot be read: {_short(text)}: {detail}") from error
    if program.type != task.output_type:
        raise WrongAnswer(f"{solver} answered {program} of type {program.type}; the task needs {task.output_type}")
    share = share_right(program, task.examples)
    if share < 1.0:
        right = round(share * len(task.examples))
        raise WrongAnswer(
            f"{solver} answered {_short(str(program))}, which is right on {right} of {len(task.examples)} examples"
        )
    logprob = derivation_logprob(uniform(task_grammar(task, spoken)), program)
    tested = share_right(program, task.test_examples) if task.test_examples else None
    return _result(task, language, StopReason.SOLVED, stats, (Solution(program, logprob, share, tested),))


def no_program(task: Task, language: str, stop: StopReason, stats: Stats) -> Result:
    """The result of a solver that ended without a program."""
    return _result(task, language, stop, stats, ())


def _result(task: Task, language: str, stop: StopReason, stats: Stats, solutions: tuple[Solution, ...]) -> Result:
    spoken = load_language(language)
    return Result(task=task, language=spoken, stop=stop, solutions=solutions, stats=stats, guide="", search="")
