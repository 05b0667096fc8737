"""A clean place to run programs in: its own folder, HOME and environment."""
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time

TIMEOUT = 120
SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIXTURES = os.path.join(ROOT, "test", "interop", "testdata")


class Done:
    """How a program ended. `code` is negative when a signal ended it, as in subprocess."""

    def __init__(self, argv, code, out, err, seconds, usage):
        self.argv, self.code, self.seconds = argv, code, seconds
        self.out_bytes, self.err_bytes = out, err
        self.out, self.err = out.decode("utf-8", "replace"), err.decode("utf-8", "replace")
        self.max_rss_kib = usage.ru_maxrss
        self.cpu_seconds = usage.ru_utime + usage.ru_stime

    def __str__(self):
        return (f"{' '.join(self.argv)}\n  exit {self.code} after {self.seconds:.2f} s, {self.max_rss_kib} KiB\n"
                f"  stdout: {self.out[-2000:]!r}\n  stderr: {self.err[-4000:]}")


class Sandbox:
    """A temporary folder with bin/ (the program under test on PATH as `cosign`), home/, tmp/ and work/."""

    def __init__(self, cosign=None, keep=False):
        self.cosign = os.path.abspath(cosign or os.environ["COSIGN"])
        self.keep = keep
        self.top = os.path.realpath(tempfile.mkdtemp(prefix="cosign-test-"))
        self.work, self.home = os.path.join(self.top, "work"), os.path.join(self.top, "home")
        for name in ("bin", "home", "tmp", "work"):
            os.mkdir(os.path.join(self.top, name))
        os.symlink(self.cosign, os.path.join(self.top, "bin", "cosign"))
        self.variables = {
            "PATH": f"{self.top}/bin:{ROOT}/.cache/tools/bin:{SYSTEM_PATH}",
            "HOME": self.home,
            "TMPDIR": os.path.join(self.top, "tmp"),
        }

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if not self.keep:
            shutil.rmtree(self.top, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.work, *names)

    def write(self, name, content, mode=0o644):
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode())
        os.chmod(path, mode)
        return path

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def start(self, argv, env=None, stdin=subprocess.DEVNULL, cwd=None, **more):
        """A process in this sandbox; its stdout and stderr are pipes unless told otherwise."""
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen([str(word) for word in argv], env=self.environment(env), cwd=cwd or self.work,
                                stdin=stdin, start_new_session=True, **more)

    def environment(self, extra=None):
        """The scrubbed environment, with `extra` over it; a value of None removes the variable."""
        merged = {**self.variables, **(extra or {})}
        return {name: value for name, value in merged.items() if value is not None}

    def run(self, *argv, env=None, input=None, cwd=None, timeout=TIMEOUT, **more):
        """Runs to the end and returns a Done. A program that takes longer than `timeout` is killed: code -9."""
        argv = [str(word) for word in argv]
        started = time.monotonic()
        process = self.start(argv, env, subprocess.DEVNULL if input is None else subprocess.PIPE, cwd, **more)
        out, err = Drain(process.stdout), Drain(process.stderr)
        if input is not None:
            Feed(process.stdin, input.encode() if isinstance(input, str) else input)
        killer = threading.Timer(timeout, kill_group, [process])
        killer.start()
        _, status, usage = os.wait4(process.pid, 0)
        killer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        return Done(argv, process.returncode, out.result(), err.result(), time.monotonic() - started, usage)

    def cosign_run(self, *arguments, **options):
        return self.run("cosign", *arguments, **options)


class Drain(threading.Thread):
    """Reads a pipe to its end, while others run."""

    def __init__(self, pipe):
        super().__init__(daemon=True)
        self.pipe, self.data = pipe, b""
        self.start()

    def run(self):
        if self.pipe:
            with self.pipe:
                self.data = self.pipe.read()

    def result(self):
        self.join(10)
        return self.data


class Feed(threading.Thread):
    """Writes to a pipe and closes it; a reader that went away is no error."""

    def __init__(self, pipe, data):
        super().__init__(daemon=True)
        self.pipe, self.data = pipe, data
        self.start()

    def run(self):
        try:
            with self.pipe:
                self.pipe.write(self.data)
        except BrokenPipeError:
            pass


def kill_group(process):
    """Kills a process that start() made, with all that it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
