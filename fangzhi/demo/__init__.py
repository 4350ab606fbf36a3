"""The demonstration web: an invented prefecture, its outlets, and a real HTTP server for them on loopback."""

from fangzhi.demo.record import Truth
from fangzhi.demo.server import DemoServer, serve
from fangzhi.demo.web import PORT, load_demo_outlets, truth, web

__all__ = ["PORT", "DemoServer", "Truth", "load_demo_outlets", "serve", "truth", "web"]
