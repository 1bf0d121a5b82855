import gzip
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from core.archive.container import Cut, Limits, Source, inflate_gzip, inflate_zstd
from core.archive.lines import lines
from core.archive.zips import Zip
from core.errors import Refusal
from tests.archive.builders import zip_bytes, zipped

DATA = b"".join(b"line %d of the made log\n" % i for i in range(20_000))


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[i : i + size] for i in range(0, len(data), size))


def gathered(found: Iterator[bytes]) -> tuple[bytes, str]:
    held, why = bytearray(), ""
    try:
        for piece in found:
            held += piece
    except Cut as cut:
        why = str(cut)
    return bytes(held), why


def packed(kind: str) -> bytes:
    if kind == "gzip":
        return gzip.compress(DATA[:1000]) + gzip.compress(DATA[1000:])
    maker = zstandard.ZstdCompressor(write_checksum=True)
    return maker.compress(DATA[:1000]) + maker.compress(DATA[1000:])


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
@pytest.mark.parametrize("size", [1, 777, 8192])
def test_frames_one_after_the_other_are_one_stream(kind: str, size: int) -> None:
    inflate = inflate_gzip if kind == "gzip" else inflate_zstd
    assert gathered(inflate(pieces(packed(kind), size))) == (DATA, "")


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
@pytest.mark.parametrize("lost", [1, 5, 2000])
def test_a_stream_cut_short_is_noticed(kind: str, lost: int) -> None:
    inflate = inflate_gzip if kind == "gzip" else inflate_zstd
    found, why = gathered(inflate(pieces(packed(kind)[:-lost], 512)))
    assert DATA.startswith(found)
    assert "cut short" in why


@pytest.mark.parametrize("kind", ["gzip", "zstd"])
def test_damage_and_rubbish_behind_are_noticed(kind: str) -> None:
    inflate = inflate_gzip if kind == "gzip" else inflate_zstd
    data = bytearray(packed(kind))
    assert gathered(inflate(pieces(bytes(data) + b"rubbish", 512)))[1]
    data[len(data) // 2] ^= 0xFF
    assert gathered(inflate(pieces(bytes(data), 512)))[1]


def test_a_bomb_meets_the_limits(tmp_path: Path) -> None:
    path = tmp_path / "bomb.gz"
    path.write_bytes(gzip.compress(b"\0" * 40_000_000))
    with Source(path, Limits(ratio_from=1_000_000)) as source:
        assert "200 times" in gathered(source.chunks())[1]
    with Source(path, Limits(inflated=1_000_000)) as source:
        found, why = gathered(source.chunks())
    assert "the limit" in why
    assert len(found) <= 1_000_000


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED])
def test_members_come_back_whole(tmp_path: Path, method: int) -> None:
    path = zipped(tmp_path / "a.zip", {"x/a.txt": DATA, "b.txt": b"", "big": b"\0" * 3_000_000}, method)
    with Source(path) as source:
        archive = Zip(source)
        assert [x.base for x in archive.members] == ["a.txt", "b.txt", "big"]
        assert [gathered(archive.chunks(x)) for x in archive.members] == [
            (DATA, ""),
            (b"", ""),
            (b"\0" * 3_000_000, ""),
        ]


def opened(path: Path, limits: Limits | None = None) -> Zip:
    with Source(path, limits or Limits()) as source:
        return Zip(source)


@pytest.mark.parametrize("name", ["../a", "/a", "a/../../b", "C:/a", "a\0b"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    info = zipfile.ZipInfo("x" * len(name))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, b"1")
    data = (tmp_path / "a.zip").read_bytes().replace(b"x" * len(name), name.encode())
    (tmp_path / "a.zip").write_bytes(data)
    with pytest.raises(Refusal, match="leads out"):
        opened(tmp_path / "a.zip")


def test_encrypted_links_duplicates_overlap_and_too_many(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, b"/etc/passwd")
    with pytest.raises(Refusal, match="link or a device"):
        opened(path)
    with pytest.raises(Refusal, match="same name"):
        opened(zipped(path, {"a.json": b"1", "A.json": b"2"}))
    with pytest.raises(Refusal, match="limit of 2"):
        opened(zipped(path, {"a": b"1", "b": b"2", "c": b"3"}), Limits(entries=2))
    data = bytearray(zip_bytes({"a.json": b"1"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(Refusal, match="encrypted"):
        opened(path)
    data = bytearray(zip_bytes({"aa": b"1" * 50, "bb": b"2" * 50}, zipfile.ZIP_STORED))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(Refusal, match="overlap"):
        opened(path)


def test_a_broken_directory_and_a_damaged_member(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    whole = zip_bytes({"a.txt": DATA})
    path.write_bytes(whole[:-30])
    with pytest.raises(Refusal, match=r"a\.zip is a broken zip file"):
        opened(path)
    data = bytearray(whole)
    data[2000] ^= 0x55
    path.write_bytes(data)
    with Source(path) as source:
        archive = Zip(source)
        assert "damaged" in gathered(archive.chunks(archive.members[0]))[1]
    path.write_bytes(whole.replace(b"a.txt", b"b.txt", 1))
    with Source(path) as source:
        archive = Zip(source)
        assert "another name" in gathered(archive.chunks(archive.members[0]))[1]


def test_only_regular_files(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="does not exist"):
        Source(tmp_path / "none")
    with pytest.raises(Refusal, match="not a regular file"):
        Source(tmp_path)
    (tmp_path / "empty").touch()
    with pytest.raises(Refusal, match="is empty"):
        Source(tmp_path / "empty")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "fifo")
        with pytest.raises(Refusal, match="not a regular file"):
            Source(tmp_path / "fifo")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.jsonl"
    path.write_bytes(b"{}")
    path.chmod(0)
    with pytest.raises(Refusal, match="no permission"):
        Source(path)


@given(st.lists(st.binary(max_size=9), max_size=9), st.integers(1, 5))
def test_lines_are_split_at_lf_alone(parts: list[bytes], size: int) -> None:
    data = b"\n".join(x.replace(b"\n", b"") for x in parts)
    found = list(lines(pieces(data, size)))
    text = data.removeprefix(b"\xef\xbb\xbf")
    assert b"".join(x.raw + (b"\n" if x.closed else b"") for x in found) == text
    start = len(data) - len(text)
    assert all(data[x.offset : x.offset + len(x.raw)] == x.raw for x in found)
    assert not found or found[0].offset == start


def test_a_line_that_is_too_long_is_kept_short_and_the_next_is_whole() -> None:
    data = b"a" * 1000 + b"\nok\n" + b"b" * 1000
    found = list(lines(pieces(data, 64), limit=500))
    assert [(x.number, x.too_long, x.closed) for x in found] == [(1, True, True), (2, False, True), (3, True, False)]
    assert found[1].raw == b"ok"
    assert found[1].offset == 1001
    assert len(found[0].raw) <= 500


def test_unicode_line_ends_do_not_split() -> None:
    assert len(list(lines(iter(["a\u2028b\u0085c\rd".encode()])))) == 1
