"""Fangzhi 方志: an archive of Chinese regional news and government reports."""

__version__ = "0.1.0"
