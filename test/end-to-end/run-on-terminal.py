"""Runs a command on a pseudo-terminal of COLUMNS: run-on-terminal.py COLUMNS command...

What it writes goes to stdout. Lines on stdin: `size COLUMNS`, `signal NUMBER`, `hang-up` (the terminal goes away, and
what the command writes from then on fails). Ends as the command ends: with its exit code, or 128 and its signal.
"""
import fcntl, os, pty, select, signal, struct, sys, termios


def set_size(fd, columns):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24 if columns else 0, columns, 0, 0))


pid, fd = pty.fork()
if pid == 0:
    set_size(0, int(sys.argv[1]))
    os.execvp(sys.argv[2], sys.argv[2:])

control = b""
sources = [fd, 0]
while fd in sources:
    ready, _, _ = select.select(sources, [], [])
    if fd in ready:
        try:
            written = os.read(fd, 65536)
        except OSError:
            written = b""
        if not written:
            break
        os.write(1, written)
    if 0 in ready:
        told = os.read(0, 4096)
        if not told:
            # Whoever tests is gone.
            os.kill(pid, signal.SIGKILL)
            sources.remove(0)
        *lines, control = (control + told).split(b"\n")
        for line in lines:
            word, *rest = line.split()
            if word == b"size":
                set_size(fd, int(rest[0]))
            elif word == b"signal":
                os.kill(pid, int(rest[0]))
            elif word == b"hang-up":
                os.close(fd)
                sources.remove(fd)
                break
_, status = os.waitpid(pid, 0)
sys.exit(os.waitstatus_to_exitcode(status) % 256 if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
