"""Which reports no analysis counts: duplicates and replaced versions.

Suspected duplicates form connected groups, of which one report stays: one that
no other names as its duplicate, where there is one, as UMC and vigicaen do; else
(listed both ways, or in a ring) one of them all the same, so that the case is
counted once. Replaced versions are left out besides.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


@dataclass(frozen=True)
class Groups:
    """What was left out.

    Attributes
    ----------
    groups : int
        Groups of suspected duplicates.
    duplicates, replaced : int
        Reports left out, as suspected duplicates and as replaced versions.
    kept_though_listed : int
        Reports kept although listed as a duplicate, since their group has none
        that is not.
    out_though_unlisted : int
        Reports left out although not listed as a duplicate, since their group
        has another that is kept.
    without_original : int
        Groups of which no report stays, since the original is not in the extract.
    """

    groups: int = 0
    duplicates: int = 0
    replaced: int = 0
    kept_though_listed: int = 0
    out_though_unlisted: int = 0
    without_original: int = 0


def exclude(connection: duckdb.DuckDBPyConnection) -> Groups:
    """Fill the table ``excluded``: reports left out, each with one reason."""
    query = connection.execute
    query(
        """
        CREATE OR REPLACE TEMP TABLE pairs AS
        SELECT DISTINCT UMCReportId AS a, SuspectedduplicateReportId AS b
        FROM suspectedduplicates
        WHERE a IS NOT NULL AND b IS NOT NULL AND a <> b
        """
    )
    query(
        """
        CREATE OR REPLACE TEMP TABLE replaced AS
        SELECT f.ReplacedUMCReportId AS id,
            bool_or(f.UMCReportId IN (SELECT UMCReportId FROM demo)) AS continued
        FROM followup f SEMI JOIN demo ON demo.UMCReportId = f.ReplacedUMCReportId
        WHERE f.UMCReportId <> f.ReplacedUMCReportId GROUP BY id
        """
    )
    query(
        """
        CREATE OR REPLACE TEMP TABLE nodes AS
        SELECT id, row_number() OVER (ORDER BY id) - 1 AS node, duplicate,
            coalesce(continued, false) AS continued,
            id IN (SELECT UMCReportId FROM demo) AS here
        FROM (
            SELECT id, bool_or(listed) AS duplicate FROM (
                SELECT a AS id, false AS listed FROM pairs
                UNION ALL SELECT b, true FROM pairs
            ) GROUP BY id
        ) LEFT JOIN replaced USING (id)
        """
    )
    connection.register("grouped", _groups(connection))
    # A version that goes on in another is left out anyhow: it may stand for all.
    query(
        """
        CREATE OR REPLACE TEMP TABLE ranked AS
        SELECT id, duplicate, here, grp, row_number() OVER (
            PARTITION BY grp ORDER BY duplicate, NOT here, NOT continued, id) AS place
        FROM nodes JOIN grouped USING (node)
        """
    )
    connection.unregister("grouped")
    query(
        """
        CREATE OR REPLACE TABLE excluded AS
        SELECT UMCReportId, min(reason) AS reason FROM (
            SELECT id AS UMCReportId, 'duplicate' AS reason FROM ranked
            WHERE here AND place > 1
            UNION ALL SELECT id, 'replaced' FROM replaced
        ) GROUP BY UMCReportId
        """
    )
    by_reason = dict(
        query("SELECT reason, count(*) FROM excluded GROUP BY 1").fetchall()
    )
    ((groups, listed, unlisted, without),) = query(
        """
        SELECT count(DISTINCT grp), count(*) FILTER (here AND place = 1 AND duplicate),
            count(*) FILTER (here AND place > 1 AND NOT duplicate),
            count(*) FILTER (NOT here AND place = 1 AND grp IN
                (SELECT grp FROM ranked WHERE here))
        FROM ranked
        """
    ).fetchall()
    for name in ("pairs", "nodes", "ranked", "replaced"):
        query(f"DROP TABLE {name}")
    return Groups(
        groups,
        by_reason.get("duplicate", 0),
        by_reason.get("replaced", 0),
        listed,
        unlisted,
        without,
    )


def _groups(connection: duckdb.DuckDBPyConnection) -> dict[str, NDArray[np.int64]]:
    """Give each report the number of its connected group."""
    edges = connection.execute(
        "SELECT x.node AS a, y.node AS b FROM pairs JOIN nodes x ON x.id = a "
        "JOIN nodes y ON y.id = b"
    ).fetchnumpy()
    ((size,),) = connection.execute("SELECT count(*) FROM nodes").fetchall()
    labels = np.zeros(0, np.int32)
    if size:
        ones = np.ones(len(edges["a"]), np.int8)
        graph = coo_array((ones, (edges["a"], edges["b"])), shape=(size, size))
        _, labels = connected_components(graph.tocsr(), directed=False)
    return {"node": np.arange(size), "grp": labels.astype(np.int64)}
