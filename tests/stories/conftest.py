from tests.support.memory import tmp_path

__all__ = ["tmp_path"]
