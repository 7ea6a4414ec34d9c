"""TLS, names and the pool: below the meaning of any answer."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from housemail.platforms.base import Deadline
from housemail.platforms.emailarray.transport import (
    POOL_SIZE,
    Transport,
    TransportError,
)
from tests.platforms import hostile as bad
from tests.platforms.hostile import Hostile


def soon() -> Deadline:
    return Deadline.after(3)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Return a file with a key and a certificate for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls(certificate: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Return the URL of a TLS server, and what it has received."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    received: list[bytes] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            try:
                with context.wrap_socket(plain, server_side=True) as conn:
                    received.append(conn.recv(65536))
                    while not received[-1].endswith(b"=1"):
                        received[-1] += conn.recv(65536)
                    conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"https://127.0.0.1:{listener.getsockname()[1]}/", received
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def test_a_certificate_nobody_vouches_for_gets_nothing(
    tls: tuple[str, list[bytes]],
) -> None:
    url, received = tls
    with pytest.raises(TransportError) as caught:
        Transport().post(url, b"secret=1", soon())
    assert caught.value.sent is False
    assert received == []


def test_a_certificate_of_the_given_authority_is_taken(
    tls: tuple[str, list[bytes]], certificate: Path
) -> None:
    url, _ = tls
    answer = Transport(ca_file=str(certificate)).post(url, b"a=1", soon())
    assert (answer.status, answer.body) == (200, b"ok")


def test_a_name_that_does_not_exist_was_sent_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TransportError) as caught:
        Transport().post("https://nowhere.invalid/", b"", soon())
    assert caught.value.sent is False


def test_a_name_that_has_come_to_lead_into_our_network_is_not_followed(
    hostile: Hostile,
) -> None:
    transport = Transport(public_only=True)
    with pytest.raises(TransportError) as caught:
        transport.post(hostile.endpoint, b"action=x", soon())
    assert caught.value.sent is False
    assert hostile.connections == 0


def test_a_resolver_that_hangs_does_not_outlast_the_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()

    def hang(*_: object) -> list[object]:
        release.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    started = time.monotonic()
    with pytest.raises(TransportError) as caught:
        Transport().post("https://slow.invalid/", b"", Deadline.after(0.3))
    release.set()
    assert caught.value.sent is False
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("force", [True, False])
def test_ipv4_may_be_forced(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch, force: bool
) -> None:
    asked: list[object] = []
    real = socket.getaddrinfo

    def spy(host: str, port: int, family: int = 0, kind: int = 0) -> object:
        asked.append(family)
        return real("127.0.0.1", port, family, kind)

    monkeypatch.setattr(socket, "getaddrinfo", spy)
    url = hostile.endpoint.replace("127.0.0.1", "localhost")
    Transport(force_ipv4=force).post(url, b"action=x", soon())
    assert asked == [socket.AF_INET if force else socket.AF_UNSPEC]


def test_every_address_of_a_name_is_tried(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    dead = bad.free_port()

    def two(host: str, port: int, family: int = 0, kind: int = 0) -> list[object]:
        return [
            *real("127.0.0.1", dead, family, kind),
            *real("127.0.0.1", port, family, kind),
        ]

    monkeypatch.setattr(socket, "getaddrinfo", two)
    assert Transport().post(hostile.endpoint, b"action=x", soon()).status == 200


@pytest.mark.parametrize(
    "behaviour", [bad.ok("x" * 3000), bad.close, bad.answer("x", length=9)]
)
def test_a_failed_answer_gives_its_place_in_the_pool_back(
    hostile: Hostile, monkeypatch: pytest.MonkeyPatch, behaviour: bad.Behaviour
) -> None:
    monkeypatch.setattr("housemail.platforms.emailarray.transport.MAX_BYTES", 1000)
    transport = Transport()
    hostile.script(behaviour)
    for _ in range(POOL_SIZE + 1):
        with pytest.raises(TransportError) as caught:
            transport.post(hostile.endpoint, b"action=x", soon())
        assert caught.value.sent is True
    hostile.script(bad.ok())
    assert transport.post(hostile.endpoint, b"action=x", soon()).status == 200
