"""The real nginx with the shipped configuration, on loopback and with a certificate of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from tests.consistency.tree import ROOT
from tests.journeys.platform import free_port

SHIPPED = ROOT / "deploy" / "nginx" / "merilo.conf"
FRAME = """daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    types {{ text/css css; }}
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/merilo.conf;
}}
"""


def find() -> str | None:
    """The program, which may stand where only root's path leads."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


@dataclass(frozen=True)
class Nginx:
    """A configuration of one's own folder; `port` is the one with TLS."""

    folder: Path
    port: int
    plain_port: int

    @property
    def command(self) -> list[str]:
        return [
            find() or "nginx",
            "-p",
            f"{self.folder}/",
            "-e",
            "error.log",
            "-c",
            f"{self.folder}/nginx.conf",
        ]

    @property
    def certificate(self) -> Path:
        return self.folder / "tls" / "fullchain.pem"

    def test(self) -> subprocess.CompletedProcess[str]:
        """Have nginx itself look at the configuration."""
        return subprocess.run([*self.command, "-t"], capture_output=True, text=True, check=False)


def configured(folder: Path, upstreams: Sequence[int]) -> Nginx:
    """The shipped configuration with other ports, names and paths, and nothing else changed."""
    nginx = Nginx(folder, free_port(), free_port())
    servers = " ".join(f"server 127.0.0.1:{port};" for port in upstreams)
    text = SHIPPED.read_text("utf-8")
    for shipped, ours, times in (
        ("server 127.0.0.1:8000;", servers, 1),
        ("listen 80;", f"listen 127.0.0.1:{nginx.plain_port};", 1),
        ("listen 443 ssl;", f"listen 127.0.0.1:{nginx.port} ssl;", 1),
        ("server_name merilo.town.example;", "server_name localhost;", 2),
        ("/etc/merilo/tls/", f"{folder}/tls/", 2),
    ):
        assert text.count(shipped) == times, shipped
        text = text.replace(shipped, ours)
    (folder / "merilo.conf").write_text(text, "utf-8")
    (folder / "nginx.conf").write_text(FRAME.format(folder=folder), "utf-8")
    _certify(folder / "tls")
    return nginx


def _certify(folder: Path) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = timezone.now()
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(key.private_bytes(*form))
