"""The `fangzhi` command."""

import click


@click.group()
def main() -> None:
    """Fangzhi 方志: fetch, clean, repair and search Chinese regional news and government reports."""


if __name__ == "__main__":
    main()
