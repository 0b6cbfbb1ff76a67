"""The guard of the journal on PostgreSQL: triggers that let whoever is connected add only what they may,
each entry after the last, and that let nobody change or delete one.

A grant knows tables; which act an entry records, and after which entry it comes, only a trigger can see.
``session_user`` is whom the server let in: neither SET ROLE nor a function changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.project import ACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ADDED, KEPT = "tracker_entries_added", "tracker_entries_kept"
"""The functions of the triggers."""

OWNERS = frozenset({"entry.redacted"})
"""Acts that need the owner."""

REVIEWERS = frozenset(
    act
    for act in ACTS
    if act.startswith(("assessment.", "publication.", "policy."))
    or act in ("claim.published", "source.graded")
)
"""Acts that need a reviewer."""

LOGGERS = frozenset(ACTS) - OWNERS - REVIEWERS
"""Acts that every logger may do. What a later program records needs the owner, until this is renewed."""

REVIEWED_FIELDS = ("policy", "rules_off", "needs_approval")
"""What of a case only reviewers set: how its claims are resolved, and who judges them."""

_ADDED = """
CREATE OR REPLACE FUNCTION {schema}.{added}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
    first bigint;
    last bigint;
    several bigint;
    rank integer := CASE
        WHEN pg_has_role(session_user, {owner}, 'MEMBER') THEN 3
        WHEN pg_has_role(session_user, {reviewer}, 'MEMBER') THEN 2
        WHEN pg_has_role(session_user, {logger}, 'MEMBER') THEN 1
        ELSE 0 END;
    wrong record;
BEGIN
    SELECT min(seq), max(seq), count(*) INTO first, last, several FROM added;
    IF several = 0 THEN
        RETURN NULL;
    END IF;
    IF first <> 1 + (SELECT coalesce(max(seq), 0) FROM {schema}.journal WHERE seq < first)
        OR last <> first + several - 1
        OR last <> (SELECT max(seq) FROM {schema}.journal)
    THEN
        RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
            MESSAGE = format('entries %s to %s do not follow on the last one', first, last);
    END IF;
    SELECT a.seq, a.act INTO wrong FROM added a
        WHERE a.act = 'assessment.approved' AND EXISTS (
            SELECT FROM {schema}.journal j WHERE j.subject = a.subject AND j.act = 'assessment.made'
                AND a.author IN (j.author, nullif(j.body, '')::jsonb -> 'payload' ->> 'by')
        ) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
            MESSAGE = format('entry %s approves an assessment of its own author', wrong.seq);
    END IF;
    IF rank = 3 THEN
        RETURN NULL;
    END IF;
    SELECT a.seq INTO wrong FROM added a, LATERAL (SELECT a.body::jsonb AS b) AS x
        WHERE a.leaf IS DISTINCT FROM encode(sha256('\\x00'::bytea || convert_to(a.body, 'UTF8')), 'hex')
            OR (x.b -> 'seq') IS DISTINCT FROM to_jsonb(a.seq)
            OR (x.b -> 'batch') IS DISTINCT FROM to_jsonb(a.batch)
            OR (x.b ->> 'recorded_at') IS DISTINCT FROM a.recorded_at
            OR (x.b ->> 'author') IS DISTINCT FROM a.author
            OR (x.b ->> 'act') IS DISTINCT FROM a.act
            OR (x.b ->> 'subject') IS DISTINCT FROM a.subject
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
            MESSAGE = format('the columns of entry %s are not what its text says', wrong.seq);
    END IF;
    SELECT a.seq, a.act, n.needs INTO wrong FROM added a, LATERAL (SELECT CASE
            WHEN a.act = ANY ({loggers}) AND NOT (
                a.act LIKE 'case.%' AND (
                    coalesce(a.body::jsonb -> 'payload' -> 'set', a.body::jsonb -> 'payload') ?| {fields}
                )
            ) THEN 1
            WHEN a.act = ANY ({loggers}) OR a.act = ANY ({reviewers}) THEN 2
            ELSE 3 END AS needs) AS n
        WHERE n.needs > rank LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
            MESSAGE = format('%s needs the role %s, which %s does not have', wrong.act,
                (ARRAY[{logger}, {reviewer}, {owner}])[wrong.needs], session_user);
    END IF;
{pin}    RETURN NULL;
END
$guard$
"""

_PIN = """    SELECT a.seq, a.author INTO wrong FROM added a
        WHERE a.author <> session_user
            AND (a.body::jsonb -> 'received' ->> 'by') IS DISTINCT FROM session_user::text
        LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
            MESSAGE = format('an entry of %s cannot be by %s', session_user, wrong.author);
    END IF;
"""

_KEPT = """
CREATE OR REPLACE FUNCTION {schema}.{kept}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $guard$
BEGIN
    IF TG_OP = 'UPDATE' AND pg_has_role(session_user, {owner}, 'MEMBER') AND NEW.body = ''
        AND to_jsonb(NEW) - 'body' = to_jsonb(OLD) - 'body'
    THEN
        RETURN NEW;  -- a redaction: the text goes, its hash stays
    END IF;
    RAISE EXCEPTION USING ERRCODE = '42501', CONSTRAINT = 'tracker_guard',
        MESSAGE = 'entries of the journal are added, and never changed or deleted';
END
$guard$
"""

_TRIGGERS = (
    (ADDED, "AFTER INSERT", "REFERENCING NEW TABLE AS added FOR EACH STATEMENT", ADDED),
    (f"{KEPT}_update", "BEFORE UPDATE", "FOR EACH ROW", KEPT),
    (f"{KEPT}_delete", "BEFORE DELETE", "FOR EACH STATEMENT", KEPT),
    (f"{KEPT}_truncate", "BEFORE TRUNCATE", "FOR EACH STATEMENT", KEPT),
)


def statements(schema: str, roles: Mapping[str, str], *, pinned: bool, told: str) -> list[str]:
    """What puts the guard in place, in a schema as SQL names it. ``roles`` leads from each role to its name
    in the database; ``pinned``: an entry's author is who is connected; ``told`` is kept as a comment."""
    values = {
        **{name: _text(role) for name, role in roles.items()},
        "schema": schema,
        "added": ADDED,
        "kept": KEPT,
        "loggers": _texts(LOGGERS),
        "reviewers": _texts(REVIEWERS),
        "fields": _texts(REVIEWED_FIELDS),
        "pin": _PIN if pinned else "",
    }
    made = [_ADDED.format(**values).strip(), _KEPT.format(**values).strip()]
    for name in (ADDED, KEPT):
        made.append(f"ALTER FUNCTION {schema}.{name}() OWNER TO {roles['owner']}")
        made.append(f"REVOKE ALL ON FUNCTION {schema}.{name}() FROM PUBLIC")
    made.append(f"COMMENT ON FUNCTION {schema}.{ADDED}() IS {_text(told)}")
    for name, when, how, function in _TRIGGERS:
        made += [
            f"DROP TRIGGER IF EXISTS {name} ON {schema}.journal",
            f"CREATE TRIGGER {name} {when} ON {schema}.journal {how} EXECUTE FUNCTION {schema}.{function}()",
            f"ALTER TABLE {schema}.journal ENABLE ALWAYS TRIGGER {name}",
        ]
    return made


def _text(value: str) -> str:
    """A text as SQL writes it."""
    return "'" + value.replace("'", "''") + "'"


def _texts(values: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(_text(value) for value in sorted(values))}]::text[]"
