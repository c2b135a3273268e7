"""OpenSSH itself says what it makes of the command lines (`ssh -G`)."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.utils.cluster.clusters import write
from utils.cluster.config import load_cluster
from utils.cluster.ssh import HERE, HostKeyChangedError, HostKeyUnknownError, Ssh, explained
from utils.errors import UserError


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ssh:
    monkeypatch.delenv(HERE, raising=False)
    return Ssh(load_cluster(write(tmp_path)), tmp_path)


def resolved(argv: list[str]) -> dict[str, str]:
    shown = subprocess.run([argv[0], "-G", *argv[1:]], capture_output=True, text=True, check=True, timeout=20)
    return dict(line.split(" ", 1) for line in shown.stdout.splitlines() if " " in line)


@pytest.mark.parametrize("name", ["master", "worker1", "worker2"])
def test_every_host_has_strict_keys_and_asks_nothing(ssh: Ssh, tmp_path: Path, name: str) -> None:
    options = resolved(ssh.argv(name, ["true"]))
    assert options["stricthostkeychecking"] in ("true", "yes")
    assert options["userknownhostsfile"] == str(tmp_path / "cluster.known_hosts")
    assert options["globalknownhostsfile"] == "/dev/null"
    assert options["hostkeyalias"] == name
    assert options["batchmode"] == "yes"
    assert options["forwardagent"] == "no"
    assert options["updatehostkeys"] in ("false", "no")
    assert int(options["serveraliveinterval"]) * int(options["serveralivecountmax"]) == 20
    assert options["connecttimeout"] == "20"


def test_the_hosts_terms_reach_openssh(ssh: Ssh, tmp_path: Path) -> None:
    assert resolved(ssh.argv("master", []))["user"] == "quant"
    assert resolved(ssh.argv("worker1", []))["port"] == "2222"
    behind = resolved(ssh.argv("worker2", []))
    assert (behind["hostname"], behind["proxyjump"]) == ("192.168.1.2", "worker1")
    assert behind["identityfile"] == str(tmp_path / "keys/two")
    assert behind["identitiesonly"] == "yes"


def test_a_shared_connection_has_a_private_socket(ssh: Ssh) -> None:
    options = resolved(ssh.argv("worker2", ["true"], shared=True))
    assert options["controlmaster"] == "auto"
    assert Path(options["controlpath"]).parent.stat().st_mode & 0o077 == 0
    assert len(options["controlpath"]) < 80
    assert "controlmaster" not in resolved(ssh.argv("worker2", ["true"])) or (
        resolved(ssh.argv("worker2", ["true"]))["controlmaster"] == "false"
    )


def test_a_command_reaches_the_host_word_by_word(ssh: Ssh) -> None:
    words = ["printf", "%s|", "a b", "$HOME", "';'", "é"]
    sent = ssh.argv("worker1", words)[-1]
    run = subprocess.run(["sh", "-c", sent], capture_output=True, text=True, check=True, timeout=20)
    assert run.stdout == "a b|$HOME|';'|é|"


def test_on_a_host_of_the_cluster_its_own_commands_need_no_ssh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(HERE, "master")
    ssh = Ssh(load_cluster(write(tmp_path)), tmp_path)
    assert ssh.argv("master", ["echo", "x"]) == ["echo", "x"]
    assert ssh.argv("master", ["f/bin/x"]) == [str(Path.home() / "f/bin/x")]
    assert ssh.run("master", ["cat"], stdin=b"here").text == "here"
    assert ssh.argv("worker2", ["echo"])[0] == "ssh"


def test_what_openssh_says_is_explained(ssh: Ssh) -> None:
    changed = "@@@@\nWARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!\nHost key for worker1 has changed\n"
    error = explained(ssh.cluster, "worker2", changed)
    assert isinstance(error, HostKeyChangedError)
    assert str(error).startswith("worker1: HOST KEY CHANGED")  # it is the jump's, not worker2's
    unknown = "No ED25519 host key is known for worker1 and you have requested strict checking.\n"
    error = explained(ssh.cluster, "worker2", unknown + "Host key verification failed.\n")
    assert isinstance(error, HostKeyUnknownError)
    assert str(error).endswith("scripts/cluster.py trust worker1")
    denied = explained(ssh.cluster, "master", "quant@10.0.0.1: Permission denied (publickey).")
    assert "does not let quant in" in str(denied)
    gone = explained(ssh.cluster, "worker2", "ssh: connect to host 192.168.1.2 port 22: No route to host\n")
    assert "worker2: not reached through worker1: ssh: connect" in str(gone)


def test_a_host_that_is_not_there_is_refused_before_ssh_is(ssh: Ssh) -> None:
    with pytest.raises(UserError, match="no host worker3"):
        ssh.argv("worker3", ["true"])
