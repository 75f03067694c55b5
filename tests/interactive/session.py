"""Sessions for tests: a piped one that takes a text at once, and one on a pseudo-terminal that is typed
into and looked at."""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x07|\r")


class Piped:
    """What a session says to a text, from start to end."""

    def __init__(self, gimlet, text, *options, timeout=60):
        ended = subprocess.run([gimlet, "-i", *options], input=text, capture_output=True, text=True,
                               timeout=timeout, check=False)
        self.out, self.err, self.status = ended.stdout, ended.stderr, ended.returncode


class Terminal:
    """A session on a pseudo-terminal."""
    PROMPT = "gimlet> "

    def __init__(self, gimlet, *arguments, columns=100, rows=30, history=""):
        self.text = ""  # all that was written, without control sequences
        self.seen = 0  # what expect() has gone past
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(TERM="xterm", GIMLET_HISTORY=history, HOME="/nonexistent")
            os.execv(gimlet, [gimlet, *arguments])
        self.resize(columns, rows)

    def resize(self, columns, rows):
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def send(self, text):
        os.write(self.fd, text.encode())

    def enter(self, text):
        self.send(text + "\n")

    def read(self, seconds):
        ready, _, _ = select.select([self.fd], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError as error:
            if error.errno == errno.EIO:  # the other end is closed
                return False
            raise
        self.text += CONTROL.sub("", data.decode(errors="replace"))
        return bool(data)

    def expect(self, pattern, timeout=15):
        """Waits until the text since the last call has the pattern; gives the match."""
        end = time.monotonic() + timeout
        while True:
            found = re.search(pattern, self.text[self.seen:], re.MULTILINE)
            if found:
                self.seen += found.end()
                return found
            left = end - time.monotonic()
            if left <= 0:
                raise AssertionError(f"no {pattern!r} in {self.text[self.seen:][-2000:]!r}")
            self.read(min(left, 0.2))

    def prompt(self):
        self.expect(re.escape(self.PROMPT))

    def do(self, text, pattern):
        """Enters a line, waits for an answer and the next prompt."""
        self.enter(text)
        found = self.expect(pattern)
        self.prompt()
        return found

    def end(self, timeout=15):
        """The exit status; a session that does not end is killed."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.fd)
                return os.waitstatus_to_exitcode(status)
            self.read(0.05)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
        raise AssertionError("the session did not end")
