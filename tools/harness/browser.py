"""A headless Chromium that is driven over a pipe (the DevTools protocol): no port, no driver, no network but the page's own."""
import base64
import itertools
import json
import os
import select
import subprocess
import time

from .registry import find_program

TIMEOUT = 60


class Browser:
    """One browser with one tab. `requests` are the URLs it asked for; `complaints` what its console said."""

    def __init__(self, sandbox):
        self.numbers, self.waiting, self.rest = itertools.count(1), [], b""
        self.requests, self.complaints = [], []
        down, up = os.pipe(), os.pipe()  # to the browser, from the browser
        self.write_end, self.read_end = down[1], up[0]
        program = find_program("chromium-headless-shell")
        # 3 and 4 are where the browser reads and writes; what they were here stays untouched.
        script = f'exec 3<&{down[0]} 4>&{up[1]}; exec "$0" "$@"'
        self.process = sandbox.start(
            ["/bin/sh", "-c", script, program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--hide-scrollbars",
             "--remote-debugging-pipe", "--no-first-run", "--disable-background-networking", "--no-proxy-server",
             f"--user-data-dir={os.path.join(sandbox.top, 'browser')}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(down[0], up[1]))
        os.close(down[0])
        os.close(up[1])
        target = next(t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page")
        self.session = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
        for domain in ("Page", "Network", "Log", "Runtime"):
            self.call(f"{domain}.enable")

    session = None

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.write_end)
        os.close(self.read_end)

    def call(self, method, **parameters):
        number = next(self.numbers)
        message = {"id": number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        answer = self.wait(lambda m: m.get("id") == number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]

    def wait(self, wanted):
        """The first message that is wanted, of those that came and will come."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            for index, message in enumerate(self.waiting):
                if wanted(message):
                    return self.waiting.pop(index)
            self.read(deadline)

    def read(self, deadline):
        ready, _, _ = select.select([self.read_end], [], [], max(0, deadline - time.monotonic()))
        chunk = os.read(self.read_end, 1 << 16) if ready else b""
        if not chunk:
            raise RuntimeError("the browser does not answer")
        *messages, self.rest = (self.rest + chunk).split(b"\0")
        for message in map(json.loads, messages):
            method = message.get("method", "")
            if method == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
            elif method == "Log.entryAdded":
                self.complaints.append(message["params"]["entry"]["text"])
            elif method == "Runtime.exceptionThrown":
                self.complaints.append(str(message["params"]["exceptionDetails"]))
            elif "id" in message or method == "Page.loadEventFired":
                self.waiting.append(message)

    def look(self, width=1100, height=800, dark=False):
        """How the next pages are shown; scripts of pages are off."""
        self.call("Emulation.setScriptExecutionDisabled", value=True)
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def open(self, url):
        self.waiting = [m for m in self.waiting if m.get("method") != "Page.loadEventFired"]
        failed = self.call("Page.navigate", url=url).get("errorText")
        if failed:
            raise RuntimeError(f"{url}: {failed}")
        self.wait(lambda m: m.get("method") == "Page.loadEventFired")

    def evaluate(self, expression):
        """What an expression is in the page, asked from outside of it."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    def screenshot(self, path):
        data = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))
