"""The county health commission: notices in columns without a feed, boxes of document fields, tables, files."""

from fangzhi.demo.office import MEDIA, docx, xlsx
from fangzhi.demo.pdf import pdf
from fangzhi.demo.site import Site
from fangzhi.demo.sites import common
from fangzhi.demo.story import Story, present

HOST = "wjw.shitang.localhost"
# the day from which on notices stand on the new host and answer nothing on the former one, which keeps the lists
MOVES, NEW_HOST = 4, "www.shitang-wsjk.localhost"
ISSUER = "石棠县卫生健康委员会"
COLUMNS = {"tzgg": "通知公告", "gzdt": "工作动态", "tjxx": "统计信息"}
# kinds of attachment: what writes them, what the server calls them
FILES = {
    "pdf": (pdf, "application/pdf"),
    "docx": (docx, f"{MEDIA}.wordprocessingml.document"),
    "xlsx": (xlsx, "application/octet-stream"),
}
BLOCKED = "5016"  # the notice that the firewall answers with a cookie challenge on status 521


def address(story: Story) -> str:
    """Return the path of a notice."""
    return f"/zwgk/{story.column}/{story.compact[:6]}/t{story.compact}_{story.id}.html"


def build(day: int, port: int) -> tuple[Site, ...]:
    """Return the site as it stands on a day: one host, and two once the notices have moved."""
    site = Site("shitang-wjw", HOST, day=day, port=port, software="Apache", validators=True)
    moved = Site("shitang-wjw", NEW_HOST, day=day, port=port, software="Apache", validators=True)
    holder = moved if day >= MOVES else site
    found = present("health", day)
    linked = [(story, holder.url(address(story)) if holder is moved else address(story)) for story in found]
    for path in ("/", "/zwgk/"):
        site.listing(path, "home", entries=linked, columns=COLUMNS)
    for column in COLUMNS:
        entries = [pair for pair in linked if pair[0].column == column]
        names = lambda number, column=column: f"/zwgk/{column}/{'' if number == 1 else f'index_{number - 1}.html'}"  # noqa: E731
        common.listings(site, entries, names, size=4, column=column, columns=COLUMNS)
        for place, (story, _) in enumerate(entries):
            _notice(holder, story, address(story), common.neighbours(entries, place))
    for host in (site, moved):
        host.robots("User-agent: *", "Allow: /")
    return (site, moved) if holder is moved else (site,)


def _notice(site: Site, story: Story, path: str, around: tuple[common.Linked | None, common.Linked | None]) -> None:
    """Answer one notice, and its attachment where it has one."""
    if story.id == BLOCKED:
        token = f"{site.count('clearance', 10**9)}.{site.count('second', 10**6)}|-1|{site.count('third', 10**9)}"
        site.page(path, "challenge", status=521, cookie=f"__jsluid_h={token[:9]}; path=/; HttpOnly", token=token)
        site.truth(path, "blocked", title=story.title)
        return
    file = path.rpartition("/")[0] + f"/P0{story.compact}{story.id}.{story.attached}" if story.attachment else None
    site.page(
        path,
        "article",
        modified=story.published,
        story=story,
        issuer=ISSUER,
        signed=story.text[-1] if story.text[-1].endswith("日") else "",
        blocks=common.blocks(story.printed),
        attachment=file,
        before=around[0],
        after=around[1],
        columns=COLUMNS,
    )
    boxed = {
        "number": story.number,
        "index": story.index,
        "issuer": ISSUER,
        "dated": story.dated,
        "validity": story.validity,
    }
    common.article(site, story, path, **(boxed if story.index else {}), attachments=(site.url(file),) if file else ())
    if file and story.attachment:
        write, media = FILES[story.attached]
        site.put(file, write(story.attachment, story.enclosed), "attachment", content_type=media)
