"""A batch-emulator of its own for one client: started on a free port, ended with the client.

    emulator.py BATCH-EMULATOR [--tls] -- COMMAND...

runs COMMAND with the account in BATCH_ENDPOINT, BATCH_ACCOUNT, BATCH_KEY and, with --tls, what to trust in
BATCH_CA and in the variables that requests, Node.js and OpenSSL read. Exits with COMMAND's code.
"""
import json
import os
import signal
import ssl
import subprocess
import sys
import tempfile
import urllib.request

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="


class Emulator:
    """Its clock stands still until advance() moves it."""

    def __init__(self, program, tls=False):
        self._folder = tempfile.TemporaryDirectory(prefix="interop-")
        self.authority = os.path.join(self._folder.name, "authority.pem") if tls else None
        options = ["--admin", "--manual-clock"]
        if tls:
            options += ["--tls", "--tls-ca-file", self.authority]
        self._process = subprocess.Popen([program, *options], stdout=subprocess.PIPE, text=True)
        ready = self._process.stdout.readline()  # "batch-emulator listens on http://127.0.0.1:10001"
        if " listens on " not in ready:
            raise SystemExit(f"emulator.py: expected {program} to say where it listens, found {ready!r}")
        self.endpoint = ready.split()[-1].replace("127.0.0.1", "localhost" if tls else "127.0.0.1")

    def environment(self):
        variables = dict(os.environ, BATCH_ENDPOINT=self.endpoint, BATCH_ACCOUNT="demo", BATCH_KEY=KEY)
        variables.update(dict.fromkeys(("no_proxy", "NO_PROXY"), "localhost,127.0.0.1"))
        if self.authority:
            names = ("BATCH_CA", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE")
            variables.update(dict.fromkeys(names, self.authority))
        return variables

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()


def admin(endpoint, path, body=None):
    """The answer of an admin call, parsed."""
    trusted = ssl.create_default_context(cafile=os.environ.get("BATCH_CA"))
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted))
    data = None if body is None else json.dumps(body).encode()
    with opener.open(f"{endpoint}/_emulator/{path}", data, timeout=30) as answer:
        return json.load(answer)


def advance(duration):
    """Moves the clock of the client's emulator, for example by "30s"."""
    admin(os.environ["BATCH_ENDPOINT"], "clock", {"advance": duration})


def main(arguments):
    if "--" not in arguments[:3] or not arguments:
        raise SystemExit(__doc__)
    split = arguments.index("--")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with Emulator(arguments[0], tls="--tls" in arguments[1:split]) as emulator:
        return subprocess.call(arguments[split + 1:], env=emulator.environment())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
