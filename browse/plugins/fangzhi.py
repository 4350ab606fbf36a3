"""Load the plugin by `datasette --plugins-dir browse/plugins`, where it is not loaded as an installed package's."""

from datasette.plugins import pm

from browse import plugin

if not pm.is_registered(plugin):
    pm.register(plugin, "fangzhi")
