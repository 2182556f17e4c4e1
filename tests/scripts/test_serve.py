"""``make run`` before anything is started: port, lock, secret, skipped tests."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from scripts import refuse_skips, serve


def listening() -> tuple[socket.socket, int]:
    held = socket.socket()
    held.bind(("127.0.0.1", 0))
    held.listen()
    return held, held.getsockname()[1]


def test_a_wanted_port_in_use_is_refused_with_a_way_out() -> None:
    held, port = listening()
    with held, pytest.raises(serve.CannotServe, match=f"Port {port} is in use.*PORT={port + 1}"):
        serve.choose_port(str(port))


@pytest.mark.parametrize("wanted", ["0", "65536", "eighty", "-1", "8000;"])
def test_a_wanted_port_must_be_one(wanted: str) -> None:
    with pytest.raises(serve.CannotServe, match="must be a number from 1 to 65535"):
        serve.choose_port(wanted)


def test_without_a_wish_the_next_free_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    held, port = listening()
    with held:
        monkeypatch.setattr(serve, "FIRST_PORT", port)
        chosen = serve.choose_port("")
    assert port < chosen < port + serve.PORTS_TRIED


def test_a_second_run_is_told_where_the_first_is(tmp_path: Path) -> None:
    lock = tmp_path / "serve.lock"
    with serve.only_run(lock) as held:
        print(41, "http://localhost:8000/", file=held, flush=True)
        with pytest.raises(serve.AlreadyRunning) as refused, serve.only_run(lock):
            pass
    assert str(refused.value) == "41 http://localhost:8000/"
    with serve.only_run(lock):
        assert lock.read_text() == ""


def test_the_secret_is_kept_and_private(tmp_path: Path) -> None:
    path = tmp_path / "secret_key"
    first = serve.kept_secret(path)
    assert (serve.kept_secret(path), path.stat().st_mode & 0o777) == (first, 0o600)
    assert len(first) >= 50


def results(tmp_path: Path, *reasons: str) -> Path:
    skips = (f'<skipped type="pytest.skip" message="{reason}"/>' for reason in reasons)
    cases = "".join(f'<testcase classname="t" name="n">{skip}</testcase>' for skip in skips)
    (tmp_path / "postgresql.xml").write_text(f"<testsuite>{cases}</testsuite>")
    return tmp_path


def test_a_skip_for_want_of_a_service_fails(tmp_path: Path) -> None:
    assert refuse_skips.main(results(tmp_path, "no chromium here")) == 1


def test_a_skip_for_want_of_an_optional_corpus_passes(tmp_path: Path) -> None:
    assert refuse_skips.main(results(tmp_path, "../shared/data/uploads is not beside us")) == 0


def test_no_results_at_all_fail(tmp_path: Path) -> None:
    assert refuse_skips.main(tmp_path) == 1
