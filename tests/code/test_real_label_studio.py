"""The real Label Studio: import what Leadlight writes, export it, and compare.

Set LABEL_STUDIO to its program, installed in a virtual environment of its own: `pip install label-studio`.
"""

import json
import os
import socket
import subprocess
import time
from dataclasses import replace
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from pipeline.frameworks import shipped_frameworks
from pipeline.labels.exchange.corpus import read_texts
from pipeline.labels.exchange.formats import FORMATS
from pipeline.labels.exchange.names import Names
from pipeline.labels.exchange.records import MODEL, Labelling
from pipeline.labels.exchange.tool import Context
from tests.conftest import ROOT

PROGRAM = os.environ.get("LABEL_STUDIO", "")
WHO = {"email": "maria@example.org", "password": "only-for-this-test"}
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not PROGRAM, reason="LABEL_STUDIO names no program")]


class Server:
    """A Label Studio that listens on this machine, with a session of one user."""

    def __init__(self, address):
        self.address, self.cookies = address, CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def call(self, path, data=None, kind="application/json"):
        token = next((cookie.value for cookie in self.cookies if cookie.name == "csrftoken"), "")
        headers = {"Content-Type": kind, "X-CSRFToken": token, "Referer": self.address}
        request = Request(self.address + path, data=data, headers=headers)  # noqa: S310 - this machine only
        with self.opener.open(request, timeout=120) as answer:
            return answer.read()

    def log_in(self):
        self.call("/user/login/")
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        form = urlencode({**WHO, "csrfmiddlewaretoken": token}).encode()
        self.call("/user/login/", form, "application/x-www-form-urlencoded")


@pytest.fixture
def server(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"COLLECT_ANALYTICS": "False", "LATEST_VERSION_CHECK": "False", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
    environment = {**os.environ, **quiet, "LABEL_STUDIO_BASE_DATA_DIR": str(tmp_path / "data")}
    command = [PROGRAM, "start", "--no-browser", "--port", str(port), "--username", WHO["email"]]
    command += ["--password", WHO["password"]]
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=log, stderr=log)
        try:
            found, end = Server(f"http://127.0.0.1:{port}"), time.monotonic() + 300
            while time.monotonic() < end:
                try:
                    found.call("/health")
                    break
                except (URLError, OSError):
                    assert process.poll() is None, (tmp_path / "log").read_text()[-2000:]
                    time.sleep(2)
            found.log_in()
            yield found
        finally:
            process.terminate()
            process.wait(30)


def comparable(text):
    labellings = [
        (one.role, one.by, one.version, one.sha256, [(s.start, s.end, s.labels, dict(s.scores)) for s in one.spans])
        for one in text.labellings
        if one.role != MODEL
    ]
    return text.text, dict(text.meta), sorted(labellings, key=str)


def test_what_goes_in_comes_out(server, tmp_path):
    context = Context(Names(shipped_frameworks()))
    texts = list(read_texts([ROOT / "data" / "corpus" / "written" / "wd.txt"], context.names))
    spans = tuple(replace(s, scores=dict.fromkeys(s.labels, 0.75)) for s in texts[0].labellings[0].spans)
    model = Labelling(MODEL, spans, "default", version="0.1.0", sha256="a" * 64)
    texts[0] = replace(texts[0], labellings=(*texts[0].labellings, model))
    interface, tasks = tmp_path / "interface.xml", tmp_path / "tasks.json"
    FORMATS["label-studio-config"].write([], interface, context)
    FORMATS["label-studio"].write(texts, tasks, context)
    project = {"title": "Leadlight", "label_config": interface.read_text(encoding="utf-8")}
    number = json.loads(server.call("/api/projects", json.dumps(project).encode()))["id"]
    done = json.loads(server.call(f"/api/projects/{number}/import", tasks.read_bytes()))
    assert (done["task_count"], done["annotation_count"], done["prediction_count"]) == (40, 120, 1)
    for name, kind in (("label-studio", "JSON"), ("label-studio-min", "JSON_MIN")):
        out = Path(tmp_path / f"{name}.json")
        out.write_bytes(server.call(f"/api/projects/{number}/export?exportType={kind}"))
        back = {text.id: text for text in FORMATS[name].read(out, context)}
        for text in texts:
            assert comparable(back[text.id]) == comparable(text)
    (prediction,) = json.loads(server.call(f"/api/predictions?project={number}"))  # its export leaves them out
    (given,) = json.loads(tasks.read_text(encoding="utf-8"))[0]["predictions"]
    assert (prediction["model_version"], prediction["result"]) == (given["model_version"], given["result"])
