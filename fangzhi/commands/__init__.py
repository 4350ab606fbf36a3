"""The subcommands of `fangzhi`, one file each."""
