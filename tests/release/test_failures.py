"""The disk fails at the n-th call, for every n: never a half bundle, never something left behind."""

import errno
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import Refusal
from core.release import disk
from core.release.verify import verify


class Failing:
    """Stands before calls of ``os`` and fails the n-th of them all."""

    def __init__(self, fail_at: int, code: int) -> None:
        self.calls = 0
        self._fail_at = fail_at
        self._code = code

    def wrap(self, call: Callable[..., object]) -> Callable[..., object]:
        def counted(*args: object, **options: object) -> object:
            self.calls += 1
            if self.calls == self._fail_at:
                raise OSError(self._code, os.strerror(self._code))
            return call(*args, **options)

        return counted


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("write",), errno.ENOSPC),
        (("fsync",), errno.EIO),
        (("rename",), errno.EACCES),
        (("mkdir",), errno.EDQUOT),
        (("write", "fsync", "rename", "mkdir"), errno.ENOSPC),
    ],
)
def test_nth_failure(write, items, tmp_path, key, names, code) -> None:
    out = tmp_path / "out"
    rows = items(3)
    tried = 0
    while True:
        tried += 1
        failing = Failing(tried, code)
        with pytest.MonkeyPatch.context() as patch:
            for name in names:
                patch.setattr(os, name, failing.wrap(getattr(os, name)))
            try:
                done = write(rows=rows)
            except Refusal as refusal:
                text = str(refusal)
                assert "nothing was written" in text
                assert ("full" in text) == (code in {errno.ENOSPC, errno.EDQUOT})
                assert text.count("\n") == 0
            else:
                assert verify(done.path, key.fingerprint).findings == ()
                if failing.calls < tried:  # this round met no failure: every call has failed once
                    break
                shutil.rmtree(out)  # a failure that did not matter, such as making a folder that is there
        assert not out.exists(), f"call {tried} of {names} left {list(out.rglob('*'))}"
    assert tried > 1


def test_existing_neighbours_survive_a_failure(write, tmp_path, monkeypatch) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.txt").write_text("mine")
    failing = Failing(3, errno.ENOSPC)
    monkeypatch.setattr(os, "fsync", failing.wrap(os.fsync))
    with pytest.raises(Refusal):
        write()
    assert [p.name for p in out.iterdir()] == ["notes.txt"]


def test_short_writes_are_finished(write, key, monkeypatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, bytes(data)[:7]))
    done = write()
    monkeypatch.undo()
    assert verify(done.path, key.fingerprint).findings == ()


@pytest.mark.skipif(os.name == "nt", reason="no locks on folders")
def test_leftovers_of_a_crash_are_found_and_swept(tmp_path) -> None:
    left = tmp_path / ".export-crashed"
    (left / "data").mkdir(parents=True)
    (left / "data" / "part-00000").write_bytes(b"half")
    (tmp_path / "export-2023-11-14-abc").mkdir()
    assert disk.leftovers(tmp_path) == (left,)
    with disk.staging(tmp_path) as busy:
        assert not left.exists()
        assert disk.leftovers(tmp_path) == ()  # what is being written is nobody's leftover
        with disk.staging(tmp_path) as another:
            assert busy.exists()
            assert another != busy
    assert [p.name for p in tmp_path.iterdir()] == ["export-2023-11-14-abc"]


def test_published_only_where_nothing_is(tmp_path) -> None:
    (tmp_path / "taken").mkdir()
    with disk.staging(tmp_path) as folder:
        (folder / "file").write_bytes(b"x")
        with pytest.raises(disk.AlreadyThere):
            disk.publish(folder, tmp_path / "taken")
    assert list((tmp_path / "taken").iterdir()) == []
    assert not list(Path(tmp_path).glob(".export-*"))
