#!/usr/bin/python3
"""tests/scenario/manuals_and_completions_are_true.py: what --help, the manual pages and the completions say of each command's flags is what it takes."""
import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile

from harness import BIN, ROOT, tap

VALUES = {"TIME": "now", "N": "1", "ID": "111122223333", "ADDR:PORT": "127.0.0.1:0", "FILE": "/dev/null", "PATH": "x", "DIR": "x", "PATTERN": "x",
          "URL": "http://127.0.0.1:1", "NAME": "x", "NAMES": "x", "ARN": "x"}


def load(path):
    sys.dont_write_bytecode = True
    loader = importlib.machinery.SourceFileLoader("manuals", path)
    spec = importlib.util.spec_from_loader("manuals", loader)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, **options)
    return done.returncode, done.stdout, done.stderr


def help_is_true(tap, commands):
    for command in commands:
        for flag in command.flags:
            for name in flag.names:
                if name in ("-h", "--help"):
                    code, out, _ = run(BIN, command.name, name)
                    tap.check(code == 0 and out.startswith(f"usage: spoor {command.name}"), f"spoor {command.name} {name}")
                    continue
                value = [(flag.choices() or [VALUES.get(flag.value)])[0]] if flag.value else []
                code, _, err = run(BIN, command.name, name, *value, "--no-such-flag")
                tap.check(code == 2 and f"'{name}'" not in err and "no value" not in err and (not flag.value or "needs a value" not in err),
                          f"spoor {command.name} {name} is taken", (code, err))
                if flag.value and command.name not in ("serve", "init", "config"):
                    code, _, err = run(BIN, command.name, name)
                    tap.check(code == 2 and "needs a value" in err, "and has a value", (code, err))
        code, _, err = run(BIN, command.name, "--no-such-flag")
        tap.check(code == 2 and "--no-such-flag" in err, "any other is refused", (code, err))
        tap.check(len(command.examples()) >= 2, f"spoor {command.name} --help has two examples", command.examples())


def pages_can_be_shown(tap):
    if not shutil.which("groff"):
        tap.skip("manual pages", "no groff")
        return
    folder = os.path.join(ROOT, "docs/man")
    for name in sorted(os.listdir(folder)):
        code, out, err = run("groff", "-man", "-ww", "-Tutf8", "-P-cbou", os.path.join(folder, name))
        tap.check(code == 0 and err == "" and "\nDESCRIPTION\n" in out, f"{name} is a manual page without a fault", err)


def bash_completes(tap, home):
    open(home + "/a file.json", "w").close()
    os.mkdir(home + "/folder")

    def complete(*words):
        script = f'source {ROOT}/share/completions/spoor.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _spoor; printf "%s\\n" "${{COMPREPLY[@]}}"'
        code, out, err = run("bash", "-c", script, "bash", *words, cwd=home)
        return sorted(out.split("\n")[:-1]) if code == 0 and not err else (code, err)

    tap.equal(complete("spoor", "ver"), ["verify"], "bash: a command")
    tap.equal(complete("spoor", "query", "--fo"), ["--format"], "a flag of it")
    tap.equal(complete("spoor", "query", "--format", "js"), ["json", "jsonl"], "a value")
    tap.equal(complete("spoor", "query", "--files", "a"), ["a file.json"], "a file with a blank in its name")
    tap.equal(complete("spoor", "verify", ""), ["folder"], "folders only, where only folders are taken")
    tap.equal(complete("spoor", "match", "--threads", ""), [""], "nothing where nothing is known")
    tap.equal(complete("spoor", "operations", ""), [""], "and where there are no words")


def others_complete(tap):
    if shutil.which("zsh"):
        tap.equal(run("zsh", "-n", f"{ROOT}/share/completions/_spoor"), (0, "", ""), "zsh can read its file")
    else:
        tap.skip("zsh can read its file", "no zsh")
    if shutil.which("fish"):
        code, out, err = run("fish", "--no-config", "-c", f'source {ROOT}/share/completions/spoor.fish; complete -C "spoor query --format js"; complete -C "spoor ver"')
        tap.check((code, [line.split("\t")[0] for line in out.splitlines()]) == (0, ["json", "jsonl", "verify"]), "fish completes values and commands", (code, out, err))
    else:
        tap.skip("fish completes values and commands", "no fish")


def manuals_are_true(tap):
    manuals = load(os.path.join(ROOT, "tools/manuals"))
    home = tempfile.mkdtemp()
    try:
        code, out, err = run(os.path.join(ROOT, "tools/manuals"), "--check", BIN)
        tap.equal((code, out, err), (0, "", ""), "completions and manual pages are what --help says")
        help_is_true(tap, manuals.commands_of(BIN))
        pages_can_be_shown(tap)
        bash_completes(tap, home)
        others_complete(tap)
    finally:
        shutil.rmtree(home)


tap.run(manuals_are_true)
