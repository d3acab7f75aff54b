"""What `deploy/` promises: nobody's rights, read-only systems, no secrets, no port of the database."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import nginx
from tests.consistency.tree import ROOT

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
SETTINGS = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
EXPLAINED = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)` \|", SETTINGS, re.MULTILINE))
PROGRAM = "/opt/merilo/.venv/bin/merilo"


def files() -> list[Path]:
    return [path for path in DEPLOY.rglob("*") if path.is_file()]


def setting(name: str) -> str:
    return name.removesuffix("_FILE")


def test_no_file_names_a_registry_or_an_address_of_others():
    named = re.compile(r"\b[a-z0-9-]+\.(?:io|com|org|net|dev)\b|\b\d{1,3}(?:\.\d{1,3}){3}\b")
    ours = {"127.0.0.1", "0.0.0.0"}  # noqa: S104  names, nobody listens
    found = {word for path in files() for word in named.findall(path.read_text("utf-8"))}
    assert found - ours == set()
    assert len(files()) > 10


def test_every_setting_of_the_example_is_explained():
    example = (DEPLOY / "merilo.env.example").read_text("utf-8")
    keys = [setting(key) for key in re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)]
    assert set(keys) <= EXPLAINED
    assert {"MERILO_BASE_URL", "MERILO_HOSTS", "MERILO_SECRET_KEY", "DATABASE_URL"} <= set(keys)
    assert len(keys) == len(set(keys)) == len(re.findall(r"^#?\w+=", example, re.MULTILINE))


# --- the image --------------------------------------------------------------------------------------
def instructions() -> list[tuple[str, str]]:
    text = (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def stages() -> list[list[tuple[str, str]]]:
    found: list[list[tuple[str, str]]] = []
    for one in instructions():
        if one[0] == "FROM":
            found.append([])
        if found:
            found[-1].append(one)
    return found


def test_the_image_has_two_stages_on_a_plain_named_base():
    assert instructions()[0] == ("ARG", "BASE=python:3.13-slim")
    assert [stage[0][1] for stage in stages()] == ["${BASE} AS build", "${BASE}"]


def test_the_image_runs_as_nobody_and_is_asked_whether_it_lives():
    last = dict(stages()[-1])
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", last["USER"])
    assert json.loads(last["HEALTHCHECK"].partition("CMD ")[2]) == ["merilo", "alive"]
    assert (json.loads(last["ENTRYPOINT"]), json.loads(last["CMD"])) == (["merilo"], ["web"])
    names = [name for name, _ in stages()[-1]]
    assert names.index("USER") > max(place for place, name in enumerate(names) if name in {"RUN", "COPY"})


def test_the_image_holds_the_program_alone():
    copied = [rest for name, rest in stages()[-1] if name == "COPY"]
    assert all(rest.startswith("--from=build /opt/merilo/") for rest in copied)
    assert {rest.split()[-1] for rest in copied} == {"LICENSES", ".venv", "assets", "merilo"}
    secret = re.compile(r"(?i)key|password|secret|token|database_url")
    assert [rest for name, rest in instructions() if name in {"ENV", "ARG"} and secret.search(rest)] == []


def test_what_the_image_is_built_from_is_there_and_let_in():
    sources = [source for name, rest in stages()[0] if name == "COPY" for source in rest.split()[:-1]]
    let_in = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert [source for source in sources if f"!{source}" not in let_in] == []
    assert "*" in let_in
    assert len(sources) > 5


# --- compose ----------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return read


def test_no_container_has_rights_or_writes_its_system(compose):
    assert compose["services"].keys() == {"database", "upgrade", "web", "worker", "caddy"}
    for name, service in compose["services"].items():
        assert service["read_only"] is True, name
        assert str(service["user"]) not in {"", "root", "0", "0:0"}, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        assert not any("docker.sock" in str(volume) for volume in service["volumes"]), name


def test_only_pages_have_a_port_and_the_database_is_reached_from_inside(compose):
    ports = {name: service.get("ports", []) for name, service in compose["services"].items()}
    assert {name for name, open_ in ports.items() if open_} == {"web", "caddy"}
    assert ports["web"] == ["127.0.0.1:8000:8000"]
    assert compose["services"]["database"]["networks"] == ["inside"]
    assert compose["networks"]["inside"] == {"internal": True}


def test_secrets_are_files_and_the_database_is_durable(compose):
    for name, service in compose["services"].items():
        environment = service.get("environment", {})
        secret = [key for key in environment if re.search(r"KEY|PASSWORD|DATABASE_URL", key)]
        assert all(key.endswith("_FILE") for key in secret), name
        used = {value.removeprefix("/run/secrets/") for value in map(environment.get, secret)}
        assert used == set(service.get("secrets", [])) <= compose["secrets"].keys(), name
    assert {"fsync=on", "synchronous_commit=on"} <= set(compose["services"]["database"]["command"])
    ours = compose["services"]["web"]["environment"]
    assert {setting(key) for key in ours} <= EXPLAINED


def test_the_tables_are_brought_up_before_anything_serves(compose):
    services = compose["services"]
    for name in ("web", "worker"):
        assert services[name]["depends_on"] == {"upgrade": {"condition": "service_completed_successfully"}}
    assert [services[name]["command"] for name in ("upgrade", "web", "worker")] == [
        ["upgrade"],
        ["web"],
        ["worker"],
    ]
    assert services["database"]["healthcheck"]


# --- service units ----------------------------------------------------------------------------------
def unit(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text("utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            yield key, value


def test_every_service_is_under_the_limits():
    limits = dict(unit(UNITS / "merilo-.service.d" / "hardening.conf"))
    assert limits["User"] == "merilo"
    assert limits["ProtectSystem"] == "strict"
    assert limits["CapabilityBoundingSet"] == ""
    for name in ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute"):
        assert limits[name] == "yes"
    assert all(name.startswith("merilo-") for name in SERVICES)
    weakened = {key for name in SERVICES for key, _ in unit(UNITS / name)} & limits.keys()
    assert weakened == set()


def test_services_call_commands_that_exist_and_timers_services_that_exist():
    from django.core.management import get_commands

    starts = [value for name in SERVICES for key, value in unit(UNITS / name) if key == "ExecStart"]
    commands = {value.removeprefix(f"{PROGRAM} ").split()[0] for value in starts}
    assert commands - {"%I"} <= get_commands().keys()
    assert {"web", "worker", "backup", "retention"} <= commands
    timers = [path.with_suffix(".service") for path in UNITS.glob("*.timer")]
    assert all(path.exists() for path in timers)
    assert len(timers) == 2


@pytest.fixture
def in_place(tmp_path: Path) -> Path:
    """The units as they would be in place, with a program that is there."""
    folder = shutil.copytree(UNITS, tmp_path / "units")
    for name in SERVICES:
        text = (folder / name).read_text("utf-8").replace(PROGRAM, sys.executable)
        (folder / name).write_text(text, "utf-8")
    return folder


def analyze(in_place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {"SYSTEMD_UNIT_PATH": f"{in_place}:", "PATH": "/usr/bin:/bin"}
    command = ["systemd-analyze", "--no-pager", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def version_of_systemd() -> int:
    """0 where there is none."""
    if not shutil.which("systemd-analyze", path="/usr/bin:/bin"):
        return 0
    told = subprocess.run(["systemd-analyze", "--version"], capture_output=True, text=True, check=True).stdout
    return int(told.split()[1])


def test_systemd_itself_finds_no_fault_and_little_exposure(in_place):
    units = [str(path) for path in sorted(in_place.glob("merilo-*.*")) if path.is_file()]
    assert len(units) == len(SERVICES) + 2
    if version_of_systemd():
        said = analyze(in_place, "verify", "--man=no", *units).stderr.splitlines()
        assert [line for line in said if "merilo" in line] == []
    if version_of_systemd() >= 250:  # earlier ones rate only what runs
        rated = analyze(in_place, "security", "--offline=true", "--threshold=20", "merilo-web.service")
        assert rated.returncode == 0, rated.stdout


# --- proxies ----------------------------------------------------------------------------------------
def test_nginx_itself_takes_the_configuration(tmp_path):
    configured = nginx.configured(tmp_path, [8000])
    if nginx.find() is None:
        text = nginx.SHIPPED.read_text("utf-8")
        assert text.count("{") == text.count("}")
        return
    tested = configured.test()
    assert (tested.returncode, "warn" in tested.stderr) == (0, False), tested.stderr


def test_proxies_replace_what_a_visitor_wrote_and_let_the_largest_file_through():
    from django.conf import settings

    shipped = nginx.SHIPPED.read_text("utf-8")
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in shipped
    assert "$proxy_add_x_forwarded_for" not in shipped
    largest = (settings.UPLOAD_LIMIT_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE) // 2**20
    assert f"client_max_body_size {largest}m;" in shipped
    caddy = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
    assert f"max_size {largest}MiB" in caddy
    assert "trusted_proxies" not in caddy
    assert caddy.count("{") == caddy.count("}")
