"""The map of regions and the page of one: everything is counted once, and leads on to what was counted."""

import sqlite3

from browse.dotmap import Spot, draw
from pipelines.places.regions import regions


async def test_regions_count_every_article_that_has_one_and_lead_down_to_it(served, ids, sample):
    with sqlite3.connect(sample[0]) as connection:
        codes = [row[0] for row in connection.execute("select region from articles where region is not null")]
    in_province, in_prefecture = (sum(code.startswith(start) for code in codes) for start in ("41", "4117"))
    top = (await served.client.get("/regions")).text
    province = (await served.client.get("/region/410000")).text
    county = (await served.client.get("/region/411702")).text

    assert in_province > 30
    assert f'href="/region/410000"><span>河南省</span><span class="soft">{in_province}</span>' in top
    assert f'href="/region/411700"><span>驻马店市</span><span class="soft">{in_prefecture}</span>' in province
    assert f"/article/{ids['gone']}" in county
    assert ">河南省</a>" in county
    assert 'href="/search.atom?region=411702"' in county


async def test_map_has_a_dot_for_each_prefecture_with_articles_over_faint_ones(served):
    top = (await served.client.get("/regions")).text
    province = (await served.client.get("/region/411700")).text

    assert top.count('<a href="/region/411700" aria-label=') == 1
    assert top.partition('class="ground"')[2].count("<circle") > 300
    assert '<svg class="map"' in province


def test_map_of_the_country_keeps_its_shape():
    every = [Spot(one.code, one.name, one.lat, one.lon, 1) for one in regions().values() if one.lat and one.lon]
    drawn = draw(every, [])
    at = {dot.spot.code: (dot.x, dot.y) for dot in drawn.dots}

    assert at["230100"][0] > at["110000"][0] > at["650100"][0]  # Harbin lies east of Beijing, Beijing east of Urumqi
    assert at["230100"][1] < at["110000"][1] < at["440100"][1]  # and both north of Guangzhou
    assert 0.6 < drawn.height / drawn.width < 0.95
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in at.values())


async def test_a_code_that_is_none_is_answered_in_words(served):
    response = await served.client.get("/region/999999")

    assert response.status_code == 404
    assert "No region has this code" in response.text


async def test_regions_to_choose_among_stay_few_in_a_large_archive(served, monkeypatch):
    every = (await served.client.get("/search")).text
    monkeypatch.setattr("browse.pages.search.FEW_REGIONS", 1)
    few = (await served.client.get("/search?region=411702")).text
    fewer = (await served.client.get("/search")).text

    assert '<option value="411702">' in every
    assert '<option value="411702" selected>' in few
    assert '<option value="411702"' not in fewer
    assert '<option value="411700">' in fewer
