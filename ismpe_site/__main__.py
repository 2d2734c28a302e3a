"""``python -m ismpe_site``, and the command ``ismpe``."""

import os


def main() -> None:
    """The command line; Ctrl-C while it is still being loaded says no more than Ctrl-C later."""
    try:
        from ismpe_site.cli import main as run

        run()
    except KeyboardInterrupt:
        os.write(2, b"interrupted\n")
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
