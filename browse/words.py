"""Hold the Chinese wording of the interface; the English is the key."""

CHINESE = {
    "Search": "检索",
    "Page {n}": "第 {n} 页",
}
