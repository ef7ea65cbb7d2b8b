"""Now, and the pages that it asks for: one filter, what may be drawn, and who was watching."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import opsroom_small as small
from tests.mission_small import BEGUN, CHAIR, Clock, enter, opened
from trucekeeper.mission.looking import GRID_E7, LATE, Filter, Sight
from trucekeeper.opsroom import clock as room_clock
from trucekeeper.opsroom import missions
from trucekeeper.opsroom.screens import now as screen
from trucekeeper.opsroom.screens.drawn import Drawings
from trucekeeper.opsroom.screens.watching import gaps_in
from trucekeeper.terms.moments import HOUR, MINUTE, write_moment

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("room")]


def come_in(role: str = "watch_officer", delegation: str = "north") -> Client:
    """Return somebody's browser."""
    client = Client()
    client.force_login(small.accounts()[role, delegation], backend="django.contrib.auth.backends.ModelBackend")
    return client


def drawn(client: Client, **asked: str) -> dict[str, Any]:
    """Return what a map is given."""
    said: dict[str, Any] = client.get(reverse("points"), asked).json()
    return said


# ---- the map -------------------------------------------------------------------------------------------------------


def test_the_map_has_every_incident_once_and_says_up_to_which_change() -> None:
    said = drawn(come_in())

    assert len(said["key"]) == len(set(said["key"])) == 4
    assert said["kinds"] == ["shelling"]
    assert said["number"] == missions.looking().last_change(Sight("north", 0))
    assert {len(said[name]) for name in ("key", "kind", "proof", "lat", "lon", "within", "latest", "border")} == {4}


def test_it_is_packed_for_browsers_that_can_unpack_it() -> None:
    client = come_in()
    packed = client.get(reverse("points"), headers={"accept-encoding": "gzip, br"})

    assert packed["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.content)) == drawn(client)


def test_a_drawing_is_given_to_its_own_sight_and_filter_alone(clock: Clock) -> None:
    kept, north = Drawings(), Sight("north", clock())

    def keys(sight: Sight, **more: Any) -> int:  # noqa: ANN401
        return len(json.loads(gzip.decompress(kept.drawn(sight, Filter(**more))))["key"])

    assert [keys(north), keys(Sight("south", clock())), keys(north)] == [4, 3, 4]
    assert keys(north, kinds=("gunfire",)) == 0
    assert keys(replace(north, at=BEGUN - HOUR)) == 0
    assert keys(north) == 4


def test_once_all_was_worked_out_anew_no_drawing_from_before_is_given(clock: Clock) -> None:
    kept, north = Drawings(), Sight("north", clock())
    kept.drawn(north, Filter())
    [(key, found)] = kept._kept.items()  # noqa: SLF001  what a worker keeps

    assert missions.looking().begun() in str(key)
    assert found.number == missions.looking().last_change(north)


def test_a_liaison_s_map_has_nothing_finer_than_the_grid_and_nothing_fresh(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = come_in("liaison", "south")
    fresh = drawn(client)
    monkeypatch.setattr(room_clock, "now", lambda: clock() + LATE)
    older = drawn(client)

    assert set(fresh["lat"]) == set(fresh["within"]) == {None}
    assert all((lat - GRID_E7 // 2) % GRID_E7 == 0 for lat in older["lat"])
    assert set(older["border"]) == {0}


def test_a_coarse_drawing_is_shown_to_the_minute_late_and_never_early() -> None:
    kept, latest = Drawings(), BEGUN + 30 * MINUTE  # the last that all may see
    there = []
    for after in (-MINUTE, -1, 0, MINUTE):
        said = json.loads(gzip.decompress(kept.drawn(Sight("south", latest + LATE + after, coarse=True), Filter())))
        there.append(said["lat"][0] is not None)

    assert there == [False, False, True, True]


# ---- the list ------------------------------------------------------------------------------------------------------


def test_the_list_goes_on_on_a_next_page_that_keeps_the_filter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen, "FEED", 3)
    client = come_in()
    first = client.get(reverse("now"), {"kind": "shelling"}).context

    second = client.get(f"{reverse('incidents')}?{first['more']}").context
    names = [one["id"] for one in (*first["rows"], *second["rows"])]
    assert "kind=shelling" in first["more"]
    assert len(names) == len(set(names)) == 4
    assert second["more"] == ""


@pytest.mark.parametrize("said", ["x", "9" * 30 + ":i-9", "٣:i-9", "-:i-9"])
def test_what_is_no_page_of_the_list_is_said_in_a_sentence(said: str) -> None:
    answer = come_in().get(reverse("incidents"), {"below": said})

    assert answer.status_code == 400
    assert "take it from its link" in answer.content.decode()


# ---- zones, and who was watching -----------------------------------------------------------------------------------


def test_where_nobody_is_on_record_as_watching_is_not_observed_and_never_quiet() -> None:
    client = come_in()
    said = client.get(reverse("watched")).content.decode()
    zones = client.get(reverse("zones")).json()["features"]

    assert "not observed: nobody is on record as watching" in said
    assert "quiet" not in said.replace('class="quiet"', "")
    assert {one["properties"]["watch"] for one in zones if one["properties"]["sort"] == "zone"} == {"unwatched"}


def test_only_zones_in_the_part_of_the_map_are_spoken_of() -> None:
    said = come_in().get(reverse("watched"), {"box": "-30.3,0,-30.2,0.1"}).content.decode()

    assert "valley" in said
    assert "harbour" not in said


def test_a_zone_that_was_watched_throughout_is_quiet_and_one_where_something_happened_is_not(
    tmp_path: Path, clock: Clock, settings: Settings
) -> None:
    watch = {"kind": "coverage", "by": "commission", "fields": {"detects": ["attack"]}, "occurred": "corroborated"}
    span = {
        "from": write_moment(BEGUN),
        "until": write_moment(BEGUN + HOUR),
        "learned_at": write_moment(BEGUN + HOUR),
    }
    refused = {"kind": "denial", "by": "north", "fields": {"reason": "a closed road"}}
    small.founded(tmp_path / "mission", Clock())
    with opened(tmp_path / "mission", clock) as mission:
        rows: list[dict[str, object]] = [
            {**watch, **span, "id": f"w-{zone}", "zone": zone} for zone in ("valley", "harbour")
        ]
        enter(mission, CHAIR, *rows, {**watch, **span, **refused, "id": "d-1", "zone": "valley"})
        small.write(mission)
    missions.forget()
    settings.MISSION = tmp_path / "mission"
    asked = {"since": span["from"], "until": span["until"]}
    client = come_in()
    said = client.get(reverse("watched"), asked).context["watched"]

    assert {one["zones"]: one["state"] for one in said} == {"harbour": "watched", "valley": "watched"}
    assert [one["says"][0] for one in said] == ["quiet: watched throughout by commission (corroborated)"] * 2
    assert "access refused or hindered by north" in next(one["says"][1] for one in said if one["zones"] == "valley")
    later = client.get(reverse("watched"), {**asked, "until": write_moment(BEGUN + 90 * MINUTE)}).context["watched"]
    assert {one["zones"]: one["state"] for one in later} == {"harbour": "partly", "valley": "refused"}
    overflight = client.get(reverse("watched"), {**asked, "kind": "overflight"}).context["watched"]
    assert {one["state"] for one in overflight} == {"unwatched", "refused"}


def test_gaps_are_what_no_watch_covers() -> None:
    assert gaps_in((0, 100), []) == [(0, 100)]
    assert gaps_in((0, 100), [(0, 40), (41, 100)]) == []  # a watch that ends at the last microsecond leaves none
    assert gaps_in((0, 100), [(60, 80), (10, 30), (20, 40)]) == [(0, 10), (40, 60), (80, 100)]
    assert gaps_in((0, 100), [(-50, 200)]) == []


# ---- as known at ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["now", "agreement", "commitments", "tallies", "sources", "record"])
def test_every_screen_can_be_looked_at_as_known_and_says_so(name: str) -> None:
    at = write_moment(BEGUN + HOUR)
    page = come_in().get(reverse(name), {"at": at, "kind": "shelling"}).content.decode()

    assert 'class="past"' in page
    assert "data-slider" in page
    assert '<input type="hidden" name="kind" value="shelling">' in page
    assert f'href="{reverse(name)}?kind=shelling"' in page  # back to now, with the filter


def test_a_page_in_the_past_has_nothing_live() -> None:
    client = come_in()

    assert b"data-live" in client.get(reverse("now")).content
    assert b"data-live" not in client.get(reverse("now"), {"at": write_moment(BEGUN + HOUR)}).content


def test_the_slider_begins_where_the_first_page_is() -> None:
    client = come_in()
    first = client.get(reverse("now")).context["known"]["first"]

    assert client.get(reverse("now"), {"at": write_moment(first * 1_000_000)}).status_code == 200
    assert client.get(reverse("now"), {"at": write_moment((first - 1) * 1_000_000)}).status_code == 400
