"""An S3 server on loopback, spoken to as any other."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem


@contextmanager
def serving_s3(bucket: str) -> Iterator[S3FileSystem]:
    """Serve an empty bucket, which the environment leads to until this ends."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    home = "http://{}:{}".format(*server.get_host_and_port())
    urlopen(f"{home}/moto-api/reset", b"").close()  # what an earlier server of this process held is still there
    settings = {
        "AWS_ENDPOINT_URL": home,
        "AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    before = os.environ.copy()
    os.environ.update(settings)
    files = S3FileSystem(skip_instance_cache=True)
    files.mkdir(bucket)
    yield files
    S3FileSystem.clear_instance_cache()
    server.stop()
    os.environ.clear()
    os.environ.update(before)
