"""`docs/rehearse.md`, command by command as it is printed there."""

import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def blocks():
    """The blocks of the page: language, the file that the line before names, and the text."""
    page = (ROOT / "docs" / "rehearse.md").read_text(encoding="utf-8")
    return re.findall(r"(?:`(\S+)`:\n\n)?```(\w+)\n(.*?)```\n", page, re.DOTALL)


def test_the_page_does_what_it_says(tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, program in {
        "xtenant": os.environ["XTENANT"],
        "az": os.environ["XTENANT_AZ"],
        "python3": sys.executable,
    }.items():
        # A link would make an environment's Python look for its libraries elsewhere.
        (tools / name).write_text(f'#!/bin/sh\nexec "{program}" "$@"\n', encoding="utf-8")
        (tools / name).chmod(0o755)
    home = tmp_path / "work"
    home.mkdir()
    environment = {"PATH": f"{tools}:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"}
    script = []
    for file, language, text in blocks():
        if language == "sh":
            script.append(text)
        else:
            (home / file).write_text(text, encoding="utf-8")
    serve, *steps = script
    assert "sandbox serve" in serve

    bash = ["bash", "-euo", "pipefail", "-c"]
    server = subprocess.Popen([*bash, f"exec {serve.partition(' | ')[0]} > rehearsal.json"], cwd=home, env=environment)
    try:
        end = time.monotonic() + 60
        while not (home / "rehearsal.json").exists() or not (home / "rehearsal.json").read_text(encoding="utf-8"):
            assert time.monotonic() < end and server.poll() is None, "the sandbox does not answer"
            time.sleep(0.1)
        done = subprocess.run(
            [*bash, "\n".join(steps)], cwd=home, env=environment, capture_output=True, text=True, timeout=280
        )
    finally:
        server.terminate()
        server.wait(timeout=30)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "nwt-xtmove-kv westeurope" in done.stdout
    assert '"token_endpoint"' in done.stdout
    assert '"displayName": "northwindtraders_contoso"' in done.stdout
