"""A program on a pseudo-terminal: stdin, stderr and /dev/tty are the terminal, stdout stays a pipe."""
import os
import pty
import select
import subprocess
import time

from .sandbox import Done, Drain, kill_group


class Terminal:
    """One program on one terminal: expect() and type() in turn, then finish()."""

    def __init__(self, sandbox, argv, env=None, stdout_too=False):
        self.argv = [str(word) for word in argv]
        self.master, slave = pty.openpty()
        self.started = time.monotonic()
        environment = {"TERM": "xterm", **(env or {})}
        self.process = sandbox.start(["setsid", "--ctty", "--wait", *self.argv], environment, stdin=slave,
                                     stdout=slave if stdout_too else subprocess.PIPE, stderr=slave)
        os.close(slave)
        self.out = Drain(self.process.stdout)
        self.screen, self.seen = b"", 0

    def read_some(self, deadline):
        """Waits for output; False at the end of it."""
        ready, _, _ = select.select([self.master], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError(f"nothing more came; the terminal shows: {self.text()!r}")
        try:
            data = os.read(self.master, 65536)
        except OSError:  # EIO: the other side is closed
            return False
        self.screen += data
        return bool(data)

    def expect(self, text, timeout=60):
        deadline = time.monotonic() + timeout
        while (at := self.screen.find(text.encode(), self.seen)) < 0:
            if not self.read_some(deadline):
                raise EOFError(f"the program ended before it printed {text!r}; the terminal shows: {self.text()!r}")
        self.seen = at + len(text.encode())

    def type(self, line):
        os.write(self.master, line.encode() + b"\n")

    def text(self):
        return self.screen.decode("utf-8", "replace").replace("\r\n", "\n")

    def finish(self, timeout=60):
        """Reads to the end and returns a Done whose err is what stood on the terminal."""
        deadline = time.monotonic() + timeout
        try:
            while self.read_some(deadline):
                pass
        except TimeoutError:
            kill_group(self.process)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        os.close(self.master)
        return Done(self.argv, self.process.returncode, self.out.result(), self.text().encode(),
                    time.monotonic() - self.started, usage)
