"""A TUF repository over HTTP, of files in a folder, that can be made to answer otherwise."""
import http.server
import os
import threading
import urllib.parse

from harness.services import Answer, Server


def publish(box, script, folder="published"):
    """Runs sigstore_tuf (sigstore/authority/testing/tuf_main.cc says what a script is): the folder that it has filled."""
    program = os.path.join(os.path.dirname(box.cosign), "sigstore_tuf")
    done = box.run(program, box.path(folder), input="\n".join(script) + "\n")
    if done.code:
        raise AssertionError(str(done))
    return box.path(folder)


class TufServer:
    """Serves `folder` below /repo/ on 127.0.0.1. `instead`: path below it -> Answer, or a function that gives one.
    `asked` has the paths of all requests as they were sent, decoded ones never."""

    def __init__(self, folder):
        self.folder, self.asked, self.instead = folder, [], {}
        self.server = Server(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/repo"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def take(self):
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked

    def answer(self, path):
        if path in self.instead:
            instead = self.instead[path]
            return instead() if callable(instead) else instead
        # Metadata of roles with strange names is kept in files whose names are encoded, as clients ask for them.
        file = os.path.join(self.folder, path)
        if not os.path.isfile(file):
            file = os.path.join(self.folder, urllib.parse.unquote(path))
        if not os.path.isfile(file):
            return Answer(404, b"no such file\n")
        with open(file, "rb") as content:
            return Answer(200, content.read())

    def handler(self):
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                path = self.path.removeprefix("/repo/")
                double.asked.append(path)
                answer = double.answer(path)
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body[:answer.cut])
                if answer.cut is not None:
                    self.close_connection = True

            def log_message(self, *_):
                pass

        return Handler
